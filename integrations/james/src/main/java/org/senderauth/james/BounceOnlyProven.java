package org.senderauth.james;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.mailet.Mail;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.BounceGuard;
import org.senderauth.batv.SenderProof;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.IpAddresses;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.srs.Srs;

/**
 * A mailet that ends the processing of a mail whose sender may be forged, so that James sends no bounce to it (backscatter).
 * It belongs directly before {@code DSNBounce} or {@code Bounce}. A sender is proven if SPF passes for the client's address.
 * Mail of authenticated clients, and of James itself ({@code SentByMailet}, JMAP, any client with a loopback address), needs
 * no other proof.
 *
 * <p>A forwarded mail, which {@link SrsForwardSender} rewrote, would be James's own by these rules, but its bounce goes on to
 * the original sender. So with an {@link Srs}, the sender of such mail is proven only by SPF or by an authenticated client.
 * Sieve's {@code redirect} and the mailet {@code Forward} lose the address of the client, so theirs is never proven.
 *
 * <p>A mail that is not proven gets the state {@code ghost}: James sends no bounce and keeps no copy. If the DNS fails, the
 * sender is not proven. A null sender has no bounce anyway. Thread-safe.
 */
public final class BounceOnlyProven extends ConfiguredMailet {

    private final BounceGuard guard;
    private final SpfVerifier spf;
    private final @Nullable Srs srs;

    /**
     * Creates a mailet for a server that does not rewrite senders.
     *
     * @param guard the methods of proof that are accepted
     * @param spf the SPF verifier
     */
    public BounceOnlyProven(BounceGuard guard, SpfVerifier spf) {
        this(guard, spf, Optional.empty());
    }

    /**
     * Creates a mailet for a server that rewrites the senders of forwarded mail.
     *
     * @param guard the methods of proof that are accepted
     * @param spf the SPF verifier
     * @param srs reverses its senders
     */
    public BounceOnlyProven(BounceGuard guard, SpfVerifier spf, Srs srs) {
        this(guard, spf, Optional.of(srs));
    }

    private BounceOnlyProven(BounceGuard guard, SpfVerifier spf, Optional<Srs> srs) {
        this.guard = Objects.requireNonNull(guard, "guard");
        this.spf = Objects.requireNonNull(spf, "spf");
        this.srs = srs.orElse(null);
    }

    /**
     * Ends the processing of a mail that must not be bounced. Waits for the DNS.
     *
     * @param mail the mail
     */
    @Override
    public void service(Mail mail) {
        Optional<MailAddress> sender = EnvelopeSender.of(mail);
        Optional<MailAddress> original = sender.flatMap(this::original);
        MailAddress bounced = original.or(() -> sender).orElse(null);
        List<SenderProof> proofs = bounced == null ? List.of() : proofs(mail, bounced, original.isPresent());
        if (guard.decide(bounced, proofs) != BounceGuard.Reason.PROVEN) {
            mail.setState(Mail.GHOST);
        }
    }

    private Optional<MailAddress> original(MailAddress sender) {
        return srs == null ? Optional.empty() : srs.reverse(sender).original();
    }

    private List<SenderProof> proofs(Mail mail, MailAddress sender, boolean forwarded) {
        boolean sentByMailet =
                mail.getAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE.getName()).isPresent();
        if (mail.getAttribute(Mail.SMTP_AUTH_USER).isPresent() || !forwarded && sentByMailet) {
            return List.of(SenderProof.authenticated());
        }
        Optional<InetAddress> client = Optional.ofNullable(mail.getRemoteAddr()).flatMap(IpAddresses::parse);
        if (!forwarded && client.isPresent() && client.get().isLoopbackAddress()) {
            return List.of(SenderProof.authenticated());
        }
        boolean passes = client.isPresent()
                && spf.verify(SpfQuery.mailFrom(client.get(), sender.toString(), ""))
                                .verdict()
                        == SpfVerdict.PASS;
        return passes ? List.of(SenderProof.spfPass(sender.domain())) : List.of();
    }
}

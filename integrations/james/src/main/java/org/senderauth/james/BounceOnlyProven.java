package org.senderauth.james;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.mailet.Mail;
import org.senderauth.batv.BounceGuard;
import org.senderauth.batv.SenderProof;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.IpAddresses;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;

/**
 * A mailet that ends the processing of a mail whose sender may be forged, so that James sends no bounce to it (backscatter).
 * It belongs directly before {@code DSNBounce} or {@code Bounce}. A sender is proven if SPF passes for the client's address.
 * Mail of authenticated clients, and of James itself ({@code SentByMailet}, JMAP, any client with a loopback address), needs
 * no other proof.
 *
 * <p>A mail that is not proven gets the state {@code ghost}: James sends no bounce and keeps no copy. If the DNS fails, the
 * sender is not proven. A null sender has no bounce anyway. Thread-safe.
 */
public final class BounceOnlyProven extends ConfiguredMailet {

    private final BounceGuard guard;
    private final SpfVerifier spf;

    /**
     * Creates a mailet.
     *
     * @param guard the methods of proof that are accepted
     * @param spf the SPF verifier
     */
    public BounceOnlyProven(BounceGuard guard, SpfVerifier spf) {
        this.guard = Objects.requireNonNull(guard, "guard");
        this.spf = Objects.requireNonNull(spf, "spf");
    }

    /**
     * Ends the processing of a mail that must not be bounced. Waits for the DNS.
     *
     * @param mail the mail
     */
    @Override
    public void service(Mail mail) {
        MailAddress sender = mail.getMaybeSender()
                .asOptional()
                .flatMap(address -> EnvelopePath.parse(address.asString()).address())
                .orElse(null);
        List<SenderProof> proofs = sender == null ? List.of() : proofs(mail, sender);
        if (guard.decide(sender, proofs) != BounceGuard.Reason.PROVEN) {
            mail.setState(Mail.GHOST);
        }
    }

    private List<SenderProof> proofs(Mail mail, MailAddress sender) {
        if (mail.getAttribute(Mail.SMTP_AUTH_USER).isPresent()
                || mail.getAttribute(Mail.SENT_BY_MAILET_ATTRIBUTE.getName()).isPresent()) {
            return List.of(SenderProof.authenticated());
        }
        Optional<InetAddress> client = Optional.ofNullable(mail.getRemoteAddr()).flatMap(IpAddresses::parse);
        if (client.isPresent() && client.get().isLoopbackAddress()) {
            return List.of(SenderProof.authenticated());
        }
        boolean passes = client.isPresent()
                && spf.verify(SpfQuery.mailFrom(client.get(), sender.toString(), ""))
                                .verdict()
                        == SpfVerdict.PASS;
        return passes ? List.of(SenderProof.spfPass(sender.domain())) : List.of();
    }
}

package org.senderauth.james;

import java.util.Objects;
import java.util.Optional;
import org.apache.mailet.Mail;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsForwarding;
import org.senderauth.srs.SrsForwarding.Outcome;

/**
 * A mailet that rewrites the envelope sender of mail that James forwards (SRS), so that SPF passes at the next host. It
 * belongs before {@code RemoteDelivery}, where the recipients are final, with the matcher {@code SentByMailet}: James marks so
 * what its recipient rewrite table, Sieve's {@code redirect} and the mailets {@code Forward} and {@code Resend} send on.
 *
 * <p>Senders at our own domains, the null sender, and mail all of whose recipients are at our domains remain unchanged. A
 * mail has one sender: if one of several recipients is elsewhere, it is rewritten for all of them. Bounces need
 * {@link SrsRecipientHook} and {@link SrsReverseRecipients}. Never throws for what the network sends. Thread-safe.
 */
public final class SrsForwardSender extends ConfiguredMailet {

    private final Srs srs;

    /**
     * Creates a mailet.
     *
     * @param srs the forwarder with the keys
     */
    public SrsForwardSender(Srs srs) {
        this.srs = Objects.requireNonNull(srs, "srs");
    }

    /**
     * Rewrites the sender of a mail. Waits for the alias store, if there is one and the sender is long.
     *
     * @param mail the mail, as James creates it
     * @throws IllegalStateException if the alias store does not respond, or the mail is of a type whose sender cannot be
     *     changed; James then handles the mail as {@code onMailetException} says
     */
    @Override
    public void service(Mail mail) {
        EnvelopeSender.of(mail).flatMap(sender -> forward(mail, sender)).ifPresent(forwarding -> {
            if (forwarding.outcome() == Outcome.STORE_UNAVAILABLE) {
                throw new IllegalStateException(
                        "sender cannot be rewritten: " + forwarding.outcome().text());
            }
            if (forwarding.isRewritten()) {
                EnvelopeSender.replace(mail, forwarding.address());
            }
        });
    }

    // For the first recipient that is elsewhere; a result for others would be the same.
    private Optional<SrsForwarding> forward(Mail mail, MailAddress sender) {
        return mail.getRecipients().stream()
                .flatMap(recipient -> EnvelopePath.parse(recipient.asString()).address().stream())
                .map(recipient -> srs.forward(sender, recipient))
                .filter(forwarding -> forwarding.outcome() != Outcome.LOCAL_RECIPIENT)
                .findFirst();
    }
}

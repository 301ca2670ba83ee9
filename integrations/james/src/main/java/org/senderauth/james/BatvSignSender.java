package org.senderauth.james;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.mailet.Mail;
import org.senderauth.batv.Batv;
import org.senderauth.batv.SigningOutcome;
import org.senderauth.batv.SigningResult;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;

/**
 * A mailet that signs the envelope sender of outbound mail with BATV. It belongs directly before {@code RemoteDelivery},
 * with a matcher for mail of the server's own users ({@code SenderIsLocal}, {@code SMTPAuthSuccessful}): a tag for a forged
 * sender allows bounces to it. Senders of domains without keys, and signed ones, remain unchanged. Thread-safe.
 */
public final class BatvSignSender extends ConfiguredMailet {

    private final Batv batv;

    /**
     * Creates a mailet.
     *
     * @param batv the signer with the keys
     */
    public BatvSignSender(Batv batv) {
        this.batv = Objects.requireNonNull(batv, "batv");
    }

    /**
     * Signs the sender of a mail.
     *
     * @param mail the mail, as James creates it
     * @throws IllegalStateException if keys are unavailable, or the mail is of a type whose sender cannot be changed: bounces
     *     to an untagged sender would be rejected later, so the mail must not leave
     */
    @Override
    public void service(Mail mail) {
        Optional<MailAddress> sender = EnvelopeSender.of(mail);
        if (sender.isEmpty()) {
            return;
        }
        List<MailAddress> recipients = mail.getRecipients().stream()
                .flatMap(recipient -> EnvelopePath.parse(recipient.asString()).address().stream())
                .toList();
        SigningResult signed = batv.trySign(sender.get(), recipients);
        if (signed.outcome() == SigningOutcome.KEYS_UNAVAILABLE) {
            throw new IllegalStateException(
                    "sender cannot be signed: " + signed.outcome().text());
        }
        if (signed.isSigned()) {
            EnvelopeSender.replace(mail, signed.address());
        }
    }
}

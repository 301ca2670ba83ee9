package org.senderauth.james;

import java.util.List;
import java.util.Optional;
import org.apache.james.core.MaybeSender;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.senderauth.batv.Batv;
import org.senderauth.batv.SignedSender;
import org.senderauth.batv.SigningOutcome;
import org.senderauth.core.MailAddress;

/**
 * Tags the envelope sender of outbound mail. It belongs right before {@code RemoteDelivery}, behind a matcher for mail of
 * the server's own users ({@code SenderIsLocal}, {@code SMTPAuthSuccessful}): whoever gets a tag for a forged sender can
 * send bounces with it. Senders of domains without keys, and those that are signed already, stay as they are. Thread-safe.
 */
public final class BatvSignSender extends ConfiguredMailet {

    private final Batv batv;

    /**
     * A mailet.
     *
     * @param batv has the keys
     */
    public BatvSignSender(Batv batv) {
        this.batv = batv;
    }

    /**
     * Tags the sender of a mail.
     *
     * @param mail the mail, as James makes it
     * @throws IllegalStateException if the keys cannot be had now, or the mail is of another kind whose sender cannot be
     *     changed: bounces to an untagged sender would be refused later, so James must put the mail aside
     */
    @Override
    public void service(Mail mail) {
        Optional<MailAddress> sender = address(mail.getMaybeSender());
        if (sender.isEmpty()) {
            return;
        }
        List<MailAddress> recipients = mail.getRecipients().stream()
                .flatMap(recipient -> MailAddress.split(recipient.asString()).stream())
                .toList();
        SignedSender signed = batv.signing(sender.get(), recipients);
        if (signed.outcome() == SigningOutcome.KEYS_UNAVAILABLE) {
            throw new IllegalStateException(
                    "the sender cannot be tagged: " + signed.outcome().text());
        }
        if (signed.isSigned()) {
            if (!(mail instanceof MailImpl changeable)) {
                throw new IllegalStateException(
                        "the sender of a " + mail.getClass().getName() + " cannot be changed");
            }
            changeable.setSender(
                    MaybeSender.getMailSender(signed.address().toString()).get());
        }
    }

    private static Optional<MailAddress> address(MaybeSender sender) {
        return sender.asOptional().flatMap(address -> MailAddress.split(address.asString()));
    }
}

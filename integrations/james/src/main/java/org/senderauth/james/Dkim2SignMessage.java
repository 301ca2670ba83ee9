package org.senderauth.james;

import java.util.List;
import java.util.Objects;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;
import org.senderauth.dkim2.Dkim2Signers;
import org.senderauth.dkim2.Dkim2SigningResult;

/**
 * A mailet that signs outbound messages with DKIM2, so that their bounces prove themselves. Experimental. It belongs directly
 * before {@code RemoteDelivery}, after {@link BatvSignSender} and after every mailet that changes the message, with the
 * matcher {@code SMTPAuthSuccessful}: a signature over a forged sender allows bounces to it.
 *
 * <p>The outcome is in the attribute {@value #OUTCOME} of the mail, such as {@code signed} or {@code hidden-recipients}; a
 * message that is not signed leaves unchanged. The signature does not cover {@code Bcc} and {@code Content-Length}, which
 * James removes when it sends. Never holds a body in memory. Thread-safe.
 */
public final class Dkim2SignMessage extends ConfiguredMailet {

    /** The name of the attribute with the outcome. */
    public static final String OUTCOME = "org.senderauth.dkim2.outcome";

    private static final AttributeName NAME = AttributeName.of(OUTCOME);

    private final Dkim2Signers signers;

    /**
     * Creates a mailet.
     *
     * @param signers the signers by domain
     */
    public Dkim2SignMessage(Dkim2Signers signers) {
        this.signers = Objects.requireNonNull(signers, "signers");
    }

    /**
     * Signs a message. Reads all of it once.
     *
     * @param mail the mail
     * @throws IllegalStateException if the message cannot be read: bounces of an unsigned one would be rejected later, so it
     *     must not leave
     */
    @Override
    public void service(Mail mail) {
        String sender = mail.getMaybeSender().asString("");
        if (!signers.cover(sender)) {
            return;
        }
        List<String> recipients = mail.getRecipients().stream()
                .map(recipient -> "<" + recipient.asString() + ">")
                .toList();
        MailMessage message = MailMessage.of(mail);
        // James completes the fields of a message that a mailet changed: before they are signed.
        message.save();
        HashedMessage hashed = new HashedMessage();
        message.writeTo(hashed);
        Dkim2SigningResult result = hashed.sign(signers, "<" + sender + ">", recipients);
        result.header().ifPresent(message::prepend);
        mail.setAttribute(
                new Attribute(NAME, AttributeValue.ofAny(result.outcome().text())));
    }
}

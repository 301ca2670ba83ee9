package org.senderauth.james;

import java.util.LinkedHashSet;
import java.util.Set;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.mailet.Mail;
import org.senderauth.policy.Unsigned;
import org.senderauth.policy.Unsigner;

/**
 * Takes our own signatures off the recipients of a mail. It belongs at the top of the {@code root} processor: bounces that
 * James makes itself go to the signed sender and never cross SMTP, where {@link SenderPolicyHook} would do it. It judges
 * nothing. Thread-safe.
 */
public final class UnsignRecipients extends ConfiguredMailet {

    private final Unsigner unsigner;

    /**
     * A mailet.
     *
     * @param unsigner takes the signatures off
     */
    public UnsignRecipients(Unsigner unsigner) {
        this.unsigner = unsigner;
    }

    /**
     * Takes the signatures off.
     *
     * @param mail the mail
     * @throws IllegalStateException if the keys cannot be had now, so that James puts the mail aside
     */
    @Override
    public void service(Mail mail) {
        Set<MailAddress> recipients = new LinkedHashSet<>();
        mail.getRecipients().forEach(recipient -> recipients.add(original(recipient)));
        mail.setRecipients(recipients);
    }

    private MailAddress original(MailAddress recipient) {
        Unsigned unsigned = unsigner.unsign(recipient.asString());
        if (unsigned instanceof Unsigned.TryLater later) {
            throw new IllegalStateException(
                    "the recipient " + recipient.asString() + " cannot be read: " + later.reason());
        }
        return unsigned instanceof Unsigned.Original original
                ? MaybeSender.getMailSender(original.address()).asOptional().orElse(recipient)
                : recipient;
    }
}

package org.senderauth.james;

import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.mailet.Mail;
import org.senderauth.policy.SignatureStripper;
import org.senderauth.policy.StrippedAddress;

/**
 * A mailet that strips our signatures from the recipients of a mail. It belongs at the top of the {@code root} processor:
 * bounces that James generates go to the signed sender without SMTP, where {@link SenderPolicyHook} would strip it. It
 * verifies nothing. Thread-safe.
 */
public final class StripRecipients extends ConfiguredMailet {

    private final SignatureStripper stripper;

    /**
     * Creates a mailet.
     *
     * @param stripper strips the signatures
     */
    public StripRecipients(SignatureStripper stripper) {
        this.stripper = Objects.requireNonNull(stripper, "stripper");
    }

    /**
     * Strips the signatures.
     *
     * @param mail the mail
     * @throws IllegalStateException if keys are unavailable; James then handles the mail as {@code onMailetException} says
     */
    @Override
    public void service(Mail mail) {
        Set<MailAddress> recipients = new LinkedHashSet<>();
        mail.getRecipients().forEach(recipient -> recipients.add(original(recipient)));
        mail.setRecipients(recipients);
    }

    private MailAddress original(MailAddress recipient) {
        StrippedAddress stripped = stripper.strip(recipient.asString());
        if (stripped instanceof StrippedAddress.Unavailable later) {
            throw new IllegalStateException(
                    "recipient " + recipient.asString() + " cannot be stripped: " + later.reason());
        }
        return stripped instanceof StrippedAddress.Original original
                ? MaybeSender.getMailSender(original.address()).asOptional().orElse(recipient)
                : recipient;
    }
}

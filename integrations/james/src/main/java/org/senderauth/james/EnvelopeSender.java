package org.senderauth.james;

import java.util.Optional;
import org.apache.james.core.MaybeSender;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.Mail;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.IpAddresses;

/** The sender of a mail, in our type of address. */
final class EnvelopeSender {

    private EnvelopeSender() {}

    /** The sender; empty if it is null, or not an address. */
    static Optional<MailAddress> of(Mail mail) {
        return mail.getMaybeSender()
                .asOptional()
                .flatMap(address -> EnvelopePath.parse(text(address)).address());
    }

    // James removes the brackets of an address literal (RFC 5321 section 4.1.3).
    private static String text(org.apache.james.core.MailAddress address) {
        String domain = address.getDomain().asString();
        return IpAddresses.parse(domain).isPresent()
                ? address.getLocalPart() + "@[" + domain + "]"
                : address.asString();
    }

    /**
     * Replaces the sender.
     *
     * @throws IllegalStateException if it cannot be replaced: the mail must not leave with the old one
     */
    static void replace(Mail mail, MailAddress sender) {
        if (!(mail instanceof MailImpl changeable)) {
            throw new IllegalStateException("the sender of a " + mail.getClass().getName() + " cannot be changed");
        }
        changeable.setSender(MaybeSender.getMailSender(sender.toString())
                .asOptional()
                .orElseThrow(() -> new IllegalStateException("James does not accept the sender " + sender)));
    }
}

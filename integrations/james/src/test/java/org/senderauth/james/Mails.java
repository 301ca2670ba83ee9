package org.senderauth.james;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.server.core.MailImpl;

/** James's own mails, for the tests of mailets; dispose of them. */
final class Mails {

    private Mails() {}

    /** A short mail; the sender may be empty. */
    static MailImpl mail(String sender, String... recipients) throws Exception {
        return withText("Subject: s\r\n\r\ntext\r\n", sender, recipients);
    }

    /** A mail with this message in ISO 8859-1; the sender may be empty. */
    static MailImpl withText(String text, String sender, String... recipients) throws Exception {
        MimeMessage message = new MimeMessage(
                Session.getInstance(new Properties()),
                new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
        MailImpl.Builder builder =
                MailImpl.builder().name("mail").addRecipients(recipients).mimeMessage(message);
        return sender.isEmpty() ? builder.build() : builder.sender(sender).build();
    }
}

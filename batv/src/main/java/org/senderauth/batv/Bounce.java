package org.senderauth.batv;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/**
 * What is known about a transaction that may be a bounce.
 *
 * @param sender the reverse-path; null is the null reverse-path {@code <>}
 * @param recipients the recipients so far, in the order of their commands; at least one
 * @param client the address of the client, or null if it is not known
 * @param content what the content is, or null before the end of data
 */
public record Bounce(
        @Nullable MailAddress sender,
        List<MailAddress> recipients,
        @Nullable InetAddress client,
        @Nullable MessageContent content) {

    /**
     * A transaction.
     *
     * @param sender the reverse-path; null is the null reverse-path {@code <>}
     * @param recipients the recipients so far; copied
     * @param client the address of the client, or null if it is not known
     * @param content what the content is, or null before the end of data
     * @throws IllegalArgumentException if there are no recipients
     */
    public Bounce {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a bounce is judged by its recipients; there are none");
        }
    }

    /**
     * A transaction as it stands at its first RCPT command.
     *
     * @param sender the reverse-path; null is the null reverse-path {@code <>}
     * @param recipient the recipient
     * @return the transaction, with neither client nor content
     */
    public static Bounce to(@Nullable MailAddress sender, MailAddress recipient) {
        return new Bounce(sender, List.of(recipient), null, null);
    }

    /**
     * The same transaction, and which client it is with.
     *
     * @param newClient the address of the client
     * @return the changed transaction
     */
    public Bounce from(InetAddress newClient) {
        return new Bounce(sender, recipients, newClient, content);
    }

    /**
     * The same transaction at the end of data.
     *
     * @param newContent what the content is
     * @return the changed transaction
     */
    public Bounce with(MessageContent newContent) {
        return new Bounce(sender, recipients, client, newContent);
    }
}

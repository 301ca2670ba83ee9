package org.senderauth.batv;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/** A transaction that may be a bounce. Immutable. */
public final class Bounce {

    private final @Nullable MailAddress sender;
    private final List<MailAddress> recipients;
    private final @Nullable InetAddress client;
    private final @Nullable MessageContent content;

    private Bounce(
            @Nullable MailAddress sender,
            List<MailAddress> recipients,
            @Nullable InetAddress client,
            @Nullable MessageContent content) {
        this.recipients = List.copyOf(Objects.requireNonNull(recipients, "recipients"));
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("recipients must have at least one element, was empty");
        }
        this.sender = sender;
        this.client = client;
        this.content = content;
    }

    /** {@return the reverse-path; empty for the null reverse-path {@code <>}} */
    public Optional<MailAddress> sender() {
        return Optional.ofNullable(sender);
    }

    /** {@return the recipients so far, in the order of their commands; at least one} */
    public List<MailAddress> recipients() {
        return recipients;
    }

    /** {@return the address of the client, if it is known} */
    public Optional<InetAddress> client() {
        return Optional.ofNullable(client);
    }

    /** {@return the content of the message; empty before the end of data} */
    public Optional<MessageContent> content() {
        return Optional.ofNullable(content);
    }

    /**
     * Returns a transaction with all its recipients so far.
     *
     * @param sender the reverse-path; null is the null reverse-path {@code <>}
     * @param recipients the recipients, in the order of their commands; copied
     * @return the transaction, with neither client nor content
     * @throws IllegalArgumentException if there are no recipients
     */
    public static Bounce of(@Nullable MailAddress sender, List<MailAddress> recipients) {
        return new Bounce(sender, recipients, null, null);
    }

    /**
     * Returns a transaction at its first RCPT command.
     *
     * @param sender the reverse-path; null is the null reverse-path {@code <>}
     * @param recipient the recipient
     * @return the transaction, with neither client nor content
     */
    public static Bounce to(@Nullable MailAddress sender, MailAddress recipient) {
        return new Bounce(sender, List.of(Objects.requireNonNull(recipient, "recipient")), null, null);
    }

    /**
     * Returns a copy with a client.
     *
     * @param newClient the address of the client
     * @return the changed transaction
     */
    public Bounce from(InetAddress newClient) {
        return new Bounce(sender, recipients, newClient, content);
    }

    /**
     * Returns a copy at the end of data.
     *
     * @param newContent the content of the message
     * @return the changed transaction
     */
    public Bounce with(MessageContent newContent) {
        return new Bounce(sender, recipients, client, newContent);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bounce that
                && Objects.equals(sender, that.sender)
                && recipients.equals(that.recipients)
                && Objects.equals(client, that.client)
                && Objects.equals(content, that.content);
    }

    @Override
    public int hashCode() {
        return Objects.hash(sender, recipients, client, content);
    }

    @Override
    public String toString() {
        return "Bounce[sender=" + sender + ", recipients=" + recipients + ", client=" + client + ", content=" + content
                + "]";
    }
}

package org.senderauth.policy;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailDomain;
import org.senderauth.dns.IpAddresses;

/**
 * The part of an SMTP transaction that is known before DATA, with at most one recipient. Immutable.
 *
 * <p>{@link EnvelopePath} parses the addresses, so the server may pass them with or without their angle brackets. A text
 * that is not an address remains unchanged, and the steps that require an address report it.
 */
public final class Transaction {

    private final InetAddress client;
    private final String helo;
    private final String sender;
    private final @Nullable String recipient;
    private final @Nullable String user;
    private final @Nullable String message;
    private final @Nullable String queueId;

    private Transaction(
            InetAddress client,
            String helo,
            String sender,
            @Nullable String recipient,
            @Nullable String user,
            @Nullable String message,
            @Nullable String queueId) {
        this.client = client;
        this.helo = helo;
        this.sender = sender;
        this.recipient = recipient;
        this.user = user;
        this.message = message;
        this.queueId = queueId;
    }

    /**
     * Creates a transaction without recipient, of a client that is not authenticated.
     *
     * @param client the client's address; an IPv4-mapped IPv6 address becomes the IPv4 address
     * @param helo the HELO name: the argument of HELO or EHLO, unchanged; empty if there was none
     * @param sender the envelope sender; empty or {@code <>} for the null reverse-path (RFC 5321 section 4.5.5)
     * @return the transaction
     */
    public static Transaction of(InetAddress client, String helo, String sender) {
        InetAddress address = IpAddresses.unmapped(Objects.requireNonNull(client, "client"));
        String name = Objects.requireNonNull(helo, "helo");
        String path = bare(Objects.requireNonNull(sender, "sender"));
        return new Transaction(address, MailDomain.parse(name).orElse(name), path, null, null, null, null);
    }

    /**
     * Returns this transaction with a recipient.
     *
     * @param address the recipient
     * @return the changed transaction
     */
    public Transaction to(String address) {
        String path = bare(Objects.requireNonNull(address, "address"));
        return new Transaction(client, helo, sender, path, user, message, queueId);
    }

    /**
     * Returns this transaction with an authenticated client.
     *
     * @param name the name with which the client authenticated
     * @return the changed transaction
     */
    public Transaction authenticatedAs(String name) {
        return new Transaction(client, helo, sender, recipient, Objects.requireNonNull(name, "name"), message, queueId);
    }

    /**
     * Returns this transaction as part of a message that has further transactions.
     *
     * @param name the identifier of the message
     * @return the changed transaction
     */
    public Transaction ofMessage(String name) {
        return new Transaction(client, helo, sender, recipient, user, Objects.requireNonNull(name, "name"), queueId);
    }

    /**
     * Returns this transaction with the queue id of its message.
     *
     * @param id the mail server's queue id
     * @return the changed transaction
     */
    public Transaction queuedAs(String id) {
        return new Transaction(client, helo, sender, recipient, user, message, Objects.requireNonNull(id, "id"));
    }

    /** {@return the client's address} */
    public InetAddress client() {
        return client;
    }

    /** {@return the HELO name as the client sent it, without spaces around it; empty if there was none} */
    public String helo() {
        return helo;
    }

    /** {@return the envelope sender without angle brackets; empty for the null reverse-path (RFC 5321 section 4.5.5)} */
    public String sender() {
        return sender;
    }

    /** {@return whether the sender is the null reverse-path, as in bounces and similar messages} */
    public boolean isBounce() {
        return sender.isEmpty();
    }

    /** {@return the recipient without angle brackets; empty before RCPT} */
    public Optional<String> recipient() {
        return Optional.ofNullable(recipient);
    }

    /** {@return the name with which the client authenticated (RFC 4954), if it did} */
    public Optional<String> user() {
        return Optional.ofNullable(user);
    }

    /**
     * {@return an identifier of the message, if there is one: transactions with the same identifier, client, HELO name and
     * sender are one message, and its steps run once}
     */
    public Optional<String> message() {
        return Optional.ofNullable(message);
    }

    /** {@return the mail server's queue id, for the log, where it is known} */
    public Optional<String> queueId() {
        return Optional.ofNullable(queueId);
    }

    private static String bare(String text) {
        EnvelopePath path = EnvelopePath.parse(text);
        if (path instanceof EnvelopePath.Null) {
            return "";
        }
        if (path instanceof EnvelopePath.Partial partial) {
            return partial.domain().isEmpty() ? partial.localPart() : "@" + partial.domain();
        }
        return path.address().map(Object::toString).orElse(text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Transaction that
                && client.equals(that.client)
                && helo.equals(that.helo)
                && sender.equals(that.sender)
                && Objects.equals(recipient, that.recipient)
                && Objects.equals(user, that.user)
                && Objects.equals(message, that.message)
                && Objects.equals(queueId, that.queueId);
    }

    @Override
    public int hashCode() {
        return Objects.hash(client, helo, sender, recipient, message);
    }

    @Override
    public String toString() {
        return "Transaction[client=" + client + ", helo=" + helo + ", sender=" + sender + ", recipient=" + recipient
                + ", user=" + user + ", message=" + message + ", queueId=" + queueId + "]";
    }
}

package org.senderauth.policy;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.IpAddresses;

/**
 * What an SMTP server knows of one message before DATA, for one recipient or none. Immutable.
 *
 * @param client the client's address
 * @param helo what the client said in HELO or EHLO, as it was said; empty if it said nothing
 * @param sender the reverse-path without angle brackets; empty for the null reverse-path
 * @param recipient the recipient without angle brackets; null before RCPT
 * @param user the name by which the client authenticated itself (RFC 4954); null if it did not
 * @param message names the message: transactions with the same name, client, HELO and sender are one message, and its
 *     steps are taken once; null if nothing names it
 */
public record Transaction(
        InetAddress client,
        String helo,
        String sender,
        @Nullable String recipient,
        @Nullable String user,
        @Nullable String message) {

    /**
     * Makes a transaction; an IPv4-mapped IPv6 address becomes the IPv4 address.
     *
     * @param client the client's address
     * @param helo its HELO name
     * @param sender the reverse-path
     * @param recipient the recipient, or null
     * @param user the authenticated name, or null
     * @param message names the message, or null
     */
    public Transaction {
        client = IpAddresses.unmapped(client);
    }

    /**
     * A transaction without recipient, of a client that did not authenticate itself.
     *
     * @param client the client's address
     * @param helo its HELO name
     * @param sender the reverse-path without angle brackets, empty for the null reverse-path
     * @return the transaction
     */
    public static Transaction of(InetAddress client, String helo, String sender) {
        return new Transaction(client, helo, sender, null, null, null);
    }

    /**
     * This transaction for a recipient.
     *
     * @param address the recipient without angle brackets
     * @return a changed transaction
     */
    public Transaction to(String address) {
        return new Transaction(client, helo, sender, address, user, message);
    }

    /**
     * This transaction of an authenticated client.
     *
     * @param name the name by which it authenticated itself
     * @return a changed transaction
     */
    public Transaction authenticatedAs(String name) {
        return new Transaction(client, helo, sender, recipient, name, message);
    }

    /**
     * This transaction as part of a message that other transactions belong to as well.
     *
     * @param name names the message
     * @return a changed transaction
     */
    public Transaction ofMessage(String name) {
        return new Transaction(client, helo, sender, recipient, user, name);
    }

    /**
     * Whether the sender is the null reverse-path, so that the message is a bounce or the like.
     *
     * @return true if there is no sender
     */
    public boolean isBounce() {
        return sender.isEmpty();
    }
}

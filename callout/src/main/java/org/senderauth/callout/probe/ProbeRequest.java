package org.senderauth.callout.probe;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/**
 * What to ask, what is known already, and what may be asked.
 *
 * @param address the address for {@code RCPT TO}, tags and all
 * @param sender the address for {@code MAIL FROM}; null for {@code <>}
 * @param catchAll whether the domain accepts all recipients; a probe finds out what is {@link TriState#UNKNOWN}
 *     after an acceptance, and does not ask again for what is known or {@link TriState#UNDECIDED}
 * @param hosts where to ask instead of the domain's mail servers, in this order, however private the addresses; empty
 *     to follow the domain's MX records
 * @param gate says which hosts may be connected to
 */
public record ProbeRequest(
        MailAddress address,
        @Nullable MailAddress sender,
        TriState catchAll,
        List<InetSocketAddress> hosts,
        HostLimiter gate) {

    /** What is known of a domain about one question. */
    public enum TriState {
        /** Yes. */
        YES,
        /** No. */
        NO,
        /** It was asked not long ago and the answer was neither yes nor no. */
        UNDECIDED,
        /** It was not asked. */
        UNKNOWN
    }

    /**
     * Makes a request; the list is copied.
     *
     * @param address the address for {@code RCPT TO}
     * @param sender the address for {@code MAIL FROM}
     * @param catchAll whether the domain accepts all recipients
     * @param hosts where to ask instead of the domain's mail servers
     * @param gate says which hosts may be connected to
     * @throws IllegalArgumentException if a host has no network address
     */
    public ProbeRequest {
        if (hosts.stream().anyMatch(InetSocketAddress::isUnresolved)) {
            throw new IllegalArgumentException("hosts must be given with their network addresses: " + hosts);
        }
        hosts = List.copyOf(hosts);
    }
}

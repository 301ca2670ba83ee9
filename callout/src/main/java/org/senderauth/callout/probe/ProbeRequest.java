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
 * @param catchAll whether the domain takes mail for any local part; a probe finds out what is {@link Known#UNKNOWN}
 *     after an acceptance, and does not ask again for what is known or {@link Known#UNDECIDED}
 * @param control whether the domain's mail servers take mail for postmaster from us; a probe finds out what is
 *     {@link Known#UNKNOWN} if it needs to tell a refusal of the address from a refusal of us
 * @param hosts where to ask instead of the domain's mail servers, in this order, however private the addresses; empty
 *     to follow the domain's MX records
 * @param gate says which hosts may be connected to
 */
public record ProbeRequest(
        MailAddress address,
        @Nullable MailAddress sender,
        Known catchAll,
        Known control,
        List<InetSocketAddress> hosts,
        HostGate gate) {

    /** What is known of a domain about one question. */
    public enum Known {
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
     * @param catchAll whether the domain takes mail for any local part
     * @param control whether the domain's mail servers take mail for postmaster from us
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

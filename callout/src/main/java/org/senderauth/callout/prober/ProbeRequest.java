package org.senderauth.callout.prober;

import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.core.MailAddress;

/**
 * The request for one probe, with cached facts and the limiter of connections.
 *
 * @param address the address for {@code RCPT TO}, including tags
 * @param sender the address for {@code MAIL FROM}; null for {@code <>}
 * @param catchAll whether the domain accepts all recipients; only if it is {@link TriState#UNKNOWN}, the probe checks
 *     that after an acceptance
 * @param hosts the hosts to probe instead of the domain's mail servers, in this order, private addresses included; empty
 *     to use the domain's MX records
 * @param gate decides which hosts may be connected to
 */
public record ProbeRequest(
        MailAddress address,
        @Nullable MailAddress sender,
        TriState catchAll,
        List<InetSocketAddress> hosts,
        HostLimiter gate) {

    /**
     * Creates a request; the list is copied.
     *
     * @param address the address for {@code RCPT TO}
     * @param sender the address for {@code MAIL FROM}
     * @param catchAll whether the domain accepts all recipients
     * @param hosts the hosts to probe instead of the domain's mail servers
     * @param gate decides which hosts may be connected to
     * @throws IllegalArgumentException if a host has no network address
     */
    public ProbeRequest {
        if (hosts.stream().anyMatch(InetSocketAddress::isUnresolved)) {
            throw new IllegalArgumentException("hosts must be resolved addresses, were " + hosts);
        }
        hosts = List.copyOf(hosts);
    }
}

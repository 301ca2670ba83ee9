package org.senderauth.callout.probe;

import java.net.InetAddress;

/**
 * Says which network addresses may be connected to. It is asked about every address after it came out of the DNS and
 * before anything is sent, so that no name, however often it changes its mind, leads a probe elsewhere. Thread-safe.
 */
@FunctionalInterface
public interface AddressFilter {

    /**
     * Whether a probe may connect there.
     *
     * @param address an address that a domain gives as its mail server's
     * @return true if it may
     */
    boolean allows(InetAddress address);

    /**
     * The filter for the Internet: addresses that any host can reach, by the registries of RFC 6890. Private, shared,
     * loopback, link-local, documentation, benchmarking, multicast and reserved addresses are refused, and so are
     * IPv6 addresses that carry one of them (IPv4-mapped, 6to4, NAT64).
     *
     * @return the filter
     */
    static AddressFilter publicOnly() {
        return PublicAddresses::isPublic;
    }
}

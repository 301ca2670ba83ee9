package org.senderauth.callout.probe;

import java.net.InetAddress;

/**
 * Decides which network addresses may be connected to. It checks every address after its DNS lookup and before anything is
 * sent, so a name that changes its addresses cannot lead a probe elsewhere. Thread-safe.
 */
@FunctionalInterface
public interface AddressFilter {

    /**
     * {@return true if a probe may connect there}
     *
     * @param address an address of a domain's mail server
     */
    boolean allows(InetAddress address);

    /**
     * Returns the filter for the Internet: addresses that any host can reach, by the registries of RFC 6890. It rejects
     * private, shared, loopback, link-local, documentation, benchmarking, multicast and reserved addresses, and IPv6 addresses
     * that contain one of them (IPv4-mapped, 6to4, NAT64).
     *
     * @return the filter
     */
    static AddressFilter publicOnly() {
        return PublicAddresses::isPublic;
    }
}

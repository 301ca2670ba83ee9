package org.senderauth.callout.state;

import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cache entries and counts that follow from a probe. Immutable.
 *
 * @param grant the permit of the probe
 * @param addresses entries to store under address keys, in place of present ones; all of them belong to the registrable
 *     domain of the permit, so a state may keep them in one place
 * @param domain facts to store under the domain's key, in place of present ones; null for no change
 * @param hosts entries to store under mail servers' addresses, in place of present ones
 * @param probed how the result counts for each mail server that was connected to
 * @param tally how the result counts for the circuit breaker of the domain
 * @param badSender whether the result counts against the client
 * @param patternProof the entry to store under the pattern of the request as soon as {@value #PROOFS} different addresses
 *     were accepted; null if this does not prove a pattern
 */
public record StateUpdate(
        ProbePermit grant,
        Map<String, AddressEntry> addresses,
        @Nullable DomainEntry domain,
        Map<InetAddress, HostEntry> hosts,
        Map<MailServer, Tally> probed,
        Tally tally,
        boolean badSender,
        @Nullable AddressEntry patternProof) {

    /** The number of different addresses that must be deliverable before all addresses of their pattern are. */
    public static final int PROOFS = 3;

    /**
     * Creates an update; the maps are copied.
     *
     * @param grant the permit of the probe
     * @param addresses entries to store under address keys
     * @param domain facts to store under the domain's key
     * @param hosts entries to store under mail servers' addresses
     * @param probed how the result counts for each mail server
     * @param tally how the result counts for the circuit breaker of the domain
     * @param badSender whether the result counts against the client
     * @param patternProof the entry to store under the pattern of the request
     */
    public StateUpdate {
        addresses = Map.copyOf(addresses);
        hosts = Map.copyOf(hosts);
        probed = Map.copyOf(probed);
    }

    /** {@return the same entries without counts: for our own hosts, which need no protection from our probes} */
    public StateUpdate uncounted() {
        return new StateUpdate(grant, addresses, domain, hosts, Map.of(), Tally.NONE, false, null);
    }

    /** The weight of a result in a circuit breaker. */
    public enum Tally {
        /** The address is accepted. */
        GOOD,
        /** A mail server was probed, and the address was not accepted. */
        BAD,
        /** No mail server was probed. */
        NONE
    }
}

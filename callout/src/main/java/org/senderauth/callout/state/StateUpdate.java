package org.senderauth.callout.state;

import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cache entries and counts that follow from a probe. Immutable.
 *
 * @param grant what the probe was granted
 * @param addresses records to store under address keys, in place of what is there; all of the registrable domain that
 *     the grant is for, so that a state may keep what belongs to one such domain in one place
 * @param domain facts to store under the domain's key, in place of what is there; null for no change
 * @param hosts records to store under mail servers' addresses, in place of what is there
 * @param probed how the answer counts for each mail server that was connected to
 * @param tally how the answer counts for the domain's standing
 * @param badSender whether the answer counts against the client
 * @param patternProof the record to store under the question's pattern as soon as {@value #PROOFS} different addresses
 *     were accepted; null if this is no proof of a pattern
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

    /** How many different addresses of a pattern must be deliverable before all are taken to be. */
    public static final int PROOFS = 3;

    /**
     * Creates an update; the maps are copied.
     *
     * @param grant what the probe was granted
     * @param addresses records to store under address keys
     * @param domain facts to store under the domain's key
     * @param hosts records to store under mail servers' addresses
     * @param probed how the answer counts for each mail server
     * @param tally how the answer counts for the domain's standing
     * @param badSender whether the answer counts against the client
     * @param patternProof the record to store under the question's pattern
     */
    public StateUpdate {
        addresses = Map.copyOf(addresses);
        hosts = Map.copyOf(hosts);
        probed = Map.copyOf(probed);
    }

    /** {@return the same entries without any count: for a host of our own, which needs no protection from our probes} */
    public StateUpdate uncounted() {
        return new StateUpdate(grant, addresses, domain, hosts, Map.of(), Tally.NONE, false, null);
    }

    /** How an answer counts when it is judged whether a domain is under forgery. */
    public enum Tally {
        /** The address is accepted. */
        GOOD,
        /** A mail server was probed, and the address was not accepted. */
        BAD,
        /** No mail server was asked. */
        NONE
    }
}

package org.senderauth.callout.state;

import java.net.InetAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a probe has learnt, worked out to what is to be stored. Immutable.
 *
 * @param grant what the probe was granted
 * @param addresses records to store under address keys, in place of what is there; all of the registrable domain that
 *     the grant is for, so that a state may keep what belongs to one such domain in one place
 * @param domain facts to store under the domain's key, in place of what is there; null for no change
 * @param hosts records to store under mail servers' addresses, in place of what is there
 * @param tally how the answer counts for the domain's standing
 * @param badSender whether the answer counts against the client
 * @param patternProof the record to store under the question's pattern as soon as {@value #PROOFS} different addresses
 *     have proved that the pattern's addresses take mail; null if this is no proof of one
 */
public record Lesson(
        Grant grant,
        Map<String, AddressRecord> addresses,
        @Nullable DomainFacts domain,
        Map<InetAddress, HostRecord> hosts,
        Tally tally,
        boolean badSender,
        @Nullable AddressRecord patternProof) {

    /** How many different addresses of a pattern must be deliverable before all are taken to be. */
    public static final int PROOFS = 3;

    /**
     * Makes a lesson; the maps are copied.
     *
     * @param grant what the probe was granted
     * @param addresses records to store under address keys
     * @param domain facts to store under the domain's key
     * @param hosts records to store under mail servers' addresses
     * @param tally how the answer counts for the domain's standing
     * @param badSender whether the answer counts against the client
     * @param patternProof the record to store under the question's pattern
     */
    public Lesson {
        addresses = Map.copyOf(addresses);
        hosts = Map.copyOf(hosts);
    }

    /** How an answer counts when it is judged whether a domain is under forgery. */
    public enum Tally {
        /** The address takes mail. */
        GOOD,
        /** A mail server was asked, and the address does not take mail, or nothing was learnt. */
        BAD,
        /** No mail server was asked. */
        NONE
    }
}

package org.senderauth.callout.state;

import org.jspecify.annotations.Nullable;

/**
 * Leave to ask about an address, with what is known of it and its domain. Immutable.
 *
 * @param question what was granted
 * @param token tells this grant from all others
 * @param prior what is remembered of the address as it is asked about, however old; null if nothing
 * @param family the family whose answer is past its time, so that it is asked again; null if it is not a family's
 * @param facts what holds of the domain now
 */
public record Grant(
        Question question,
        String token,
        @Nullable AddressRecord prior,
        @Nullable Family family,
        DomainFacts facts) {

    /**
     * A family's remembered answer.
     *
     * @param key the family's key
     * @param answer its answer, a deliverable one
     */
    public record Family(String key, AddressRecord answer) {}
}

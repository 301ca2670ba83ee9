package org.senderauth.callout.state;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request as a state sees it: keys only, never their meanings. Immutable.
 *
 * <p>A deliverable result under {@code base} or {@code pattern} also answers for the address. No other result there does,
 * since a forged tag is rejected where the address itself is deliverable.
 *
 * @param address the key of the address exactly as it is probed
 * @param base the key of the same address without its tag; null without a tag
 * @param pattern the key of the pattern of generated addresses that this one matches; null if none
 * @param domain the key of the domain
 * @param registrable the key for the limits of the domain
 * @param client the key of the client
 * @param preferred true if the mail passes SPF, so the reserved half of each burst is open to it
 * @param boost the factor of the domain's rate limit, at least 1
 * @param mayProbe whether a probe may be permitted at all
 */
public record AdmissionRequest(
        String address,
        @Nullable String base,
        @Nullable String pattern,
        String domain,
        String registrable,
        String client,
        boolean preferred,
        int boost,
        boolean mayProbe) {

    /**
     * Creates a request.
     *
     * @param address the key of the address
     * @param base the key of the same address without its tag
     * @param pattern the key of the pattern that the address matches
     * @param domain the key of the domain
     * @param registrable the key for the limits of the domain
     * @param client the key of the client
     * @param preferred whether the mail passes SPF
     * @param boost the factor of the domain's rate limit
     * @param mayProbe whether a probe may be permitted at all
     * @throws IllegalArgumentException if the boost is not positive
     */
    public AdmissionRequest {
        if (boost < 1) {
            throw new IllegalArgumentException("boost must be at least 1, was " + boost);
        }
    }

    /**
     * {@return the base and the pattern, where present: a deliverable result for one of them also answers for the address}
     */
    public List<String> families() {
        return Stream.of(base, pattern).filter(Objects::nonNull).toList();
    }

    /**
     * Returns the same request, with or without permission to cause a probe.
     *
     * @param allowed whether a probe may be permitted
     * @return the request
     */
    public AdmissionRequest withMayProbe(boolean allowed) {
        return allowed == mayProbe
                ? this
                : new AdmissionRequest(address, base, pattern, domain, registrable, client, preferred, boost, allowed);
    }
}

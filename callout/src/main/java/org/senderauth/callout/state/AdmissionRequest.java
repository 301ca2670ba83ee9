package org.senderauth.callout.state;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a state must know of a question: keys, never meanings. Immutable.
 *
 * <p>A deliverable answer under {@code base} or {@code pattern} answers for the address; no other answer there does,
 * since a forged tag is refused where the address itself is good.
 *
 * @param address the key of the address exactly as it is asked about
 * @param base the key of the same address without its tag; null if it has none
 * @param pattern the key of the pattern of addresses, made for one message each, that this one follows; null if none
 * @param domain the key of the domain
 * @param registrable the key that budgets of the domain are kept under
 * @param client the key of the client
 * @param preferred whether the mail passes SPF, so that the reserved half of each budget is open to it
 * @param boost by how many times the domain's budget is multiplied, at least 1
 * @param mayProbe whether a probe may be granted at all
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
     * Makes a question.
     *
     * @param address the key of the address
     * @param base the key of the same address without its tag
     * @param pattern the key of the pattern that the address follows
     * @param domain the key of the domain
     * @param registrable the key that budgets of the domain are kept under
     * @param client the key of the client
     * @param preferred whether the mail passes SPF
     * @param boost by how many times the domain's budget is multiplied
     * @param mayProbe whether a probe may be granted at all
     * @throws IllegalArgumentException if the boost is not positive
     */
    public AdmissionRequest {
        if (boost < 1) {
            throw new IllegalArgumentException("a budget cannot be multiplied by " + boost);
        }
    }

    /**
     * What a deliverable answer for which also answers for the address.
     *
     * @return the base and the pattern, as far as there are any
     */
    public List<String> families() {
        return Stream.of(base, pattern).filter(Objects::nonNull).toList();
    }

    /**
     * The same question with or without leave to cause a probe.
     *
     * @param allowed whether a probe may be granted
     * @return the question
     */
    public AdmissionRequest withMayProbe(boolean allowed) {
        return allowed == mayProbe
                ? this
                : new AdmissionRequest(address, base, pattern, domain, registrable, client, preferred, boost, allowed);
    }
}

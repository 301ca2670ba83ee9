package org.senderauth.spf;

import org.jspecify.annotations.Nullable;
import org.senderauth.core.SmtpReply;

/**
 * The answer to an {@link SpfQuery}. Immutable.
 *
 * @param query the question
 * @param verdict the answer
 * @param domain the domain that was checked, in A-labels where it is internationalised; as it was given if it is none
 * @param mechanism the mechanism that matched as its record writes it, of the domain's own record or of the one that
 *     {@code redirect} leads to; null if none matched
 * @param problem why the verdict is an error; null if it is none
 * @param explanation what the domain says about a fail: printable ASCII, at most {@value #MAX_EXPLANATION} characters,
 *     and as trustworthy as the domain; null if it says nothing or the verdict is another
 * @param lookups terms that asked the DNS, over all records
 * @param voidLookups questions of these terms that were answered with nothing
 * @param trace what happened; null unless the verifier was asked to keep it
 * @param receiver the name of the host that checked
 */
public record SpfResult(
        SpfQuery query,
        SpfVerdict verdict,
        String domain,
        @Nullable String mechanism,
        @Nullable SpfProblem problem,
        @Nullable String explanation,
        int lookups,
        int voidLookups,
        @Nullable SpfTrace trace,
        String receiver) {

    /** Most characters of an explanation, so that it fits into one line of an SMTP reply (RFC 5321 section 4.5.3.1.5). */
    public static final int MAX_EXPLANATION = 300;

    /**
     * Which name was checked.
     *
     * @return the identity of the question
     */
    public SpfIdentity identity() {
        return query.identity();
    }

    SpfResult withQuery(SpfQuery other) {
        return new SpfResult(
                other, verdict, domain, mechanism, problem, explanation, lookups, voidLookups, trace, receiver);
    }

    /**
     * The trace header of RFC 7208 section 9.1 with the keys {@code receiver}, {@code client-ip}, {@code
     * envelope-from}, {@code helo}, {@code identity}, {@code mechanism} and {@code problem}.
     *
     * @return the whole field in one line, without a line end; what others sent is quoted, and cannot break the line
     */
    public String receivedSpf() {
        return SpfHeaders.receivedSpf(this);
    }

    /**
     * The trace header of RFC 8601 with this one result, under the receiver's name.
     *
     * @return the whole field in one line, without a line end; what others sent is quoted, and cannot break the line
     */
    public String authenticationResults() {
        return SpfHeaders.authenticationResults(this);
    }

    /**
     * How a receiver that acts on the verdict answers, with the codes of RFC 7372: 550 5.7.23 for a fail, 451 4.7.24 for
     * a temperror, 550 5.7.24 for a permerror.
     *
     * @return the reply; null for the verdicts that are no reason to refuse
     */
    public @Nullable SmtpReply smtpReply() {
        return SpfHeaders.reply(this);
    }
}

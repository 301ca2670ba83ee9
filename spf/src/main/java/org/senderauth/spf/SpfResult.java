package org.senderauth.spf;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.AuthResult;
import org.senderauth.core.SmtpReply;

/** The result of one SPF check. Immutable. */
public final class SpfResult {

    /**
     * The maximum number of characters of an explanation, so that it fits into one line of an SMTP reply (RFC 5321
     * section 4.5.3.1.5).
     */
    public static final int MAX_EXPLANATION = 300;

    private final SpfQuery query;
    private final SpfVerdict verdict;
    private final String domain;
    private final @Nullable String mechanism;
    private final @Nullable SpfProblem problem;
    private final @Nullable String explanation;
    private final int lookups;
    private final int voidLookups;
    private final int queries;
    private final @Nullable SpfTrace trace;
    private final String receiver;

    private SpfResult(Builder builder) {
        this.query = builder.query;
        this.verdict = builder.verdict;
        this.domain = builder.domain;
        this.mechanism = builder.mechanism;
        this.problem = builder.problem;
        this.explanation = builder.explanation;
        this.lookups = builder.lookups;
        this.voidLookups = builder.voidLookups;
        this.queries = builder.queries;
        this.trace = builder.trace;
        this.receiver = builder.receiver;
    }

    /** {@return the query} */
    public SpfQuery query() {
        return query;
    }

    /** {@return the identity that was checked} */
    public SpfIdentity identity() {
        return query.identity();
    }

    /** {@return the result} */
    public SpfVerdict verdict() {
        return verdict;
    }

    /**
     * {@return the domain that was checked, in A-labels where it is internationalized; as it was given if it is not a
     * valid domain name, and empty if the sender or HELO name is malformed}
     */
    public String domain() {
        return domain;
    }

    /**
     * {@return the mechanism that matched as its record writes it, of the domain's own record or of its redirect target;
     * empty if no mechanism matched}
     */
    public Optional<String> mechanism() {
        return Optional.ofNullable(mechanism);
    }

    /** {@return the reason for temperror, permerror, or for none because of a malformed sender or HELO name} */
    public Optional<SpfProblem> problem() {
        return Optional.ofNullable(problem);
    }

    /**
     * {@return the domain's explanation of a fail: printable ASCII, at most {@value #MAX_EXPLANATION} characters, and as
     * trustworthy as the domain}
     */
    public Optional<String> explanation() {
        return Optional.ofNullable(explanation);
    }

    /** {@return the number of DNS lookups: terms that cause DNS queries, over all records} */
    public int lookups() {
        return lookups;
    }

    /** {@return the number of void lookups, as {@link SpfLimits#voidLookupCounting} counts them} */
    public int voidLookups() {
        return voidLookups;
    }

    /** {@return the number of DNS queries that the check needed, each CNAME that was followed counted as one} */
    public int queries() {
        return queries;
    }

    /** {@return the trace; empty unless the verifier keeps traces} */
    public Optional<SpfTrace> trace() {
        return Optional.ofNullable(trace);
    }

    /** {@return the name of the receiving host, as the verifier was given it} */
    public String receiver() {
        return receiver;
    }

    /** {@return the result as a sentence, such as {@code 192.0.2.1 is authorized to send mail for example.org}} */
    public String reason() {
        return SpfFormatter.reason(this);
    }

    /**
     * Returns the header field of RFC 7208 section 9.1 with the keys {@code receiver}, {@code client-ip}, {@code
     * envelope-from}, {@code helo}, {@code identity}, {@code mechanism} and {@code problem}.
     *
     * @return the whole field on one line, without a newline; untrusted text is quoted and cannot break the line
     */
    public String receivedSpf() {
        return SpfFormatter.receivedSpf(this);
    }

    /**
     * Returns the result for the header field Authentication-Results (RFC 8601 section 2.7.2), with the identity that was
     * checked: {@code smtp.helo} for the HELO name and for a null sender, whose check is one of the HELO name (RFC 7208
     * section 2.4), else {@code smtp.mailfrom}.
     *
     * @return one {@code resinfo}, which {@link org.senderauth.core.AuthenticationResults} writes into a field
     */
    public AuthResult authResult() {
        return SpfFormatter.authResult(this);
    }

    /**
     * Returns the reply of a receiver that acts on the result, with the codes of RFC 7372: 550 5.7.23 for a fail, 451
     * 4.7.24 for a temperror. A permerror has none: the domain's record is broken, which is not the client's fault and
     * says nothing about it, and section 8.7 leaves the handling to the receiver; see {@link #permerrorReply}.
     *
     * @return the reply; empty for results that are no reason to reject
     */
    public Optional<SmtpReply> smtpReply() {
        return verdict == SpfVerdict.PERMERROR ? Optional.empty() : SpfFormatter.reply(this);
    }

    /**
     * Returns the reply of a receiver that rejects on a permerror (RFC 7208 section 8.7), 550 5.7.24.
     *
     * @return the reply; empty for other results
     */
    public Optional<SmtpReply> permerrorReply() {
        return verdict == SpfVerdict.PERMERROR ? SpfFormatter.reply(this) : Optional.empty();
    }

    SpfResult withQuery(SpfQuery other) {
        Builder builder = new Builder(other, verdict, domain, receiver);
        builder.mechanism = mechanism;
        builder.problem = problem;
        builder.explanation = explanation;
        builder.lookups = lookups;
        builder.voidLookups = voidLookups;
        builder.queries = queries;
        builder.trace = trace;
        return builder.build();
    }

    private List<Optional<?>> parts() {
        return List.of(
                Optional.of(query),
                Optional.of(verdict),
                Optional.of(domain),
                mechanism(),
                problem(),
                explanation(),
                Optional.of(lookups),
                Optional.of(voidLookups),
                Optional.of(queries),
                trace(),
                Optional.of(receiver));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SpfResult that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return Objects.hash(query, verdict, domain);
    }

    @Override
    public String toString() {
        return "SpfResult[" + verdict.text() + ", " + query + (mechanism == null ? "" : ", " + mechanism)
                + (problem == null ? "" : ", " + problem) + "]";
    }

    /** Collects the parts of a result. Used by one thread. */
    static final class Builder {
        private final SpfQuery query;
        private final SpfVerdict verdict;
        private final String domain;
        private final String receiver;

        @Nullable
        String mechanism;

        @Nullable
        SpfProblem problem;

        @Nullable
        String explanation;

        int lookups;
        int voidLookups;
        int queries;

        @Nullable
        SpfTrace trace;

        Builder(SpfQuery query, SpfVerdict verdict, String domain, String receiver) {
            this.query = query;
            this.verdict = verdict;
            this.domain = domain;
            this.receiver = receiver;
        }

        SpfResult build() {
            return new SpfResult(this);
        }
    }
}

package org.senderauth.dkim2;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.senderauth.core.AuthResult;
import org.senderauth.core.SmtpReply;
import org.senderauth.dkim2.Dkim2Signature.Binding;

/** The result of checking one bounce. Immutable. */
public final class Dkim2BounceResult {

    private final Dkim2BounceVerdict verdict;
    private final Dkim2Reason reason;
    private final String detail;
    private final boolean reportSigned;
    private final int queries;
    private final Optional<Dkim2Signature> signature;
    private final Optional<String> reporter;

    private Dkim2BounceResult(Builder builder, Dkim2BounceVerdict verdict, Dkim2Reason reason, String detail) {
        this.verdict = verdict;
        this.reason = reason;
        this.detail = detail;
        this.reportSigned = builder.reportSigned;
        this.queries = builder.queries;
        this.signature = builder.signature;
        this.reporter = builder.reporter;
    }

    /** {@return what the report proves} */
    public Dkim2BounceVerdict verdict() {
        return verdict;
    }

    /** {@return which rule decided} */
    public Dkim2Reason reason() {
        return reason;
    }

    /** {@return the reason as a sentence for humans, in printable ASCII} */
    public String detail() {
        return detail;
    }

    /**
     * {@return whether the report has DKIM2 fields of its own and was not revised since; if not, a bad result is not a reason
     * to reject it}
     */
    public boolean isReportSigned() {
        return reportSigned;
    }

    /** {@return the domain that signed the report, once its signature verified} */
    public Optional<String> reporter() {
        return reporter;
    }

    /** {@return the domain in our signature over the returned message, once that signature verified} */
    public Optional<String> domain() {
        return signature.map(Dkim2Signature::domain);
    }

    /** {@return when we signed the returned message, once that signature verified} */
    public Optional<Instant> signedAt() {
        return signature
                .map(Dkim2Signature::time)
                .filter(time -> time <= Instant.MAX.getEpochSecond())
                .map(Instant::ofEpochSecond);
    }

    /** {@return the recipients of the message that we sent, in angle brackets, once its signature verified} */
    public List<String> recipients() {
        return signature
                .filter(found -> found.binding() instanceof Binding.Envelope)
                .map(found -> ((Binding.Envelope) found.binding())
                        .recipients().stream().map(SignedPath::toString).toList())
                .orElse(List.of());
    }

    /** {@return the number of DNS queries} */
    public int queries() {
        return queries;
    }

    /**
     * Suggests a reply at the end of DATA (-06 section 12.1.2). Only a signed report is rejected (550 5.7.1): old mailers
     * change the messages that they return, so a report without a signature proves nothing by a bad result. Nor is one
     * beyond a limit of this implementation, or with an algorithm that it does not know. Whether the reply is used is
     * policy.
     *
     * @return the reply
     */
    public Optional<SmtpReply> smtpReply() {
        if (verdict == Dkim2BounceVerdict.TEMPERROR) {
            return Optional.of(SmtpReply.of(451, "4.7.5", "Bounce not verified: " + detail + ", try again later"));
        }
        return reportSigned && verdict.isContradicted() && !reason.isUnknown()
                ? Optional.of(SmtpReply.of(550, "5.7.1", "Bounce rejected: " + detail))
                : Optional.empty();
    }

    /**
     * Returns the result for an Authentication-Results field: method {@code dkim2} with the verdict as {@code policy.dsn}.
     *
     * @return the result
     */
    public AuthResult authResult() {
        String result = verdict.isOurs()
                ? "pass"
                : verdict == Dkim2BounceVerdict.TEMPERROR ? "temperror" : verdict.isContradicted() ? "fail" : "none";
        AuthResult.Builder builder = AuthResult.builder("dkim2", result)
                .reason(verdict.isOurs() ? "" : detail)
                .property("policy.dsn", verdict.text());
        reporter.ifPresent(domain -> builder.address("header.d", domain));
        return builder.build();
    }

    @Override
    public String toString() {
        return verdict.text() + ": " + detail;
    }

    /** Collects what a check finds on its way. Not thread-safe. */
    static final class Builder {

        private final boolean reportSigned;
        private int queries;
        private Optional<Dkim2Signature> signature = Optional.empty();
        private Optional<String> reporter = Optional.empty();

        Builder(boolean reportSigned) {
            this.reportSigned = reportSigned;
        }

        Builder queries(int queries) {
            this.queries = queries;
            return this;
        }

        Builder signature(Dkim2Signature signature) {
            this.signature = Optional.of(signature);
            return this;
        }

        Builder reporter(String domain) {
            this.reporter = Optional.of(domain);
            return this;
        }

        Dkim2BounceResult build(Dkim2BounceVerdict verdict, Dkim2Reason reason, String detail) {
            return new Dkim2BounceResult(this, verdict, reason, detail);
        }
    }
}

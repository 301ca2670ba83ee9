package org.senderauth.policy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Ascii;
import org.senderauth.core.AuthResult;
import org.senderauth.core.SafeText;
import org.senderauth.core.SmtpReply;

/** The result of one step. Immutable. */
public final class StepResult {

    /** The {@link #result} of a step from which the transaction is {@linkplain Exemptions.Builder#step exempt}. */
    public static final String EXEMPT = "exempt";

    private static final Pattern NEWLINE = Pattern.compile("(?<!\\s)\\s*[\\r\\n]\\s*");

    private final Outcome outcome;
    private final String result;
    private final String explanation;
    private final @Nullable SmtpReply smtpReply;
    private final @Nullable AuthResult authResult;
    private final @Nullable String header;
    private final int queries;
    // One text: a service keeps thousands of them, and an object for each line takes more than the line.
    private final String evidence;

    /** The meaning of a result for the mail (the terms of RFC 8601 section 2.7 where they fit). */
    public enum Outcome {
        /** The sender passed the check. */
        PASS,
        /** The check neither passed nor failed. */
        NEUTRAL,
        /** The sender failed the check: a reason to reject. */
        FAIL,
        /** A temporary failure: the result is unknown. */
        TEMPERROR,
        /** The result depends on the content of the message, which is unknown so far. */
        PENDING,
        /** The step does not apply to this transaction, or an earlier result makes it unnecessary. */
        SKIPPED;

        private final String text = Ascii.text(this);

        /** {@return the name in lower case, such as {@code temperror}} */
        public String text() {
            return text;
        }
    }

    private StepResult(
            Outcome outcome,
            String result,
            String explanation,
            @Nullable SmtpReply smtpReply,
            @Nullable AuthResult authResult,
            @Nullable String header,
            int queries,
            String evidence) {
        this.outcome = outcome;
        this.result = result;
        this.explanation = SafeText.is(explanation)
                ? explanation
                : SafeText.of(NEWLINE.matcher(explanation).replaceAll(" "));
        this.smtpReply = smtpReply;
        this.authResult = authResult;
        this.header = header;
        this.queries = queries;
        this.evidence = evidence;
    }

    static StepResult pass(String result, String explanation) {
        return of(Outcome.PASS, result, explanation);
    }

    static StepResult neutral(String result, String explanation) {
        return of(Outcome.NEUTRAL, result, explanation);
    }

    static StepResult pending(String result, String explanation) {
        return of(Outcome.PENDING, result, explanation);
    }

    static StepResult skipped(String explanation) {
        return of(Outcome.SKIPPED, "none", explanation);
    }

    /** The result of a step that does not run since the transaction is exempt from it. */
    static StepResult exempt(String explanation) {
        return of(Outcome.SKIPPED, EXEMPT, explanation);
    }

    private static StepResult of(Outcome outcome, String result, String explanation) {
        return new StepResult(outcome, result, explanation, null, null, null, 0, "");
    }

    static StepResult fail(String result, String explanation, SmtpReply reply) {
        return new StepResult(
                Outcome.FAIL, result, explanation, Objects.requireNonNull(reply, "reply"), null, null, 0, "");
    }

    /** A temporary failure never rejects permanently. */
    static StepResult temperror(String result, String explanation, SmtpReply reply) {
        if (reply.isPermanent()) {
            throw new IllegalArgumentException("reply of TEMPERROR must be temporary, was " + reply);
        }
        return new StepResult(Outcome.TEMPERROR, result, explanation, reply, null, null, 0, "");
    }

    /** This result with what the header fields of the message report of it. */
    StepResult with(AuthResult newAuthResult, @Nullable String newHeader) {
        return with(newAuthResult, newHeader, 0);
    }

    /** As {@link #with(AuthResult, String)}, and with the DNS queries that the step sent. */
    StepResult with(AuthResult newAuthResult, @Nullable String newHeader, int newQueries) {
        return new StepResult(outcome, result, explanation, smtpReply, newAuthResult, newHeader, newQueries, evidence);
    }

    /** This result without anything for the header fields. */
    StepResult withoutTrace() {
        return new StepResult(outcome, result, explanation, smtpReply, null, null, queries, evidence);
    }

    /** This result with what the header fields report of another. */
    StepResult withTraceOf(StepResult other) {
        return new StepResult(
                outcome, result, explanation, smtpReply, other.authResult, other.header, other.queries, other.evidence);
    }

    /** This result with what the step saw: printable lines that {@link Evidence} has bounded, each with a newline. */
    StepResult withEvidence(String lines) {
        return new StepResult(outcome, result, explanation, smtpReply, authResult, header, queries, lines);
    }

    /**
     * {@return what the step saw, for a reader, one printable line each and 8,192 characters at most: the tree of an SPF
     * check if its verifier {@linkplain org.senderauth.spf.SpfVerifier.Builder#trace keeps a trace}, the SMTP session of a
     * callout, the contents of a tag or signature; empty for a step that saw no more than its explanation says}
     */
    public List<String> evidence() {
        return evidence.isEmpty() ? List.of() : evidence.lines().toList();
    }

    /** {@return the number of characters of {@link #evidence}, each line with one more for its end} */
    public int evidenceCharacters() {
        return evidence.length();
    }

    /** {@return the DNS queries that an SPF check sent, which the check of the next identity counts on; else 0} */
    int queries() {
        return queries;
    }

    /** {@return what the result means for the mail} */
    public Outcome outcome() {
        return outcome;
    }

    /** {@return the result in the terms of the step, such as {@code softfail}} */
    public String result() {
        return result;
    }

    /** {@return the result for the reader of a log, on one line without control characters} */
    public String explanation() {
        return explanation;
    }

    /** {@return the reply if this step decides: present for {@link Outcome#FAIL} and {@link Outcome#TEMPERROR} only} */
    public Optional<SmtpReply> smtpReply() {
        return Optional.ofNullable(smtpReply);
    }

    /** {@return the result for {@code Authentication-Results} (RFC 8601 section 2.2), if the step has one} */
    public Optional<AuthResult> authResult() {
        return Optional.ofNullable(authResult);
    }

    /** {@return a header field of the step's own, such as {@code Received-SPF}, on one line} */
    public Optional<String> header() {
        return Optional.ofNullable(header);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StepResult that
                && outcome == that.outcome
                && result.equals(that.result)
                && explanation.equals(that.explanation)
                && Objects.equals(smtpReply, that.smtpReply)
                && Objects.equals(authResult, that.authResult)
                && Objects.equals(header, that.header);
    }

    @Override
    public int hashCode() {
        return Objects.hash(outcome, result, explanation);
    }

    /** {@return the outcome and the result on one line} */
    @Override
    public String toString() {
        return outcome.text() + " (" + result + "): " + explanation;
    }
}

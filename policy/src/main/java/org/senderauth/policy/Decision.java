package org.senderauth.policy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Ascii;
import org.senderauth.core.SmtpReply;

/** The decision on one transaction. Immutable. */
public final class Decision {

    /** The header field that reports a decision in the message, if the policy is {@link SenderPolicyBuilder#traced}. */
    public static final String HEADER = "X-Senderauth-Decision";

    /** The action that a decision requires. */
    public enum Action {
        /** No check failed; the SMTP server continues with its own checks. */
        CONTINUE,
        /** The SMTP server replies 4yz. */
        DEFER,
        /** The SMTP server replies 5yz. */
        REJECT;

        private final String text = Ascii.text(this);

        /** {@return the name in lower case: {@code continue}, {@code defer} or {@code reject}} */
        public String text() {
            return text;
        }

        /**
         * Returns the action that a reply means.
         *
         * @param reply the reply
         * @return {@link #REJECT} or {@link #DEFER}
         */
        public static Action of(SmtpReply reply) {
            return reply.isPermanent() ? REJECT : DEFER;
        }
    }

    private final String id;
    private final @Nullable SmtpReply smtpReply;
    private final @Nullable Step step;
    private final @Nullable SmtpReply withheld;
    private final List<String> headers;
    private final String reason;
    private final List<StepReport> steps;

    private Decision(Builder builder) {
        this.id = builder.id;
        this.smtpReply = builder.smtpReply;
        this.step = builder.step;
        this.withheld = builder.withheld;
        this.headers = List.copyOf(builder.headers);
        this.reason = builder.reason;
        this.steps = List.copyOf(builder.steps);
    }

    /**
     * {@return an identifier of this decision, of letters and digits; with {@link SenderPolicyBuilder#traced} the client,
     * the message and the log all show it}
     */
    public String id() {
        return id;
    }

    /** {@return the action that the reply means} */
    public Action action() {
        return smtpReply == null ? Action.CONTINUE : Action.of(smtpReply);
    }

    /**
     * {@return the rejection or deferral to send to the client: reply code, enhanced status code and text; empty if the
     * mail may continue}
     */
    public Optional<SmtpReply> smtpReply() {
        return Optional.ofNullable(smtpReply);
    }

    /** {@return the step that the reply, or else the withheld reply, is from; empty if there is no such reply} */
    public Optional<Step> step() {
        return Optional.ofNullable(step);
    }

    /**
     * {@return the reply that the client would have got if the steps that only monitor had enforced; empty if it would have
     * been the same}
     */
    public Optional<SmtpReply> withheld() {
        return Optional.ofNullable(withheld);
    }

    /** {@return header fields to prepend to the message if it is accepted, each {@code Name: value} on one line} */
    public List<String> headers() {
        return headers;
    }

    /** {@return the reason, on one line for the reader of a log} */
    public String reason() {
        return reason;
    }

    /** {@return the steps that ran, in order; empty for an exempt transaction} */
    public List<StepReport> steps() {
        return steps;
    }

    /**
     * Tests whether the policy decides again once the content is known. Until then the recipient is accepted.
     *
     * @return true if the server must call {@link SenderPolicy#decide(Transaction, ReceivedMessage)} at the end of the
     *     message
     */
    public boolean awaitsContent() {
        return steps.stream().anyMatch(report -> report.result().outcome() == StepResult.Outcome.PENDING);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Decision that
                && id.equals(that.id)
                && Objects.equals(smtpReply, that.smtpReply)
                && step == that.step
                && Objects.equals(withheld, that.withheld)
                && headers.equals(that.headers)
                && reason.equals(that.reason)
                && steps.equals(that.steps);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, smtpReply, step, withheld, reason);
    }

    /** {@return the action, the reason and the steps} */
    @Override
    public String toString() {
        return "Decision[id=" + id + ", action=" + action() + ", smtpReply=" + smtpReply + ", step=" + step
                + ", withheld=" + withheld + ", headers=" + headers + ", reason=" + reason + ", steps=" + steps + "]";
    }

    /** Collects the parts of a decision. Used by one thread. */
    static final class Builder {

        private final String id;
        private final String reason;
        private @Nullable SmtpReply smtpReply;
        private @Nullable Step step;
        private @Nullable SmtpReply withheld;
        private List<String> headers = List.of();
        private List<StepReport> steps = List.of();

        Builder(String id, String reason) {
            this.id = id;
            this.reason = reason;
        }

        Builder smtpReply(@Nullable SmtpReply reply) {
            this.smtpReply = reply;
            return this;
        }

        Builder step(@Nullable Step from) {
            this.step = from;
            return this;
        }

        Builder withheld(@Nullable SmtpReply reply) {
            this.withheld = reply;
            return this;
        }

        Builder headers(List<String> fields) {
            this.headers = fields;
            return this;
        }

        Builder steps(List<StepReport> reports) {
            this.steps = reports;
            return this;
        }

        Decision build() {
            return new Decision(this);
        }
    }
}

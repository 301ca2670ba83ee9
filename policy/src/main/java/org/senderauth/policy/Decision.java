package org.senderauth.policy;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SmtpReply;

/**
 * The answer to one transaction. Immutable.
 *
 * @param refusal what to answer to the client; null if the mail may go on
 * @param headers headers to put on top of the message if it is accepted, each {@code Name: value} on one line
 * @param reason why, on one line for a person
 * @param steps the steps that were taken, in order; none for an exempt transaction
 */
public record Decision(@Nullable SmtpReply refusal, List<String> headers, String reason, List<StepReport> steps) {

    /** What to do. */
    public enum Action {
        /** No objection; the SMTP server goes on with its own checks. */
        CONTINUE,
        /** Answer 4yz. */
        DEFER,
        /** Answer 5yz. */
        REFUSE;

        private final String text = Words.of(this);

        /**
         * The action as reports write it.
         *
         * @return {@code continue}, {@code defer} or {@code refuse}
         */
        public String text() {
            return text;
        }
    }

    /**
     * Makes a decision; the lists are copied.
     *
     * @param refusal what to answer; null if the mail may go on
     * @param headers headers for the message
     * @param reason why
     * @param steps the steps that were taken
     */
    public Decision {
        headers = List.copyOf(headers);
        steps = List.copyOf(steps);
    }

    /**
     * What to do.
     *
     * @return the action that the refusal means
     */
    public Action action() {
        if (refusal == null) {
            return Action.CONTINUE;
        }
        return refusal.isPermanent() ? Action.REFUSE : Action.DEFER;
    }

    /**
     * What to answer to the client.
     *
     * @return reply code, enhanced code and text, or nothing if the mail may go on
     */
    public Optional<SmtpReply> reply() {
        return Optional.ofNullable(refusal);
    }
}

package org.senderauth.policy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The check of one step. Thread-safe. */
interface StepCheck {

    /**
     * Runs the check.
     *
     * @param transaction the transaction
     * @param before the steps that ran before, in order
     * @return the result
     */
    CompletionStage<StepResult> run(Transaction transaction, List<StepReport> before);

    /** Tests whether the result depends on the recipient, so that it differs within a message. */
    default boolean dependsOnRecipient(Transaction transaction) {
        return false;
    }

    /**
     * Runs the check again with the content, where its result was pending.
     *
     * @param transaction the transaction
     * @param message the message
     * @return the result; empty for a check that says nothing about a bounce
     */
    default Optional<CompletionStage<StepResult>> run(Transaction transaction, ReceivedMessage message) {
        return Optional.empty();
    }

    /** Records that the message of this transaction was accepted. */
    default void accepted(Transaction transaction) {}

    /** The outcome of an earlier step, if it ran. */
    static Optional<StepResult.Outcome> outcome(List<StepReport> before, Step step) {
        return before.stream()
                .filter(report -> report.step() == step)
                .map(report -> report.result().outcome())
                .findFirst();
    }
}

package org.senderauth.policy;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Takes one step. Thread-safe. */
interface Check {

    /**
     * Takes the step.
     *
     * @param transaction the transaction
     * @param before the steps that were taken before, in order
     * @return what it found
     */
    CompletionStage<Finding> find(Transaction transaction, List<StepReport> before);

    /** Notes that a message was accepted whose transaction this is. */
    default void accepted(Transaction transaction) {}

    /** What a step found before, if it was taken. */
    static Optional<Finding.Standing> standing(List<StepReport> before, Step step) {
        return before.stream()
                .filter(report -> report.step() == step)
                .map(report -> Objects.requireNonNull(report.finding().standing()))
                .findFirst();
    }
}

package org.senderauth.policy;

import java.time.Duration;

/**
 * A listener for the events of a {@link SenderPolicy}. Implementations are thread-safe, return quickly and throw nothing;
 * an exception is ignored.
 */
public interface PolicyObserver {

    /** The observer that ignores all events. */
    PolicyObserver NONE = new PolicyObserver() {};

    /**
     * Called when a step has run. Not called again for further recipients of the same message, except for the steps that
     * depend on the recipient.
     *
     * @param step the step
     * @param result its result
     * @param time the time it took
     */
    default void stepCompleted(Step step, StepResult result, Duration time) {}

    /**
     * Called when a check fails with an internal error; the outcome of its step is
     * {@link StepResult.Outcome#TEMPERROR}.
     *
     * @param step the step
     * @param cause the error
     */
    default void failed(Step step, Throwable cause) {}

    /**
     * Called when a transaction was rejected or deferred, or may continue at the last stage that has steps.
     *
     * @param transaction the transaction
     * @param decision the decision
     * @param time the time it took
     */
    default void decided(Transaction transaction, Decision decision, Duration time) {}
}

package org.senderauth.policy;

import java.time.Duration;

/** Watches a {@link SenderPolicy}; thread-safe, quick, and throws nothing. */
public interface PolicyObserver {

    /** Watches nothing. */
    PolicyObserver NONE = new PolicyObserver() {};

    /**
     * A step was taken. Not called again when the same message is asked about for another recipient, except for the
     * steps that depend on it.
     *
     * @param step the step
     * @param finding what it found
     * @param time how long it took
     */
    default void found(Step step, Finding finding, Duration time) {}

    /**
     * A step failed in a way that it should not; its finding is trouble.
     *
     * @param step the step
     * @param cause what was thrown
     */
    default void failed(Step step, Throwable cause) {}

    /**
     * A transaction was decided on: it was refused or deferred, or let go at the last stage at which there are steps.
     *
     * @param transaction the transaction
     * @param decision the decision
     * @param time how long it took
     */
    default void decided(Transaction transaction, Decision decision, Duration time) {}
}

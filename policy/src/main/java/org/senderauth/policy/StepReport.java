package org.senderauth.policy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One step of a decision. Immutable. */
public final class StepReport {

    private final Step step;
    private final StepMode mode;
    private final StepResult result;

    StepReport(Step step, StepMode mode, StepResult result) {
        this.step = step;
        this.mode = mode;
        this.result = result;
    }

    /** {@return the step} */
    public Step step() {
        return step;
    }

    /** {@return the step's mode for this transaction} */
    public StepMode mode() {
        return mode;
    }

    /** {@return the step's result} */
    public StepResult result() {
        return result;
    }

    /** {@return the step on one line, such as {@code batv: invalid (enforce): wrong key or address}} */
    @Override
    public String toString() {
        return step.text() + ": " + result.result() + " (" + mode.text() + "): " + result.explanation();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StepReport that
                && step.equals(that.step)
                && mode.equals(that.mode)
                && result.equals(that.result);
    }

    @Override
    public int hashCode() {
        return Objects.hash(step, mode, result);
    }
}

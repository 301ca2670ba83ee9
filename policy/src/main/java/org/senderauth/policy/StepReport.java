package org.senderauth.policy;

/**
 * One step of a decision. Immutable.
 *
 * @param step the step
 * @param mode what it was allowed to do for this transaction
 * @param finding what it found
 */
public record StepReport(Step step, StepMode mode, Finding finding) {

    /**
     * The step on one line for a person.
     *
     * @return such as {@code spf: fail (enforce): 192.0.2.1 may not send for example.org}
     */
    @Override
    public String toString() {
        return step.text() + ": " + finding.result() + " (" + mode.text() + "): " + finding.explanation();
    }
}

package org.senderauth.policy;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.policy.StepExecutor.PendingResult;
import org.senderauth.policy.StepExecutor.PolicyRun;

/**
 * The steps of one decision, one after another: {@link #next} starts a step, {@link #add} takes its result. The caller
 * waits in between, with or without a thread. Used by one thread at a time.
 */
final class StepSequence {

    private final SenderPolicy policy;
    private final Transaction transaction;
    private final Stage reached;
    private final PolicyRun run;
    private final boolean held;
    private final DecisionDraft draft;
    private final Iterator<Map.Entry<Step, StepCheck>> steps;
    private @Nullable Step step;
    private @Nullable Decision decided;

    /**
     * Starts a sequence.
     *
     * @param held whether a bounce may still be proven at the end of the message, so that no proof rejects it before
     */
    StepSequence(
            SenderPolicy policy,
            Transaction transaction,
            Stage reached,
            PolicyRun run,
            boolean held,
            DecisionDraft draft) {
        this.policy = policy;
        this.transaction = transaction;
        this.reached = reached;
        this.run = run;
        this.held = held;
        this.draft = draft;
        this.steps = policy.checks.entrySet().iterator();
    }

    /** Starts the next step that applies; null if the decision is made. */
    @Nullable
    PendingResult next() {
        while (decided == null && steps.hasNext()) {
            Map.Entry<Step, StepCheck> entry = steps.next();
            Step candidate = entry.getKey();
            boolean applies = policy.modes.mode(candidate, transaction) != StepMode.OFF
                    && candidate.stage().compareTo(reached) <= 0;
            Optional<String> exempt = applies ? policy.exemptions.reason(candidate, transaction) : Optional.empty();
            if (exempt.isPresent()) {
                draft.record(exempt(candidate, exempt.get()));
            } else if (applies) {
                step = candidate;
                return run.start(candidate, entry.getValue(), transaction, draft.reports());
            }
        }
        return null;
    }

    private StepReport exempt(Step candidate, String why) {
        return new StepReport(candidate, policy.modes.mode(candidate, transaction), StepResult.exempt(why));
    }

    /** Adds the result of the step that {@link #next} started. */
    void add(StepResult result) {
        Step current = step;
        if (current == null) {
            throw new IllegalStateException("no step was started");
        }
        StepMode mode = policy.modes.mode(current, transaction);
        StepReport report = new StepReport(current, mode, result);
        if (held && BounceProofs.holds(current)) {
            draft.record(report);
            return;
        }
        if (draft.add(report, reached.compareTo(Stage.RCPT) >= 0 && policy.defers(current))) {
            boolean settled = policy.exemptions.settledAt(reached, current, transaction)
                    && policy.modes.settledAt(reached, current, transaction);
            decided = settled ? draft.decide(report) : draft.accept("a later command may override " + report);
        }
    }

    /** The decision, once {@link #next} returned null. */
    Decision decision() {
        return decided == null ? draft.finish() : decided;
    }
}

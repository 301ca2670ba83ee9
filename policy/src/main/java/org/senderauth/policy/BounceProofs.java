package org.senderauth.policy;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.senderauth.policy.StepResult.Outcome;

/**
 * One verdict on a bounce from its proofs, at the end of the message: a valid signature in the recipient (BATV, SES, SRS),
 * our DKIM2 signature over the returned message, and the content. In this order:
 *
 * <ol>
 *   <li>A signed report that DKIM2 contradicts is rejected even with a valid tag, which its signer may replay.
 *   <li>Any one proof accepts, including one that only monitors.
 *   <li>A proof that is unavailable never leads to a rejection: the bounce is deferred or accepted, as configured.
 *   <li>Without a proof the first enforcing step that fails rejects. While DKIM2 enforces, that is so for delivery reports
 *       only: no other message returns what could be proven.
 * </ol>
 */
final class BounceProofs {

    /** The steps that prove a bounce; the content proves nothing. */
    private static final Set<Step> PROOFS = EnumSet.of(Step.BATV, Step.SES, Step.SRS, Step.DKIM2);

    /** Steps whose rejection at RCPT waits for DKIM2. A recipient with an invalid SRS address does not exist. */
    private static final Set<Step> HELD = EnumSet.of(Step.BATV, Step.SES);

    /**
     * The verdict.
     *
     * @param decisive the step whose reply is sent; empty if the bounce is accepted
     * @param reason the reason, with the result of each proof
     */
    record Verdict(Optional<StepReport> decisive, String reason) {

        private static Verdict of(StepReport decisive, List<StepReport> reports) {
            return new Verdict(Optional.of(decisive), decisive + others(reports, decisive));
        }

        private static Verdict accept(String reason) {
            return new Verdict(Optional.empty(), reason);
        }
    }

    private BounceProofs() {}

    /** Tests whether a failure of a step at RCPT waits for the end of the message. */
    static boolean holds(Step step) {
        return HELD.contains(step);
    }

    /**
     * Merges the results of one recipient.
     *
     * @param reports what the steps found at the end of the message, in order; none is off
     * @param deliveryReport whether the content is a delivery report
     * @param onTempfail what a step does that is unavailable; it continues if it is not there
     * @return the verdict
     */
    static Verdict merge(List<StepReport> reports, boolean deliveryReport, Map<Step, TempfailAction> onTempfail) {
        Optional<StepReport> contradicted =
                first(reports, report -> report.step() == Step.DKIM2 && enforces(report, Outcome.FAIL));
        if (contradicted.isPresent()) {
            return Verdict.of(contradicted.get(), reports);
        }
        Optional<StepReport> proof = first(reports, report -> isProof(report, Outcome.PASS));
        if (proof.isPresent()) {
            return Verdict.accept("bounce proven by " + proof.get() + others(reports, proof.get()));
        }
        Optional<StepReport> unavailable =
                first(reports, report -> isProof(report, Outcome.TEMPERROR) && enforces(report, Outcome.TEMPERROR));
        if (unavailable.isPresent()) {
            StepReport report = unavailable.get();
            return onTempfail.getOrDefault(report.step(), TempfailAction.CONTINUE) == TempfailAction.DEFER
                    ? Verdict.of(report, reports)
                    : Verdict.accept("bounce not verified: " + report + others(reports, report));
        }
        boolean dkim2Enforces =
                reports.stream().anyMatch(report -> report.step() == Step.DKIM2 && report.mode() == StepMode.ENFORCE);
        Optional<StepReport> failed = first(reports, report -> enforces(report, Outcome.FAIL));
        if (failed.isPresent() && (deliveryReport || !dkim2Enforces)) {
            return Verdict.of(failed.get(), reports);
        }
        Optional<StepReport> deferring = first(
                reports,
                report -> enforces(report, Outcome.TEMPERROR)
                        && onTempfail.getOrDefault(report.step(), TempfailAction.CONTINUE) == TempfailAction.DEFER);
        if (deferring.isPresent()) {
            return Verdict.of(deferring.get(), reports);
        }
        return Verdict.accept(failed.isPresent() ? "not a delivery report" : "no check failed");
    }

    private static Optional<StepReport> first(List<StepReport> reports, Predicate<StepReport> condition) {
        return reports.stream().filter(condition).findFirst();
    }

    private static boolean isProof(StepReport report, Outcome outcome) {
        return PROOFS.contains(report.step()) && report.result().outcome() == outcome;
    }

    private static boolean enforces(StepReport report, Outcome outcome) {
        return report.mode() == StepMode.ENFORCE && report.result().outcome() == outcome;
    }

    private static String others(List<StepReport> reports, StepReport decisive) {
        return reports.stream()
                .filter(report -> report != decisive && report.result().outcome() != Outcome.SKIPPED)
                .map(report -> "; " + report)
                .collect(Collectors.joining());
    }
}

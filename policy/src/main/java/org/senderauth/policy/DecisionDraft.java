package org.senderauth.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SmtpReply;
import org.senderauth.policy.StepResult.Outcome;

/** The reports of one decision so far, and what would follow if each step enforced. Used by one thread. */
final class DecisionDraft {

    private static final int ID_BRACKETS = 3;

    private final String hostname;
    private final String id;
    private final boolean traced;
    private final List<StepReport> reports = new ArrayList<>();
    private @Nullable StepReport deferring;
    private @Nullable StepReport wouldReject;
    private @Nullable StepReport wouldDefer;

    /**
     * An empty draft.
     *
     * @param traced whether the reply and the header fields show the id
     */
    DecisionDraft(String hostname, String id, boolean traced) {
        this.hostname = hostname;
        this.id = id;
        this.traced = traced;
    }

    /** {@return the reports so far, in order} */
    List<StepReport> reports() {
        return Collections.unmodifiableList(reports);
    }

    /**
     * Adds the report of a step.
     *
     * @param mayDefer whether a temporary failure of the step defers where the step enforces
     * @return whether it is a failure of an enforcing step
     */
    boolean add(StepReport report, boolean mayDefer) {
        reports.add(report);
        Outcome outcome = report.result().outcome();
        boolean enforces = report.mode() == StepMode.ENFORCE;
        if (outcome == Outcome.TEMPERROR && mayDefer) {
            if (enforces) {
                deferring = deferring == null ? report : deferring;
            } else {
                wouldDefer = wouldDefer == null ? report : wouldDefer;
            }
        }
        if (outcome == Outcome.FAIL && !enforces) {
            wouldReject = wouldReject == null ? report : wouldReject;
        }
        return outcome == Outcome.FAIL && enforces;
    }

    /** Adds the report of a step that decides nothing by itself. */
    void record(StepReport report) {
        reports.add(report);
    }

    /**
     * Decides on a bounce at the end of its message, by all its proofs.
     *
     * @param deliveryReport whether the content is a delivery report
     * @param onTempfail what a step does that is unavailable
     * @return the decision
     */
    Decision finish(boolean deliveryReport, Map<Step, TempfailAction> onTempfail) {
        BounceProofs.Verdict verdict = BounceProofs.merge(reports, deliveryReport, onTempfail);
        Optional<SmtpReply> reply =
                verdict.decisive().flatMap(report -> report.result().smtpReply());
        if (reply.isPresent()) {
            return decision(
                    reply.map(this::shown), verdict.decisive().orElseThrow(), Optional.empty(), verdict.reason());
        }
        List<StepReport> enforced = reports.stream()
                .map(report -> new StepReport(report.step(), StepMode.ENFORCE, report.result()))
                .toList();
        Optional<StepReport> withheld =
                BounceProofs.merge(enforced, deliveryReport, onTempfail).decisive();
        return decision(
                Optional.empty(),
                withheld.orElse(null),
                withheld.flatMap(report -> report.result().smtpReply()),
                verdict.reason());
    }

    /** {@return the decision that the mail is deferred, for a reason outside the steps} */
    Decision defer(SmtpReply reply, String reason) {
        return decision(Optional.of(shown(reply)), null, Optional.empty(), reason);
    }

    /** {@return the decision after the last step: no enforcing step failed} */
    Decision finish() {
        if (deferring != null) {
            return decide(deferring);
        }
        StepReport withheld = wouldReject == null ? wouldDefer : wouldReject;
        return withheld == null
                ? accept("no check failed")
                : decision(Optional.empty(), withheld, withheld.result().smtpReply(), withheld.toString());
    }

    /** {@return the decision that the mail continues, for another reason} */
    Decision accept(String reason) {
        return decision(Optional.empty(), null, Optional.empty(), reason);
    }

    /** {@return the decision for exempt mail, without header fields of its own} */
    Decision exempt(String reason) {
        return new Decision.Builder(id, "exempt: " + reason).build();
    }

    /** {@return the decision with the reply of a step that enforces} */
    Decision decide(StepReport decisive) {
        SmtpReply reply = decisive.result().smtpReply().orElseThrow();
        // A step that only monitors rejects where this one defers; no step would change a rejection.
        StepReport rejecting = reply.isPermanent() ? null : wouldReject;
        Optional<SmtpReply> withheld =
                rejecting == null ? Optional.empty() : rejecting.result().smtpReply();
        return decision(Optional.of(shown(reply)), decisive, withheld, decisive.toString());
    }

    private Decision decision(
            Optional<SmtpReply> reply, @Nullable StepReport by, Optional<SmtpReply> withheld, String reason) {
        Optional<Step> step = Optional.ofNullable(by).map(StepReport::step);
        List<String> headers = new ArrayList<>(TraceHeaders.of(hostname, reports));
        if (traced) {
            headers.add(TraceHeaders.decision(id, step, withheld));
        }
        return new Decision.Builder(id, reason)
                .smtpReply(reply.orElse(null))
                .step(step.orElse(null))
                .withheld(withheld.orElse(null))
                .headers(headers)
                .steps(reports)
                .build();
    }

    private SmtpReply shown(SmtpReply reply) {
        return traced ? withId(reply) : reply;
    }

    // The id survives where a long text is cut.
    private SmtpReply withId(SmtpReply reply) {
        int room = SmtpReply.MAX_TEXT - id.length() - ID_BRACKETS;
        String text = reply.text().substring(0, Math.min(reply.text().length(), room));
        return new SmtpReply(reply.code(), reply.enhancedCode(), text + " [" + id + "]");
    }
}

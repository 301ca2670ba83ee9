package org.senderauth.server;

import static org.senderauth.server.LogText.quoted;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Collectors;
import org.senderauth.core.SmtpReply;
import org.senderauth.policy.Decision;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepResult;
import org.senderauth.policy.Transaction;

/** One line for each decision, for the system's log: what was asked, what each step found, what was answered. */
final class DecisionLog implements PolicyObserver {

    private final LogQueue log;
    private final InstantSource clock;
    private final FailurePolicy failures;
    private final PolicyObserver next;

    DecisionLog(LogQueue log, InstantSource clock, FailurePolicy failures, PolicyObserver next) {
        this.log = log;
        this.clock = clock;
        this.failures = failures;
        this.next = next;
    }

    @Override
    public void stepCompleted(Step step, StepResult finding, Duration time) {
        next.stepCompleted(step, finding, time);
    }

    @Override
    public void failed(Step step, Throwable cause) {
        log.line("failed step=" + step.text() + " cause=" + quoted(String.valueOf(cause)));
        next.failed(step, cause);
        failures.check(cause);
    }

    @Override
    public void decided(Transaction transaction, Decision decision, Duration time) {
        // The reason of the decision is that of the step that decided, which a limited callout never is.
        String callout = decision.steps().stream()
                .filter(report ->
                        report.step() == Step.CALLOUT && report.result().outcome() != StepResult.Outcome.SKIPPED)
                .map(report -> " callout=" + quoted(report.result().explanation()))
                .findFirst()
                .orElse("");
        log.line("decision action=" + decision.action().text()
                + " id=" + decision.id()
                + " time=" + clock.instant().truncatedTo(ChronoUnit.MILLIS)
                + " reply="
                + decision.smtpReply().map(reply -> quoted(reply.toString())).orElse("-")
                + decision.step().map(step -> " by=" + step.text()).orElse("")
                + decision.withheld().map(DecisionLog::withheld).orElse("")
                + " client=" + transaction.client().getHostAddress()
                + " helo=" + quoted(transaction.helo())
                + " from=" + quoted("<" + transaction.sender() + ">")
                + field(" to=", transaction.recipient().map(recipient -> "<" + recipient + ">"))
                + field(" queue=", transaction.queueId())
                + field(" message=", transaction.message())
                + " steps=" + steps(decision)
                + exempt(decision)
                + callout
                + " ms=" + time.toMillis()
                + " reason=" + quoted(decision.reason()));
        next.decided(transaction, decision, time);
    }

    private static String withheld(SmtpReply reply) {
        return " would=" + Decision.Action.of(reply).text() + " would-reply=" + quoted(reply.toString());
    }

    private static String field(String name, Optional<String> value) {
        return value.map(text -> name + quoted(text)).orElse("");
    }

    private static String steps(Decision decision) {
        String steps = decision.steps().stream()
                .map(report -> report.step().text() + ":" + word(report.result()))
                .collect(Collectors.joining(","));
        return steps.isEmpty() ? "-" : steps;
    }

    // From single steps; that of all steps is the reason of the decision.
    private static String exempt(Decision decision) {
        String exempt = decision.steps().stream()
                .filter(report -> report.result().result().equals(StepResult.EXEMPT))
                .map(report -> report.step().text() + ": " + report.result().explanation())
                .collect(Collectors.joining("; "));
        return exempt.isEmpty() ? "" : " exempt=" + quoted(exempt);
    }

    // "none" is a result of SPF, not of a step that had nothing to check.
    private static String word(StepResult result) {
        boolean skipped = result.outcome() == StepResult.Outcome.SKIPPED
                && !result.result().equals(StepResult.EXEMPT);
        return skipped ? result.outcome().text() : result.result();
    }
}

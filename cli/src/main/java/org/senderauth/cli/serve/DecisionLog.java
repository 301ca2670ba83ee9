package org.senderauth.cli.serve;

import static org.senderauth.cli.serve.LogText.quoted;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.stream.Collectors;
import org.senderauth.policy.Decision;
import org.senderauth.policy.Finding;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.Step;
import org.senderauth.policy.Transaction;

/** One line for each decision, for the system's log: what was asked, what each step found, what was answered. */
final class DecisionLog implements PolicyObserver {

    private final PrintWriter log;
    private final PolicyObserver next;

    DecisionLog(PrintWriter log, PolicyObserver next) {
        this.log = log;
        this.next = next;
    }

    @Override
    public void found(Step step, Finding finding, Duration time) {
        next.found(step, finding, time);
    }

    @Override
    public void failed(Step step, Throwable cause) {
        log.println("failed step=" + step.text() + " cause=" + quoted(String.valueOf(cause)));
        next.failed(step, cause);
    }

    @Override
    public void decided(Transaction transaction, Decision decision, Duration time) {
        String steps = decision.steps().stream()
                .map(report -> report.step().text() + ":" + report.finding().result())
                .collect(Collectors.joining(","));
        String reply = decision.reply()
                .map(found -> found.code() + " " + found.enhancedCode())
                .orElse("none");
        String recipient = transaction.recipient();
        log.println("decision action=" + decision.action().text()
                + " reply=\"" + reply + "\""
                + " client=" + transaction.client().getHostAddress()
                + " helo=" + quoted(transaction.helo())
                + " from=" + quoted("<" + transaction.sender() + ">")
                + (recipient == null ? "" : " to=" + quoted("<" + recipient + ">"))
                + " steps=" + (steps.isEmpty() ? "none" : steps)
                + " ms=" + time.toMillis()
                + " reason=" + quoted(decision.reason()));
        next.decided(transaction, decision, time);
    }
}

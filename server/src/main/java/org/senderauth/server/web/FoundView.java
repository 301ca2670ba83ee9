package org.senderauth.server.web;

import java.util.List;
import java.util.Optional;
import org.senderauth.server.history.HistoryRecord;
import org.senderauth.server.history.HistorySource;
import org.senderauth.server.history.HistoryTrace;
import org.senderauth.server.page.Tone;
import org.senderauth.server.page.TreeNode;
import org.senderauth.server.page.TreePicture;

/**
 * The page of one decision of the history. Immutable.
 *
 * @param id its id
 * @param time its time, in UTC
 * @param took how long it took, in milliseconds
 * @param client the client
 * @param helo the HELO name
 * @param from the envelope sender
 * @param to the recipient; empty before RCPT
 * @param queue the mail server's queue id; empty if it is unknown
 * @param decision the decision
 * @param words the steps and their results, if what they saw was not kept; empty otherwise
 */
record FoundView(
        String id,
        String time,
        long took,
        String client,
        String helo,
        String from,
        String to,
        String queue,
        DecisionView decision,
        String words) {

    static FoundView of(HistorySource.Found found) {
        HistoryRecord decision = found.decision();
        HistoryTrace trace = found.trace();
        return new FoundView(
                decision.id(),
                DecisionsView.time(decision),
                decision.took(),
                decision.client().getHostAddress(),
                decision.helo(),
                "<" + decision.from() + ">",
                decision.to() == null ? "" : "<" + decision.to() + ">",
                decision.queue() == null ? "" : decision.queue(),
                new DecisionView(
                        decision.action(),
                        decision.reply() == null ? "" : decision.reply(),
                        decision.withheld() == null ? "" : decision.withheld(),
                        decision.reason(),
                        trace == null
                                ? List.of()
                                : trace.steps().stream().map(FoundView::step).toList(),
                        trace == null ? List.of() : trace.headers()),
                trace == null ? decision.steps() : "");
    }

    private static StepView step(HistoryTrace.Step step) {
        return StepView.of(
                step.step(), step.mode(), step.outcome(), step.result(), step.explanation(), step.evidence());
    }

    /** Draws what a step saw; empty if there is no such step, or that is not a tree. */
    Optional<String> picture(int step) {
        if (step >= decision.steps().size()
                || decision.steps().get(step).trees().isEmpty()) {
            return Optional.empty();
        }
        StepView found = decision.steps().get(step);
        TreeNode root = new TreeNode(found.name(), found.meaning(), Tone.PLAIN, found.trees());
        return Optional.of(TreePicture.svg("Decision " + id + ": " + found.name(), root));
    }
}

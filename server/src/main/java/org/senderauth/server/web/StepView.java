package org.senderauth.server.web;

import java.util.List;
import org.senderauth.policy.StepReport;
import org.senderauth.server.page.Tone;
import org.senderauth.server.page.TreeNode;

/**
 * One step of a decision on a page. Immutable.
 *
 * @param name the step
 * @param mode its mode
 * @param meaning its result, and what that means for the mail
 * @param tone how the meaning looks
 * @param explanation the result for a reader
 * @param trees what it saw as trees; empty if that is not a tree
 * @param lines what it saw as lines
 */
record StepView(
        String name,
        String mode,
        String meaning,
        String tone,
        String explanation,
        List<TreeNode> trees,
        List<String> lines) {

    static StepView of(StepReport report) {
        return of(
                report.step().text(),
                report.mode().text(),
                report.result().outcome().text(),
                report.result().result(),
                report.result().explanation(),
                report.result().evidence());
    }

    static StepView of(
            String name, String mode, String outcome, String result, String explanation, List<String> evidence) {
        String text = switch (outcome) {
            case "pending" -> "content check at end of data";
            case "temperror" -> "temporary error";
            default -> outcome;
        };
        String tone = switch (outcome) {
            case "pass" -> "good";
            case "fail" -> "bad";
            case "temperror" -> "error";
            default -> "plain";
        };
        return new StepView(
                name,
                mode,
                result.equals(text) ? text : result + " (" + text + ")",
                tone,
                explanation,
                EvidenceTree.of(evidence),
                List.copyOf(evidence));
    }

    /** Returns the class of a tone in the style sheet. */
    static String css(Tone tone) {
        return switch (tone) {
            case GOOD -> "good";
            case BAD -> "bad";
            case WARNING -> "error";
            case PLAIN -> "plain";
        };
    }
}

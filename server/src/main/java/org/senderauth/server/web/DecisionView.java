package org.senderauth.server.web;

import java.util.List;
import org.senderauth.core.SmtpReply;
import org.senderauth.policy.Decision;

/**
 * A decision on a page. Immutable.
 *
 * @param action {@code continue}, {@code defer} or {@code reject}
 * @param reply the reply to the client; empty for none
 * @param withheld the reply that monitoring steps withheld; empty for none
 * @param reason the reason
 * @param steps the steps, in order
 * @param headers the header fields for the message, if it is accepted
 */
record DecisionView(
        String action, String reply, String withheld, String reason, List<StepView> steps, List<String> headers) {

    /** Creates a view; the lists are copied. */
    DecisionView {
        steps = List.copyOf(steps);
        headers = List.copyOf(headers);
    }

    static DecisionView of(Decision decision) {
        return new DecisionView(
                decision.action().text(),
                decision.smtpReply().map(SmtpReply::toString).orElse(""),
                decision.withheld().map(SmtpReply::toString).orElse(""),
                decision.reason(),
                decision.steps().stream().map(StepView::of).toList(),
                decision.headers());
    }

    /** {@return how the action looks} */
    String tone() {
        return tone(action);
    }

    static String tone(String action) {
        return switch (action) {
            case "reject" -> "bad";
            case "defer" -> "error";
            default -> "good";
        };
    }
}

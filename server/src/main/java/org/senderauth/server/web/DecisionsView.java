package org.senderauth.server.web;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.senderauth.server.history.HistoryRecord;

/**
 * The page "Decisions": a form, and what it found. Immutable.
 *
 * @param fields the fields of the form by name
 * @param problem what is wrong with them; empty for nothing
 * @param rows the decisions, the newest first
 * @param isFull whether there may be more
 */
record DecisionsView(Map<String, String> fields, String problem, List<Row> rows, boolean isFull) {

    /**
     * One decision. Immutable.
     *
     * @param id its id
     * @param time its time, in UTC
     * @param action the action
     * @param tone how that looks
     * @param step the step that decided, or that would have; empty for none
     * @param client the client
     * @param from the envelope sender
     * @param to the recipient; empty for none
     */
    record Row(String id, String time, String action, String tone, String step, String client, String from, String to) {

        static Row of(HistoryRecord decision) {
            String withheld = decision.withheld();
            String step = decision.step() == null ? "" : decision.step();
            return new Row(
                    decision.id(),
                    DecisionsView.time(decision),
                    withheld == null
                            ? decision.action()
                            : decision.action() + " (would " + (withheld.startsWith("5") ? "reject)" : "defer)"),
                    DecisionView.tone(decision.action()),
                    step,
                    decision.client().getHostAddress(),
                    "<" + decision.from() + ">",
                    decision.to() == null ? "" : "<" + decision.to() + ">");
        }
    }

    DecisionsView {
        fields = Map.copyOf(fields);
        rows = List.copyOf(rows);
    }

    static String time(HistoryRecord decision) {
        return decision.time().truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ');
    }

    String field(String name) {
        return fields.getOrDefault(name, "");
    }
}

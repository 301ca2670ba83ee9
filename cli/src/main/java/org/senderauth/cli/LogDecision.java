package org.senderauth.cli;

import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Decision.Action;
import org.senderauth.policy.Step;

/**
 * A decision as the service's log reports it. Immutable.
 *
 * @param time its time
 * @param exempt whether no step ran
 * @param action the action
 * @param would the action that was withheld; empty if there was none
 * @param step the step that decided or would have; empty if none did
 * @param client the client's address
 * @param sender the sender in angle brackets, printable
 */
record LogDecision(
        Instant time,
        boolean exempt,
        Action action,
        Optional<Action> would,
        Optional<Step> step,
        InetAddress client,
        String sender) {

    private static final String EVENT = "decision ";
    private static final int MAX_FIELDS = 40;
    private static final int MAX_SENDER = 330;

    /**
     * Tests whether a line claims to be a decision: after nothing, or after what a journal writes before it. In any
     * other line of this program text from outside is in quotes, after the name of its field.
     */
    static boolean isClaimed(String line) {
        int start = line.indexOf(EVENT);
        return start >= 0 && line.substring(0, start).chars().noneMatch(c -> c == '"' || c == '=');
    }

    /** Returns the decision of a line; empty if the line is not valid. */
    static Optional<LogDecision> parse(String line) {
        int start = line.indexOf(EVENT);
        Map<String, String> fields = start < 0 ? null : fields(line, start + EVENT.length());
        if (fields == null) {
            return Optional.empty();
        }
        Optional<Instant> time = time(fields.getOrDefault("time", ""));
        Optional<Action> action = action(fields.get("action"));
        Optional<InetAddress> client = IpAddresses.parse(fields.getOrDefault("client", ""));
        Optional<Action> would = action(fields.get("would"));
        Optional<Step> step = step(fields.get("by"));
        String sender = fields.get("from");
        boolean wrong = fields.containsKey("would") && would.isEmpty() || fields.containsKey("by") && step.isEmpty();
        if (wrong || time.isEmpty() || action.isEmpty() || client.isEmpty() || sender == null) {
            return Optional.empty();
        }
        return Optional.of(new LogDecision(
                time.get(),
                fields.getOrDefault("reason", "").startsWith("exempt: "),
                action.get(),
                would,
                step,
                client.get(),
                SafeText.of(sender.substring(0, Math.min(sender.length(), MAX_SENDER)))));
    }

    private static Optional<Instant> time(String text) {
        try {
            Instant time = Instant.parse(text);
            // The largest times have no date.
            LocalDate.ofInstant(time, ZoneOffset.UTC);
            return Optional.of(time);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Action> action(@Nullable String text) {
        for (Action action : Action.values()) {
            if (action.text().equals(text)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }

    private static Optional<Step> step(@Nullable String text) {
        for (Step step : Step.values()) {
            if (step.text().equals(text)) {
                return Optional.of(step);
            }
        }
        return Optional.empty();
    }

    // name=value or name="value", with \" and \\ in quotes; null if the line has another form.
    private static @Nullable Map<String, String> fields(String line, int start) {
        Map<String, String> fields = new HashMap<>();
        int at = start;
        while (at < line.length()) {
            int equals = line.indexOf('=', at);
            if (equals <= at || fields.size() == MAX_FIELDS) {
                return null;
            }
            String name = line.substring(at, equals);
            StringBuilder value = new StringBuilder();
            at = equals + 1;
            if (at < line.length() && line.charAt(at) == '"') {
                for (at++; at < line.length() && line.charAt(at) != '"'; at++) {
                    at += line.charAt(at) == '\\' ? 1 : 0;
                    value.append(at < line.length() ? line.charAt(at) : '\\');
                }
                if (at >= line.length()) {
                    return null;
                }
                at++;
            } else {
                for (; at < line.length() && line.charAt(at) != ' '; at++) {
                    value.append(line.charAt(at));
                }
            }
            if (fields.putIfAbsent(name, value.toString()) != null || at < line.length() && line.charAt(at) != ' ') {
                return null;
            }
            at++;
        }
        return fields;
    }
}

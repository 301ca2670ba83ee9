package org.senderauth.server.history;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;
import org.senderauth.dns.IpAddresses;
import org.senderauth.policy.Decision;
import org.senderauth.policy.StepReport;
import org.senderauth.policy.StepResult;
import org.senderauth.policy.Transaction;

/**
 * One decision of the history, without what its steps saw. Its texts are printable: SafeText replaced the rest, and long
 * ones are cut. Immutable.
 *
 * @param id the decision's id
 * @param time its time, in milliseconds
 * @param action {@code continue}, {@code defer} or {@code reject}
 * @param reply the reply to the client; null if there was none
 * @param step the step that the reply, or else the withheld reply, is from; null if there is neither
 * @param withheld the reply that monitoring steps withheld; null if there is none
 * @param client the client's address
 * @param helo the HELO name
 * @param from the envelope sender without angle brackets; empty for the null sender
 * @param to the recipient; null before RCPT
 * @param queue the mail server's queue id; null if it is unknown
 * @param steps the steps and their results, such as {@code spf:fail,callout:skipped}; {@code -} if none ran
 * @param took how long the decision took, in milliseconds
 * @param reason the reason
 */
public record HistoryRecord(
        String id,
        Instant time,
        String action,
        @Nullable String reply,
        @Nullable String step,
        @Nullable String withheld,
        InetAddress client,
        String helo,
        String from,
        @Nullable String to,
        @Nullable String queue,
        String steps,
        long took,
        String reason) {

    /** The maximum length of a text in characters; RFC 5321 section 4.5.3.1 allows 512 for a reply. */
    static final int MAX_TEXT = 512;

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /** Returns the record of a decision. */
    static HistoryRecord of(Transaction transaction, Decision decision, Instant time, Duration took) {
        return new HistoryRecord(
                decision.id(),
                time.truncatedTo(ChronoUnit.MILLIS),
                decision.action().text(),
                decision.smtpReply().map(reply -> text(reply.toString())).orElse(null),
                decision.step().map(step -> step.text()).orElse(null),
                decision.withheld().map(reply -> text(reply.toString())).orElse(null),
                transaction.client(),
                text(transaction.helo()),
                text(transaction.sender()),
                transaction.recipient().map(HistoryRecord::text).orElse(null),
                transaction.queueId().map(HistoryRecord::text).orElse(null),
                steps(decision),
                took.toMillis(),
                text(decision.reason()));
    }

    private static String steps(Decision decision) {
        StringBuilder steps = new StringBuilder(64);
        for (StepReport report : decision.steps()) {
            steps.append(steps.isEmpty() ? "" : ",")
                    .append(report.step().text())
                    .append(':')
                    .append(word(report.result()));
        }
        return steps.isEmpty() ? "-" : steps.toString();
    }

    // "none" is a result of SPF, not of a step that had nothing to check.
    static String word(StepResult result) {
        return result.outcome() == StepResult.Outcome.SKIPPED ? result.outcome().text() : result.result();
    }

    private static @Nullable String optional(@Nullable String text) {
        return text == null ? null : text(text);
    }

    /** A text as the history keeps it. */
    static String text(String text) {
        return SafeText.of(text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text);
    }

    /** {@return the record as one line of JSON, without its newline} */
    public String json() {
        return JsonText.object(this::write);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStringField("id", id);
        json.writeStringField("time", time.toString());
        json.writeStringField("action", action);
        optional(json, "reply", reply);
        optional(json, "by", step);
        optional(json, "would-reply", withheld);
        json.writeStringField("client", client.getHostAddress());
        json.writeStringField("helo", helo);
        json.writeStringField("from", from);
        optional(json, "to", to);
        optional(json, "queue", queue);
        json.writeStringField("steps", steps);
        json.writeNumberField("ms", took);
        json.writeStringField("reason", reason);
    }

    private static void optional(JsonGenerator json, String name, @Nullable String value) throws IOException {
        if (value != null) {
            json.writeStringField(name, value);
        }
    }

    /**
     * Parses a line. Its texts are made printable again, since a file may have been edited.
     *
     * @param line a line of JSON
     * @return the record; empty if the line is not one
     */
    public static Optional<HistoryRecord> parse(String line) {
        Map<String, String> fields = JsonText.flat(line);
        if (fields == null) {
            return Optional.empty();
        }
        String id = fields.get("id");
        String action = fields.get("action");
        Optional<InetAddress> client = IpAddresses.parse(fields.getOrDefault("client", ""));
        String took = fields.getOrDefault("ms", "");
        if (id == null || action == null || client.isEmpty() || !took.matches("[0-9]{1,12}")) {
            return Optional.empty();
        }
        try {
            Instant time = Instant.parse(fields.getOrDefault("time", ""));
            // An edited file; what is far outside has no milliseconds, which an index needs.
            if (time.isBefore(Instant.EPOCH) || time.isAfter(LATEST)) {
                return Optional.empty();
            }
            return Optional.of(new HistoryRecord(
                    text(id),
                    time,
                    text(action),
                    optional(fields.get("reply")),
                    optional(fields.get("by")),
                    optional(fields.get("would-reply")),
                    client.get(),
                    text(fields.getOrDefault("helo", "")),
                    text(fields.getOrDefault("from", "")),
                    optional(fields.get("to")),
                    optional(fields.get("queue")),
                    text(fields.getOrDefault("steps", "-")),
                    Long.parseLong(took),
                    text(fields.getOrDefault("reason", ""))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}

package org.senderauth.server.history;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.senderauth.core.SafeText;
import org.senderauth.policy.Decision;
import org.senderauth.policy.StepReport;

/**
 * The evidence of the steps of one decision. Its texts are printable. Immutable.
 *
 * @param id the decision's id
 * @param steps the steps that ran, in order
 * @param headers the header fields for the message, if it was accepted
 */
public record HistoryTrace(String id, List<Step> steps, List<String> headers) {

    private static final int MAX_HEADER = 2048;
    private static final int MAX_LISTED = 64;
    private static final int MAX_LINES = 1024;
    private static final String ID_FIELD = "{\"id\":\"";

    /** Creates a trace; the lists are copied. */
    public HistoryTrace {
        steps = List.copyOf(steps);
        headers = List.copyOf(headers);
    }

    /**
     * One step. Immutable.
     *
     * @param step its name
     * @param mode its mode
     * @param outcome what the result means for the mail
     * @param result its result
     * @param explanation the result for a reader
     * @param evidence what it saw, one line each; empty if the service did not keep it
     */
    public record Step(
            String step, String mode, String outcome, String result, String explanation, List<String> evidence) {

        /** Creates a step; the list is copied. */
        public Step {
            evidence = List.copyOf(evidence);
        }
    }

    /** Returns the trace of a decision. */
    static HistoryTrace of(Decision decision) {
        List<Step> steps = new ArrayList<>(decision.steps().size());
        for (StepReport report : decision.steps()) {
            steps.add(step(report));
        }
        List<String> headers = new ArrayList<>(decision.headers().size());
        for (String header : decision.headers()) {
            headers.add(header(header));
        }
        return new HistoryTrace(decision.id(), steps, headers);
    }

    private static Step step(StepReport report) {
        return new Step(
                report.step().text(),
                report.mode().text(),
                report.result().outcome().text(),
                report.result().result(),
                HistoryRecord.text(report.result().explanation()),
                report.result().evidence());
    }

    private static String header(String text) {
        return SafeText.of(text.length() > MAX_HEADER ? text.substring(0, MAX_HEADER) : text);
    }

    /** {@return the trace as one line of JSON, without its newline} */
    public String json() {
        return JsonText.object(this::write);
    }

    void write(JsonGenerator json) throws IOException {
        json.writeStringField("id", id);
        json.writeArrayFieldStart("steps");
        for (Step step : steps) {
            json.writeStartObject();
            json.writeStringField("step", step.step());
            json.writeStringField("mode", step.mode());
            json.writeStringField("outcome", step.outcome());
            json.writeStringField("result", step.result());
            json.writeStringField("explanation", step.explanation());
            list(json, "evidence", step.evidence());
            json.writeEndObject();
        }
        json.writeEndArray();
        list(json, "headers", headers);
    }

    private static void list(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    /** Returns the id of a line, without the cost of reading all of it. */
    static Optional<String> id(String line) {
        int end = line.startsWith(ID_FIELD) ? line.indexOf('"', ID_FIELD.length()) : -1;
        return end < 0 ? Optional.empty() : Optional.of(line.substring(ID_FIELD.length(), end));
    }

    /**
     * Parses a line. Its texts are made printable again, since a file may have been edited.
     *
     * @param line a line of JSON
     * @return the trace; empty if the line is not one
     */
    public static Optional<HistoryTrace> parse(String line) {
        try (JsonParser json = JsonText.FACTORY.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            String id = "";
            List<Step> steps = new ArrayList<>();
            List<String> headers = new ArrayList<>();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (name.equals("id") && value == JsonToken.VALUE_STRING) {
                    id = HistoryRecord.text(json.getText());
                } else if (name.equals("steps") && value == JsonToken.START_ARRAY) {
                    while (json.nextToken() == JsonToken.START_OBJECT && steps.size() < MAX_LISTED) {
                        steps.add(step(json));
                    }
                } else if (name.equals("headers") && value == JsonToken.START_ARRAY) {
                    texts(json, headers, MAX_LISTED);
                } else {
                    json.skipChildren();
                }
            }
            return id.isEmpty() ? Optional.empty() : Optional.of(new HistoryTrace(id, steps, headers));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("reading a string never fails", e);
        }
    }

    private static Step step(JsonParser json) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        List<String> evidence = new ArrayList<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken value = json.nextToken();
            if (name.equals("evidence") && value == JsonToken.START_ARRAY) {
                texts(json, evidence, MAX_LINES);
            } else if (value.isScalarValue() && fields.size() < MAX_LISTED) {
                fields.put(name, HistoryRecord.text(json.getText()));
            } else {
                json.skipChildren();
            }
        }
        return new Step(
                fields.getOrDefault("step", ""),
                fields.getOrDefault("mode", ""),
                fields.getOrDefault("outcome", ""),
                fields.getOrDefault("result", ""),
                fields.getOrDefault("explanation", ""),
                evidence);
    }

    private static void texts(JsonParser json, List<String> texts, int max) throws IOException {
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            if (token == null) {
                return;
            }
            if (token.isScalarValue() && texts.size() < max) {
                texts.add(SafeText.of(json.getText()));
            } else {
                json.skipChildren();
            }
        }
    }
}

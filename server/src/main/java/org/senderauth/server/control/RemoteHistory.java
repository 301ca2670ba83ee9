package org.senderauth.server.control;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.senderauth.server.history.HistoryFilter;
import org.senderauth.server.history.HistoryRecord;
import org.senderauth.server.history.HistorySource;
import org.senderauth.server.history.HistoryTrace;
import org.senderauth.server.history.JsonText;

/** The history of a running service. Thread-safe. */
public final class RemoteHistory implements HistorySource {

    private final ControlClient client;

    /**
     * Creates a reader.
     *
     * @param client asks the service
     */
    public RemoteHistory(ControlClient client) {
        this.client = client;
    }

    @Override
    public void search(HistoryFilter filter, int limit, Sink sink) throws IOException {
        Map<String, String> request = new HashMap<>(filter.values());
        request.put("command", "history");
        request.put("limit", Integer.toString(limit));
        client.ask(request, line -> pass(line, sink));
    }

    private static void pass(String line, Sink sink) throws IOException {
        HistoryRecord decision = HistoryRecord.parse(line).orElse(null);
        if (decision != null) {
            sink.accept(decision);
        }
    }

    @Override
    public Optional<Found> find(String id) throws IOException {
        List<String> lines = new ArrayList<>();
        client.ask(Map.of("command", "why", "id", id), lines::add);
        return lines.isEmpty()
                ? Optional.empty()
                : HistoryRecord.parse(lines.get(0))
                        .map(decision -> new Found(
                                decision,
                                lines.size() < 2
                                        ? null
                                        : HistoryTrace.parse(lines.get(1)).orElse(null)));
    }

    @Override
    public Position end() throws IOException {
        Position[] end = {new Position(0, 0)};
        client.ask(Map.of("command", "history-end"), line -> end[0] = position(line, end[0]));
        return end[0];
    }

    @Override
    public Position follow(Position from, HistoryFilter filter, Sink sink) throws IOException {
        Map<String, String> request = new HashMap<>(filter.values());
        request.put("command", "history-follow");
        request.put("segment", Long.toString(from.segment()));
        request.put("offset", Long.toString(from.offset()));
        Position[] end = {from};
        client.ask(request, line -> {
            if (line.startsWith("{\"segment\":")) {
                end[0] = position(line, end[0]);
            } else {
                pass(line, sink);
            }
        });
        return end[0];
    }

    private static Position position(String line, Position before) {
        Map<String, String> fields = JsonText.flat(line);
        return fields == null ? before : HistoryRequests.position(fields).orElse(before);
    }
}

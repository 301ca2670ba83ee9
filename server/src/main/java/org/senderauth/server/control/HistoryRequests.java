package org.senderauth.server.control;

import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.senderauth.server.history.HistoryFilter;
import org.senderauth.server.history.HistorySource;
import org.senderauth.server.history.JsonText;

/**
 * Answers the requests about the history: {@code history}, {@code why}, {@code history-end} and {@code history-follow}.
 *
 * @param source the history
 * @param clock the time that relative times count back from
 */
public record HistoryRequests(HistorySource source, InstantSource clock) implements ControlProtocol.Handler {

    @Override
    public void answer(Map<String, String> request, ControlProtocol.Lines out) throws IOException {
        switch (request.getOrDefault("command", "")) {
            case "history" -> source.search(filter(request), limit(request), decision -> out.add(decision.json()));
            case "why" -> why(request.getOrDefault("id", ""), out);
            case "history-end" -> out.add(position(source.end()));
            case "history-follow" -> {
                HistorySource.Position from = position(request)
                        .orElseThrow(() -> new ControlException("history-follow requires segment and offset"));
                out.add(position(source.follow(from, filter(request), decision -> out.add(decision.json()))));
            }
            default -> throw new ControlException("unknown command");
        }
    }

    private void why(String id, ControlProtocol.Lines out) throws IOException {
        filter(Map.of("id", id));
        HistorySource.Found found = source.find(id).orElse(null);
        if (found != null) {
            out.add(found.decision().json());
            if (found.trace() != null) {
                out.add(found.trace().json());
            }
        }
    }

    private HistoryFilter filter(Map<String, String> request) throws ControlException {
        Map<String, String> values = new HashMap<>(request);
        values.keySet().removeAll(Set.of("command", "limit", "segment", "offset"));
        try {
            return HistoryFilter.of(values, clock);
        } catch (IllegalArgumentException e) {
            throw new ControlException(String.valueOf(e.getMessage()));
        }
    }

    private static int limit(Map<String, String> request) throws ControlException {
        String limit = request.getOrDefault("limit", "");
        if (!limit.matches("[0-9]{1,6}") || Integer.parseInt(limit) > HistorySource.MAX_LIMIT) {
            throw new ControlException("limit must be between 0 and " + HistorySource.MAX_LIMIT);
        }
        return Integer.parseInt(limit);
    }

    private static String position(HistorySource.Position position) {
        return JsonText.object(json -> {
            json.writeStringField("segment", Long.toString(position.segment()));
            json.writeStringField("offset", Long.toString(position.offset()));
        });
    }

    static Optional<HistorySource.Position> position(Map<String, String> fields) {
        String segment = fields.getOrDefault("segment", "");
        String offset = fields.getOrDefault("offset", "");
        return segment.matches("[0-9]{1,18}") && offset.matches("[0-9]{1,18}")
                ? Optional.of(new HistorySource.Position(Long.parseLong(segment), Long.parseLong(offset)))
                : Optional.empty();
    }
}

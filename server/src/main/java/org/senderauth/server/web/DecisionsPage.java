package org.senderauth.server.web;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.senderauth.server.history.HistoryFilter;
import org.senderauth.server.history.HistorySource;

/** The page "Decisions", and the page of one decision. A search may read gigabytes, so one runs at a time. Thread-safe. */
final class DecisionsPage {

    static final List<String> FILTERS =
            List.of("id", "from", "to", "client", "helo", "action", "step", "since", "until");
    private static final int LIMIT = 100;

    private final HistorySource history;
    private final InstantSource clock;
    private final Semaphore running = new Semaphore(1);

    DecisionsPage(HistorySource history, InstantSource clock) {
        this.history = history;
        this.clock = clock;
    }

    /** Searches by the fields of a request. */
    DecisionsView search(WebRequest request) {
        Map<String, String> fields = new HashMap<>();
        for (String name : FILTERS) {
            String value = request.field(name);
            if (!value.isEmpty()) {
                fields.put(name, value);
            }
        }
        HistoryFilter filter;
        try {
            filter = HistoryFilter.of(fields, clock);
        } catch (IllegalArgumentException e) {
            return new DecisionsView(fields, String.valueOf(e.getMessage()), List.of(), false);
        }
        if (!running.tryAcquire()) {
            return new DecisionsView(fields, "another search is running; try again in a moment", List.of(), false);
        }
        try {
            Deque<DecisionsView.Row> rows = new ArrayDeque<>();
            history.search(filter, LIMIT, decision -> rows.addFirst(DecisionsView.Row.of(decision)));
            return new DecisionsView(fields, "", List.copyOf(rows), rows.size() == LIMIT);
        } catch (IOException e) {
            return new DecisionsView(fields, "the history cannot be read: " + e.getMessage(), List.of(), false);
        } finally {
            running.release();
        }
    }

    /** Finds one decision; empty if the history does not contain it. */
    Optional<FoundView> find(String id) throws IOException {
        try {
            HistoryFilter.of(Map.of("id", id), clock);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        return history.find(id).map(FoundView::of);
    }
}

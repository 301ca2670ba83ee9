package org.senderauth.server.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A page with what the service remembers. Immutable.
 *
 * @param formToken the token of the form
 * @param search the text that the rows contain; empty for all
 * @param problem what is wrong; empty for nothing
 * @param done what was done; empty for nothing
 * @param tables the tables
 * @param lookups the public lookups in the SES zone by result
 */
record StateView(
        String formToken, String search, String problem, String done, List<Table> tables, Map<String, Long> lookups) {

    private static final int MAX_ROWS = 500;

    /**
     * A table. Immutable.
     *
     * @param title its title
     * @param none what it says without rows
     * @param rows its rows
     * @param more how many rows are left out
     */
    record Table(String title, String none, List<WebSource.StateRow> rows, int more) {}

    static StateView callouts(WebSource source, WebRequest request, String problem, String done) {
        return of(
                source,
                request,
                problem,
                done,
                List.of(
                        new Topic(
                                "breakers",
                                "Open circuit breakers and backoffs",
                                "No domain or mail server is spared."),
                        new Topic("limits", "Used rate limits", "No rate limit is in use."),
                        new Topic("callouts", "Cached addresses and domains", "Nothing is cached.")));
    }

    static StateView keys(WebSource source, WebRequest request) {
        return of(source, request, "", "", List.of(new Topic("keys", "Keys", "The service has no keys.")));
    }

    static StateView zone(WebSource source, WebRequest request) {
        return of(source, request, "", "", List.of(new Topic("zone", "Zones", "No SES zone is served.")));
    }

    private record Topic(String name, String title, String none) {}

    private static StateView of(WebSource source, WebRequest request, String problem, String done, List<Topic> topics) {
        String search = request.isPost() ? "" : request.field("search");
        String wanted = search.toLowerCase(Locale.ROOT);
        String failure = problem;
        List<Table> tables = new ArrayList<>();
        for (Topic topic : topics) {
            try {
                List<WebSource.StateRow> rows = source.state(topic.name()).stream()
                        .filter(row -> matches(row, wanted))
                        .toList();
                int shown = Math.min(rows.size(), MAX_ROWS);
                tables.add(new Table(topic.title(), topic.none(), rows.subList(0, shown), rows.size() - shown));
            } catch (IOException e) {
                failure = failure.isEmpty() ? String.valueOf(e.getMessage()) : failure;
            }
        }
        return new StateView(request.formToken(), search, failure, done, List.copyOf(tables), source.publicLookups());
    }

    private static boolean matches(WebSource.StateRow row, String wanted) {
        return (row.kind() + ' ' + row.name() + ' ' + row.state() + ' ' + row.detail())
                .toLowerCase(Locale.ROOT)
                .contains(wanted);
    }
}

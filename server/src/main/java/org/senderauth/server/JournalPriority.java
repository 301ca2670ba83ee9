package org.senderauth.server;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The priorities of the service's lines in systemd's journal, as prefixes (sd-daemon(3)), for {@code journalctl -p}. */
final class JournalPriority {

    private static final String CRITICAL = "<2>";
    private static final String ERROR = "<3>";
    private static final String WARNING = "<4>";
    private static final String INFO = "<6>";

    private static final List<String> WARNINGS = List.of(
            "log dropped=",
            "reload: invalid",
            "redis: unavailable",
            "srs: aliases unavailable",
            "library ",
            "callout self-check: ",
            "callout cache: cannot",
            "callouts: ");

    private JournalPriority() {}

    /** Returns what to put before each line: the priority if standard output is the journal, else nothing. */
    static UnaryOperator<String> prefixes(Map<String, String> environment) {
        return environment.containsKey("JOURNAL_STREAM") ? JournalPriority::of : line -> "";
    }

    static String of(String line) {
        if (line.startsWith("fatal: ")) {
            return CRITICAL;
        }
        if (line.startsWith("failed ")) {
            return ERROR;
        }
        return WARNINGS.stream().anyMatch(line::startsWith) ? WARNING : INFO;
    }
}

package org.senderauth.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The results of an earlier run of {@code spf watch}: for each domain a hash of its record, and its findings. */
final class PreviousWatch {

    /** The maximum number of domains; about 200 bytes of memory each. */
    static final int MAX_DOMAINS = 100_000;

    private record Earlier(int record, String findings) {}

    private final Map<String, Earlier> domains = new HashMap<>();

    private PreviousWatch() {}

    /**
     * Reads the JSON Lines of an earlier run.
     *
     * @throws IOException if the file cannot be read or is not such an output; the message names the line
     */
    static PreviousWatch read(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IOException(file + ": cannot read file");
        }
        PreviousWatch previous = new PreviousWatch();
        int number = 0;
        try (Utf8LineReader lines = new Utf8LineReader(Files.newInputStream(file))) {
            for (Utf8LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                number++;
                if (number > MAX_DOMAINS) {
                    throw new IOException(file + ": more than " + MAX_DOMAINS + " domains");
                }
                previous.add(file + ":" + number, line);
            }
        }
        return previous;
    }

    private void add(String place, Utf8LineReader.Line line) throws IOException {
        try {
            if (line.text() == null) {
                throw new JsonLines.BadLine(String.valueOf(line.problem()));
            }
            JsonNode object = JsonLines.parse(line.text());
            List<String> findings = new ArrayList<>();
            object.path("findings").forEach(finding -> findings.add(finding.asText()));
            String record = JsonLines.text(object, "record");
            domains.put(
                    JsonLines.text(object, "domain"),
                    new Earlier(record.hashCode(), String.join(" ", findings).intern()));
        } catch (JsonLines.BadLine e) {
            throw new IOException(place + ": not a line of 'spf watch --format jsonl': " + e.getMessage(), e);
        }
    }

    /** Returns what changed at a domain, each domain once: empty if nothing did. */
    String change(WatchedDomain now) {
        Earlier earlier = domains.remove(now.domain());
        if (earlier == null) {
            return "new";
        }
        List<String> changes = new ArrayList<>();
        if (earlier.record() != now.record().hashCode()) {
            changes.add("record");
        }
        TreeSet<String> before = new TreeSet<>(List.of(earlier.findings().split(" ")));
        before.remove("");
        now.findings().stream().filter(finding -> !before.contains(finding)).forEach(f -> changes.add("+" + f));
        before.stream().filter(finding -> !now.findings().contains(finding)).forEach(f -> changes.add("-" + f));
        return String.join(" ", changes);
    }
}

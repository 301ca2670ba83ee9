package org.senderauth.spf.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.PublishedData;
import org.senderauth.spf.syntax.Span;

/** Lints published records, where they are available, and prints the tables of docs/spf.md. */
class PublishedRecordsLintTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Integer> table = new TreeMap<>();
    private int records;

    @Test
    void lintsEveryRecordWithinItsText() throws IOException {
        try (BufferedReader lines = PublishedData.open("data/spf-records.txt.gz")) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String record = PublishedData.octets(JSON.readValue(line, String.class));
                List<LintFinding> findings = SpfLinter.lintText("example.org", record);
                for (LintFinding finding : findings) {
                    Span span = finding.span().orElse(null);
                    if (span != null) {
                        assertThat(span.end()).as(record).isBetween(span.start(), record.length());
                    }
                }
                count(findings);
            }
        }
        print();
        assertThat(records).isGreaterThan(25_000);
    }

    // The zones contain no addresses, so the findings about a and mx have no meaning.
    @Test
    void lintsEveryTree() throws IOException {
        Map<?, ?> roots = PublishedData.json("data/spf-roots.json.gz");
        SpfLinter linter = SpfLinter.of(PublishedData.zones(roots, PublishedData.json("data/spf-zones.json.gz")));
        Set<LintRule> aboutAddresses =
                Set.of(LintRule.TOO_MANY_VOID_LOOKUPS, LintRule.UNRESOLVABLE_NAME, LintRule.EMPTY_INCLUDE);
        for (Object root : roots.keySet()) {
            LintReport report = linter.lint(DomainNames.toAscii(root.toString()).orElseThrow());
            assertThat(report.complete()).isTrue();
            count(report.findings().stream()
                    .filter(finding -> !aboutAddresses.contains(finding.rule()))
                    .toList());
        }
        print();
        assertThat(records).isEqualTo(roots.size());
    }

    // Each rule once for each record.
    private void count(Collection<LintFinding> findings) {
        Set<String> kinds = new HashSet<>();
        Severity worst = null;
        for (LintFinding finding : findings) {
            kinds.add(finding.severity().text() + " " + finding.rule().code());
            worst = worst == null || finding.severity().compareTo(worst) < 0 ? finding.severity() : worst;
        }
        kinds.add(worst == null ? "= nothing" : "= worst is " + worst.text());
        kinds.forEach(kind -> table.merge(kind, 1, Integer::sum));
        records++;
    }

    private void print() {
        System.out.println(records + " records");
        table.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .forEach(row -> System.out.println(row.getValue() + " " + row.getKey()));
    }
}

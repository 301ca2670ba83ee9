package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of docs/callout.md, against the scenarios of {@code simulate joe-job} and what they count. */
class JoeJobTableTest {

    private static final int FORGED = 1_000_000;

    // | G 100,000 domains on one server | 1,000,301 | 342 | 342 | 0 of 2,880 |
    private static final Pattern ROW = Pattern.compile(
            "\\| ([A-Z][0-9]?) ([^|]+) \\| ([0-9,]+) \\| ([0-9,]+) \\| ([0-9,]+) \\| ([0-9,]+) of ([0-9,]+) \\|");

    private static List<MatchResult> rows() throws IOException {
        return ROW.matcher(Files.readString(Path.of("../docs/callout.md")))
                .results()
                .toList();
    }

    private static int number(MatchResult row, int column) {
        return Integer.parseInt(row.group(column).replace(",", ""));
    }

    private static JoeJob.Outcome outcome(JoeJob job, MatchResult row) {
        int genuine = number(row, 7);
        return new JoeJob.Outcome(
                job, FORGED + genuine, 0, number(row, 4), number(row, 5), genuine, number(row, 6), number(row, 3));
    }

    @Test
    void guideHasRowOfEachScenario() throws IOException {
        assertThat(rows())
                .extracting(row -> row.group(1) + " " + row.group(2))
                .containsExactlyElementsOf(JoeJob.ALL.stream()
                        .map(job -> job.letter() + " " + job.what())
                        .toList());
    }

    @Test
    void eachRowOfGuideMeetsItsLimits() throws IOException {
        List<MatchResult> rows = rows();
        for (JoeJob job : JoeJob.ALL) {
            MatchResult row = rows.get(JoeJob.ALL.indexOf(job));
            assertThat(outcome(job, row).isMet()).as(row.group()).isTrue();
        }
    }

    @Test
    void answersAllGenuineMailWithSpfWhereServerAnswers() {
        assertThat(JoeJob.ALL)
                .filteredOn(JoeJob::genuineSpf)
                .filteredOn(job -> job.behaviour() != SimulatedMailServers.Behaviour.TEMPFAIL)
                .hasSize(12)
                .allMatch(JoeJob::genuineIsAnswered);
    }

    /** The quickest scenario; the nightly build runs all. */
    static Stream<JoeJob> simulated() {
        List<String> letters =
                List.of(System.getProperty("joe-job.scenarios", "C").split(","));
        return JoeJob.ALL.stream().filter(job -> letters.contains("all") || letters.contains(job.letter()));
    }

    @ParameterizedTest
    @MethodSource("simulated")
    void guideShowsWhatSimulationCounts(JoeJob job) throws IOException {
        JoeJob.Outcome counted = job.run(FORGED, 1, percent -> {});
        assertThat(outcome(job, rows().get(JoeJob.ALL.indexOf(job))))
                .usingRecursiveComparison()
                .ignoringFields("probes")
                .isEqualTo(counted);
    }
}

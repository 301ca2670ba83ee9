package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulateCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /** Fewer messages than a million: the limits per victim are the same. */
    @ParameterizedTest
    @CsvSource({
        "A,  2000, 0",
        "B,  2000, 0",
        "B2, 2000, 2880",
        "B3, 2000, 0",
        "C,  2,    0",
        "D,  1000, 2880",
        "E,  2000, 0",
        "G,  2000, 0",
        "H,  2000, 0",
        "I,  2000, 0",
        "I2, 2000, 0",
        "I3, 2000, 0",
        "J,  2000, 2880",
    })
    void keepsRcptLimitAndAnswersGenuineMail(String scenario, int most, int unanswered) throws Exception {
        assertThat(run("--json", "--messages", "40000", "--scenario", scenario)).isZero();
        JsonNode outcome = new ObjectMapper().readTree(out.toString());
        assertThat(outcome.get("scenario").textValue()).isEqualTo(scenario);
        assertThat(outcome.get("rcpts").intValue()).isBetween(1, most);
        assertThat(outcome.get("genuineUnanswered").intValue()).isLessThanOrEqualTo(unanswered);
        assertThat(outcome.get("messages").intValue()).isEqualTo(42_880);
    }

    @Test
    void keepsRcptLimitOfEachVictimAmongMany() throws Exception {
        assertThat(run("--json", "--messages", "40000", "--scenario", "F")).isZero();
        assertThat(new ObjectMapper()
                        .readTree(out.toString())
                        .get("rcptsOfOneVictim")
                        .intValue())
                .isBetween(1, 11);
    }

    /** More messages than elsewhere: each of the 50 addresses must get 15 negative answers in ten minutes. */
    @Test
    void keepsRcptLimitWhereNothingLinksAddressesOfProvider() throws Exception {
        assertThat(run("--json", "--messages", "300000", "--scenario", "L2")).isZero();
        JsonNode outcome = new ObjectMapper().readTree(out.toString());
        assertThat(outcome.get("rcpts").intValue()).isBetween(1, 2000);
        assertThat(outcome.get("genuineUnanswered").intValue()).isZero();
    }

    @Test
    void spendsNothingOfVictimOnNeighborInSameNetwork() throws Exception {
        assertThat(run("--json", "--messages", "40000", "--scenario", "K")).isZero();
        JsonNode outcome = new ObjectMapper().readTree(out.toString());
        assertThat(outcome.get("genuineUnanswered").intValue()).isZero();
        assertThat(outcome.get("rcptsOfOneVictim").intValue()).isLessThanOrEqualTo(2000);
    }

    @Test
    void repeatsNumbersForSameSeed() {
        run("--json", "--messages", "2000", "--scenario", "B2", "--seed", "7");
        String first = out.toString();
        out.getBuffer().setLength(0);
        run("--json", "--messages", "2000", "--scenario", "b2", "--seed", "7");
        assertThat(out.toString()).isEqualTo(first);
    }

    @Test
    void printsTableOf80ColumnsAndNoProgressToAPipe() {
        run("--messages", "1000");
        assertThat(out.toString().lines()).allMatch(line -> line.length() < 80);
        assertThat(out.toString()).contains("new local parts").contains("unlimited");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void writesSvgPlot(@TempDir Path folder) throws Exception {
        Path svg = folder.resolve("plot.svg");
        run("--messages", "1000", "--scenario", "A", "--scenario", "C", "--svg", svg.toString());
        String text = Files.readString(svg);
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.toFile());
        assertThat(text).startsWith("<svg ").contains("one forged sender").contains("victim accepts all recipients");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--messages 0",
                "--messages 10000001",
                "--messages many",
                "--scenario Z",
                "--what",
                "--svg /no/such/folder/a.svg"
            })
    void printsOneLineForUsageError(String arguments) {
        assertThat(run(arguments.split(" "))).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(out.toString()).isEmpty();
    }

    private int run(String... arguments) {
        List<String> words = new ArrayList<>(List.of("simulate", "joe-job"));
        words.addAll(List.of(arguments));
        return SenderauthCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words.toArray(String[]::new));
    }
}

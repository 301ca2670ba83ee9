package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;

/**
 * The project's own cases for RFC 7208 and RFC 8616, section by section: {@code spf/scenarios.txt}, those on which
 * checkers differ: {@code spf/disputes.txt}, and those of bug reports and of other checkers' suites, written anew: {@code
 * spf/reports.txt}. {@code benchmarks/spf-peers.sh} runs all with other checkers.
 *
 * <p>A line {@code # section title} begins a scenario; {@code says} quotes the RFC and {@code seen} names the reports;
 * {@code zone} lines are those of a zone file, {@code trouble CAUSE name} scripts a failure; every other line is a case: client, HELO name, sender ({@code <>} is the null
 * reverse-path, {@code HELO} asks about the HELO name), verdict, and after a colon what else must hold.
 */
class ScenarioTest {

    private record Case(String line, String client, String helo, String from, String verdict, String expected) {}

    private record Scenario(String title, StringBuilder zone, Map<String, Cause> trouble, List<Case> cases) {

        SpfVerifier verifier() {
            ZoneDnsClient.Builder builder = ZoneDnsClient.builder().text(zone.toString());
            trouble.forEach((name, cause) -> builder.trouble(DomainNames.of(name), cause));
            return SpfVerifier.builder()
                    .dns(builder.build())
                    .receiver("mx.receiver.test")
                    .build();
        }
    }

    @TestFactory
    Stream<DynamicTest> returnsExpectedResult() throws IOException {
        return scenarios().stream().flatMap(scenario -> {
            SpfVerifier spf = scenario.verifier();
            return scenario.cases().stream()
                    .map(test ->
                            DynamicTest.dynamicTest(scenario.title() + ": " + test.line(), () -> check(spf, test)));
        });
    }

    @Test
    void coversEverySectionOnEvaluation() throws IOException {
        TreeSet<String> covered = new TreeSet<>();
        for (Scenario scenario : scenarios()) {
            covered.add(scenario.title().split(" ")[0]);
        }
        assertThat(covered)
                .contains(
                        "2.3", "2.4", "2.6", "3.1", "3.2", "3.3", "3.4", "4.3", "4.4", "4.5", "4.6", "4.6.1", "4.6.2",
                        "4.6.3", "4.6.4", "4.7", "4.8", "5", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "6",
                        "6.1", "6.2", "7.1", "7.2", "7.3", "7.4", "8616");
    }

    private static void check(SpfVerifier spf, Case test) {
        boolean helo = test.from().equals("HELO");
        String sender = test.from().equals("<>") || helo ? "" : test.from();
        SpfResult result = spf.verify(new SpfQuery(
                IpAddresses.parse(test.client()).orElseThrow(),
                helo ? SpfIdentity.HELO : SpfIdentity.MAIL_FROM,
                sender,
                test.helo()));
        assertThat(result.verdict().text()).as("%s", result.problem()).isEqualTo(test.verdict());
        for (String expectation :
                test.expected().isEmpty() ? new String[0] : test.expected().split("; (?=[a-z]+=)")) {
            String[] pair = expectation.split("=", 2);
            String actual = switch (pair[0]) {
                case "mechanism" -> result.mechanism().orElse("null");
                case "explanation" -> result.explanation().orElse("null");
                case "domain" -> result.domain();
                case "lookups" -> Integer.toString(result.lookups());
                case "voids" -> Integer.toString(result.voidLookups());
                case "problem" -> result.problem().orElseThrow().toString();
                default -> throw new IllegalArgumentException(expectation);
            };
            assertThat(actual).as(pair[0]).isEqualTo(pair[1]);
        }
    }

    private static List<Scenario> scenarios() throws IOException {
        List<Scenario> scenarios = new ArrayList<>();
        for (String line : (resource("scenarios.txt") + "\n" + resource("disputes.txt") + "\n"
                        + resource("reports.txt"))
                .lines()
                .toList()) {
            if (line.isBlank() || line.startsWith("says ") || line.startsWith("seen ")) {
                continue;
            }
            if (line.startsWith("# ")) {
                scenarios.add(
                        new Scenario(line.substring(2), new StringBuilder(), new LinkedHashMap<>(), new ArrayList<>()));
                continue;
            }
            Scenario scenario = scenarios.get(scenarios.size() - 1);
            String[] words = line.trim().split("\\s+");
            if (words[0].equals("zone")) {
                scenario.zone().append(line.substring(line.indexOf("zone") + 5)).append('\n');
            } else if (words[0].equals("trouble")) {
                scenario.trouble().put(words[2], Cause.valueOf(words[1].toUpperCase(Locale.ROOT)));
            } else {
                int colon = line.indexOf(" : ");
                String expected = colon < 0 ? "" : line.substring(colon + 3).trim();
                scenario.cases().add(new Case(line.trim(), words[0], words[1], words[2], words[3], expected));
            }
        }
        return scenarios;
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(ScenarioTest.class.getResourceAsStream("/spf/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

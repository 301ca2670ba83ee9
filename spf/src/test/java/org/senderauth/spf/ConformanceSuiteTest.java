package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.peers.ExternalTestData;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.LoopbackDnsServer;
import org.xbill.DNS.SimpleResolver;

/** The SPF community's conformance suites, where they are available. */
class ConformanceSuiteTest {

    @Test
    void passesRfc7208Suite() throws IOException {
        List<YamlSuite.Scenario> suite = YamlSuite.read(ExternalTestData.file("suites/rfc7208-tests.yml"));
        assertThat(suite.stream().mapToInt(s -> s.cases().size()).sum()).isEqualTo(203);
        assertThat(differences(suite, false)).isEmpty();
    }

    @Test
    void passesRfc7208SuiteOverPackets() throws IOException {
        assertThat(differences(YamlSuite.read(ExternalTestData.file("suites/rfc7208-tests.yml")), true))
                .isEmpty();
    }

    // RFC 7208 changed no result that this suite tests: where the RFCs differ, it allows both.
    @Test
    void passesRfc4408Suite() throws IOException {
        List<YamlSuite.Scenario> suite = YamlSuite.read(ExternalTestData.file("suites/rfc4408-tests.yml"));
        assertThat(suite.stream().mapToInt(s -> s.cases().size()).sum()).isEqualTo(191);
        assertThat(differences(suite, false)).isEmpty();
    }

    private static Map<String, String> differences(List<YamlSuite.Scenario> suite, boolean packets) {
        Map<String, String> differences = new TreeMap<>();
        for (YamlSuite.Scenario scenario : suite) {
            try (LoopbackDnsServer server = packets ? LoopbackDnsServer.serving(scenario.dns()) : null) {
                SpfVerifier spf = SpfVerifier.builder()
                        .dns(server == null ? scenario.dns() : asking(server, scenario.dns()))
                        .limits(SpfLimits.builder()
                                .time(Await.LIMIT.multipliedBy(2))
                                .queryTime(Await.LIMIT.multipliedBy(2))
                                .build())
                        .receiver("receiver.example.org")
                        .build();
                for (YamlSuite.Case test : scenario.cases()) {
                    compare(test, spf.verify(test.query()), differences);
                }
            }
        }
        return differences;
    }

    private static void compare(YamlSuite.Case test, SpfResult result, Map<String, String> differences) {
        List<String> wrong = new ArrayList<>();
        if (!test.results().contains(result.verdict().text())) {
            wrong.add(test.results() + " -> " + result.verdict().text() + " "
                    + result.problem().map(SpfProblem::toString).orElse(""));
        }
        // DEFAULT is the receiver's own text; a domain without an explanation has none here.
        String expected = "DEFAULT".equals(test.explanation()) ? null : test.explanation();
        if (test.explanation() != null
                && !java.util.Objects.equals(expected, result.explanation().orElse(null))) {
            wrong.add("explanation '" + expected + "' -> '" + result.explanation() + "'");
        }
        if (!wrong.isEmpty()) {
            differences.put(test.id(), String.join("; ", wrong));
        }
    }

    /** Waits long for a response, but not for a timeout that a test scripts. */
    private static DnsClient asking(LoopbackDnsServer server, DnsClient zone) {
        DnsClient patient = asking(server, Await.LIMIT);
        DnsClient impatient = asking(server, Duration.ofMillis(100));
        return (name, type) -> zone.query(name, type)
                .thenCompose(
                        answer -> (answer instanceof DnsAnswer.Unavailable ? impatient : patient).query(name, type));
    }

    private static DnsClient asking(LoopbackDnsServer server, Duration timeout) {
        SimpleResolver resolver = new SimpleResolver(server.address());
        resolver.setTimeout(timeout);
        return ResolverDnsClient.of(resolver);
    }
}

package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;

/** RFC 7208 section by section, in the files whose format scenarios/README.txt tells. */
class ScenarioTest {

    private static final Pattern CHECK = Pattern.compile("check (\\S+) (\\S+) (\\S+) => (\\w+)"
            + "(?: by (\\S+))?(?: says (.+?))?(?: lookups (\\d+))?(?: voids (\\d+))?");

    @ParameterizedTest
    @ValueSource(strings = {"1-records", "2-mechanisms", "3-modifiers", "4-macros", "5-limits"})
    void everyRuleGivesItsVerdict(String file) throws IOException {
        StringBuilder master = new StringBuilder();
        ZoneDnsClient.Builder zone = ZoneDnsClient.builder();
        boolean inZone = false;
        int checks = 0;
        String rule = "";
        SpfVerifier spf = null;
        SoftAssertions softly = new SoftAssertions();
        for (String line : text(file).lines().toList()) {
            if (line.equals("zone") || line.equals("end")) {
                inZone = line.equals("zone");
            } else if (inZone) {
                master.append(line).append('\n');
            } else if (line.startsWith("trouble ")) {
                String[] words = line.split(" ");
                zone.trouble(DomainNames.of(words[1]), Cause.valueOf(words[2]));
            } else if (line.startsWith("# ")) {
                rule = line.substring(2);
            } else if (!line.isEmpty()) {
                if (spf == null) {
                    spf = SpfVerifier.builder()
                            .dns(zone.text(master.toString()).build())
                            .build();
                }
                check(softly, spf, rule, line);
                checks++;
            }
        }
        softly.assertAll();
        assertThat(checks).isPositive();
    }

    private static void check(SoftAssertions softly, SpfVerifier spf, String rule, String line) throws IOException {
        Matcher check = CHECK.matcher(line);
        assertThat(check.matches()).as(line).isTrue();
        InetAddress client = InetAddress.getByName(check.group(1));
        String from = check.group(3);
        SpfQuery query = from.equals("-")
                ? SpfQuery.helo(client, check.group(2))
                : SpfQuery.mailFrom(client, from.equals("<>") ? "" : from, check.group(2));
        SpfResult result = spf.verify(query);
        String what = rule + "\n" + line + "\n" + result.problem();
        softly.assertThat(result.verdict().text()).as(what).isEqualTo(check.group(4));
        if (check.group(5) != null) {
            softly.assertThat(result.mechanism()).as(what).isEqualTo(check.group(5));
        }
        if (result.verdict() == SpfVerdict.FAIL) {
            softly.assertThat(result.explanation()).as(what).isEqualTo(check.group(6));
        }
        if (check.group(7) != null) {
            softly.assertThat(result.lookups()).as(what).isEqualTo(Integer.parseInt(check.group(7)));
        }
        if (check.group(8) != null) {
            softly.assertThat(result.voidLookups()).as(what).isEqualTo(Integer.parseInt(check.group(8)));
        }
    }

    private static String text(String file) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ScenarioTest.class.getResourceAsStream("scenarios/" + file + ".txt"), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

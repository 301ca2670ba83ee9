package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.ZoneDnsClient;

class SpfTraceTextTest {

    private static List<String> tree(String zone) throws UnknownHostException {
        return result(zone).lines().toList();
    }

    private static String result(String zone) throws UnknownHostException {
        SpfVerifier verifier = SpfVerifier.builder()
                .dns(ZoneDnsClient.builder().text(zone).build())
                .trace(true)
                .build();
        SpfResult result = verifier.verify(
                SpfQuery.mailFrom(InetAddress.getByName("192.0.2.1"), "alice@example.org", "mail.example.org"));
        SpfTrace trace = result.trace().orElseThrow();
        String text = SpfTraceText.text(result, trace, verifier.limits());
        assertThat(SpfTraceText.lines(result, trace, verifier.limits()))
                .isEqualTo(text.lines().toList());
        assertThat(text).endsWith("\n");
        return text;
    }

    @Test
    void eachTermHasItsOutcomeAndItsLookups() throws Exception {
        assertThat(tree("""
                example.org. 300 IN TXT "v=spf1 ip4:198.51.100.1 include:example.net exists:%{l}.example.com -all"
                example.net. 300 IN TXT "v=spf1 ip4:203.0.113.0/24 ?all"
                alice.example.com. 300 IN A 127.0.0.2
                """)).containsExactly("""
                ? TXT example.org: "v=spf1 ip4:198.51.100.1 include:example.net
                    exists:%{l}.example.com -all"
                |- ip4:198.51.100.1                          no match
                |- include:example.net                       no match (lookups 1/10, void 0/2)
                |  ? TXT example.net: "v=spf1 ip4:203.0.113.0/24 ?all"
                |  |- ip4:203.0.113.0/24                     no match
                |  `- ?all                                   MATCH
                |     neutral here: the include does not match
                `- exists:%{l}.example.com -> alice.example.com
                                                             MATCH (lookups 2/10, void 0/2)
                   ? A alice.example.com: 127.0.0.2

                pass (exists:%{l}.example.com): 192.0.2.1 is authorized to send mail for
                    example.org
                used: 2 of 10 DNS lookups, 0 of 2 void lookups
                """.lines().toArray(String[]::new));
    }

    @Test
    void noLineIsWiderThanATerminalUnlessATermIs() throws Exception {
        StringBuilder record = new StringBuilder("v=spf1");
        for (int i = 0; i < 7; i++) {
            record.append(" ip4:198.51.100.").append(i);
        }
        assertThat(tree("example.org. 300 IN TXT \"" + record + " include:" + "a".repeat(60) + ".example.net -all\"\n"))
                .allMatch(line -> line.length() <= 80 || line.contains("a".repeat(60)));
    }

    @Test
    void manyRecordsAreCounted() throws Exception {
        StringBuilder zone = new StringBuilder("example.org. 300 IN TXT \"v=spf1 a -all\"\n");
        for (int i = 1; i <= 11; i++) {
            zone.append("example.org. 300 IN A 203.0.113.").append(i).append('\n');
        }
        String text = result(zone.toString());

        assertThat(text).contains("and 3 more");
        assertThat(text.lines().filter(line -> line.startsWith("|  ")).toList().size())
                .isGreaterThan(1);
    }
}

package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.jspf.core.DNSService;
import org.apache.james.jspf.executor.SPFResult;
import org.apache.james.jspf.impl.DNSServiceXBillImpl;
import org.apache.james.jspf.impl.SPF;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.testkit.LoopbackDnsServer;
import org.xbill.DNS.SimpleResolver;

/** The calls that the guide sets side by side do the same. */
class ReplacingJspfTest {

    private static final ZoneDnsClient ZONE = ZoneDnsClient.builder().text("""
                    example.org.          300 IN TXT "v=spf1 ip4:192.0.2.1 -all exp=why.example.org"
                    why.example.org.      300 IN TXT "%{i} is none of ours"
                    soft.example.org.     300 IN TXT "v=spf1 ~all"
                    neutral.example.org.  300 IN TXT "v=spf1 ?all"
                    broken.example.org.   300 IN TXT "v=spf1 nonsense"
                    mail.example.org.     300 IN TXT "v=spf1 ip4:192.0.2.1 -all"
                    """).build();

    // client | sender | verdict
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.1    | alice@example.org         | pass
            198.51.100.1 | alice@example.org         | fail
            198.51.100.1 | alice@soft.example.org    | softfail
            198.51.100.1 | alice@neutral.example.org | neutral
            198.51.100.1 | alice@broken.example.org  | permerror
            198.51.100.1 | alice@example.com         | none
            198.51.100.1 | ''                        | fail
            """)
    void bothCallsReturnSameResult(String ipAddress, String sender, String verdict) throws IOException {
        String helo = "mail.example.org";
        try (LoopbackDnsServer server = LoopbackDnsServer.serving(ZONE)) {
            DNSService dnsService = new DNSServiceXBillImpl(new SimpleResolver(server.address()));
            // docs: before
            SPF before = new SPF(dnsService);
            SPFResult was = before.checkSPF(ipAddress, sender, helo);
            // docs: end
            // docs: after
            SpfVerifier after = SpfVerifier.builder()
                    .dns(new JspfDnsClient(dnsService))
                    .receiver("mx.example.org")
                    .build();
            InetAddress client = IpAddresses.parse(ipAddress).orElseThrow();
            SpfResult is = after.verify(SpfQuery.mailFrom(client, sender, helo));
            // docs: end
            assertThat(was.getResult()).isEqualTo(verdict);
            assertThat(is.verdict().text()).isEqualTo(verdict);
            assertThat(is.receivedSpf()).startsWith(was.getHeaderName() + ": " + verdict);
            if (sender.equals("alice@example.org") && verdict.equals("fail")) {
                assertThat(is.explanation()).contains(was.getExplanation()).contains("198.51.100.1 is none of ours");
            }
        }
    }

    @Test
    void guideShowsTheseCalls() throws IOException {
        String guide = Files.readString(Path.of("../../docs/replacing-jspf.md"));
        Matcher marked = Pattern.compile("// docs: (?:before|after)\n(.*?)\n *// docs: end", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("src/test/java/org/senderauth/james/ReplacingJspfTest.java")));
        assertThat(marked.results())
                .hasSize(2)
                .allSatisfy(result ->
                        assertThat(guide).contains("```java\n" + result.group(1).stripIndent() + "\n```\n"));
    }
}

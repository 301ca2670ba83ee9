package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.AuthenticationResults;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;

class SpfFormatterTest {

    private static final InetAddress CLIENT = IpAddresses.parse("192.0.2.1").orElseThrow();
    private static final InetAddress CLIENT6 = IpAddresses.parse("2001:db8::1").orElseThrow();

    private static final SpfVerifier SPF = SpfVerifier.builder()
            .receiver("mx.example.net")
            .dns(ZoneDnsClient.builder()
                    .text("""
                    pass.example.    60 IN TXT "v=spf1 ip4:192.0.2.1 ip6:2001:db8::/32 -all"
                    fail.example.    60 IN TXT "v=spf1 -all exp=why.fail.example"
                    why.fail.example. 60 IN TXT "Not from %{i}, %{l}."
                    long.example.    60 IN TXT "v=spf1 -all exp=why.long.example"
                    why.long.example. 60 IN TXT "%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}%{s}"
                    soft.example.    60 IN TXT "v=spf1 ~all"
                    neutral.example. 60 IN TXT "v=spf1"
                    broken.example.  60 IN TXT "v=spf1 ipv4:192.0.2.1"
                    """)
                    .trouble(
                            org.senderauth.dns.DomainNames.of("slow.example"),
                            org.senderauth.dns.DnsAnswer.Unavailable.Cause.TIMEOUT)
                    .build())
            .build();

    private static SpfResult check(String from) {
        return SPF.verify(SpfQuery.mailFrom(CLIENT, from, "mail.example.org"));
    }

    private static String field(SpfResult result) {
        return AuthenticationResults.field("mx.example.net", List.of(result.authResult()))
                .toString();
    }

    @Test
    void writesEveryKeyOfReceivedSpf() {
        assertThat(check("alice@pass.example").receivedSpf())
                .isEqualTo("Received-SPF: pass (mx.example.net: 192.0.2.1 is authorized to send mail for pass.example)"
                        + " receiver=mx.example.net; client-ip=192.0.2.1; envelope-from=\"alice@pass.example\";"
                        + " helo=mail.example.org; identity=mailfrom; mechanism=\"ip4:192.0.2.1\"");
        assertThat(check("alice@broken.example").receivedSpf())
                .startsWith("Received-SPF: permerror (")
                .endsWith("; problem=\"broken.example, octet 7: neither a mechanism"
                        + " \\(all, include, a, mx, ptr, ip4, ip6, exists\\) nor a modifier \\(name=value\\)\""
                                .replace("\\(", "(")
                                .replace("\\)", ")"));
        assertThat(check("alice@neutral.example").receivedSpf()).endsWith("; mechanism=default");
        assertThat(SPF.verify(SpfQuery.helo(CLIENT6, "pass.example")).receivedSpf())
                .contains("; client-ip=\"2001:db8::1\"; envelope-from=\"\"; helo=pass.example; identity=helo;");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a@pass.example    | 192.0.2.1 is authorized to send mail for pass.example
            a@fail.example    | 192.0.2.1 is not authorized to send mail for fail.example
            a@soft.example    | 192.0.2.1 is probably not authorized to send mail for soft.example
            a@neutral.example | neutral.example does not state whether 192.0.2.1 is authorized
            a@nothing.example | nothing.example has no SPF record
            a@                | no domain to check
            a@slow.example    | temporary error for slow.example
            a@broken.example  | permanent error for broken.example
            """)
    void explainsResultInComment(String from, String sentence) {
        assertThat(check(from).receivedSpf()).contains(" (mx.example.net: " + sentence + ") receiver=");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            mail.example.org | mail.example.org | mail.example.org
            !~               | !~               | !~
            a..b             | "a..b"           | a..b
            .a               | ".a"             | .a
            a.               | "a."             | a.
            a=b              | a=b              | "a=b"
            `a b`            | "a b"            | "a b"
            a"\\b            | "a\\"\\\\b"        | "a\\"\\\\b"
            a\u007fb         | "a?b"            | "a?b"
            b\u00fccher      | "b\u00fccher"    | "b\u00fccher"
            a(b              | "a(b"            | "a(b"
            b\u00fc ~        | "b\u00fc ~"      | "b\u00fc ~"
            e\u0301\u00bd    | "e\u0301?"       | "e\u0301?"
            a\u0080b         | "a?b"            | "a?b"
            ``               | ""               | ""
            """)
    void quotesValuesOnlyWhereNeeded(String helo, String inReceivedSpf, String inResults) {
        SpfResult result = SPF.verify(SpfQuery.helo(CLIENT, helo));
        assertThat(result.receivedSpf()).contains("; helo=" + inReceivedSpf + "; identity=helo");
        assertThat(result.authResult().toString()).endsWith(" smtp.helo=" + inResults);
    }

    @Test
    void shortensLongValues() {
        assertThat(helo("h".repeat(128)).receivedSpf()).contains("; helo=" + "h".repeat(128) + ";");
        assertThat(helo("h".repeat(129)).receivedSpf()).contains("; helo=\"" + "h".repeat(125) + "...\";");
        assertThat(helo("h".repeat(126) + "\"").receivedSpf()).contains("; helo=\"" + "h".repeat(126) + "\\\"\";");
        assertThat(helo("h".repeat(127) + "\"").receivedSpf()).contains("; helo=\"" + "h".repeat(127) + "\";");
        assertThat(helo("h".repeat(256)).authResult().toString()).endsWith("smtp.helo=" + "h".repeat(256));
        assertThat(helo("h".repeat(257)).authResult().toString()).endsWith("smtp.helo=\"" + "h".repeat(253) + "...\"");
        String from = "x".repeat(256 - "@pass.example".length()) + "@pass.example";
        assertThat(check(from).authResult().toString()).endsWith("smtp.mailfrom=" + from);
        assertThat(check("x" + from).authResult().toString())
                .endsWith("smtp.mailfrom=\"x" + from.substring(0, 252) + "...\"");
        assertThat(check("@pass.example").authResult().toString()).endsWith("smtp.mailfrom=@pass.example");
    }

    private static SpfResult helo(String name) {
        return SPF.verify(SpfQuery.helo(CLIENT, name));
    }

    @Test
    void reportsCheckedIdentity() {
        assertThat(check("alice@pass.example").authResult().toString())
                .isEqualTo("spf=pass smtp.mailfrom=alice@pass.example");
        assertThat(SPF.verify(SpfQuery.helo(CLIENT, "pass.example"))
                        .authResult()
                        .toString())
                .isEqualTo("spf=pass smtp.helo=pass.example");
        assertThat(check("").authResult().toString()).endsWith("spf=none smtp.helo=mail.example.org");
        assertThat(check("\"a b\"@pass.example").authResult().toString())
                .endsWith("spf=pass smtp.mailfrom=\"\\\"a b\\\"@pass.example\"");
    }

    @Test
    void repliesWithCodesOfRfc7372() {
        assertThat(check("al@fail.example").smtpReply().orElseThrow())
                .hasToString("550 5.7.23 SPF check failed: 192.0.2.1 is not authorized to send mail for fail.example;"
                        + " fail.example explains: Not from 192.0.2.1, al.");
        assertThat(check("al@slow.example").smtpReply().orElseThrow().toString())
                .startsWith("451 4.7.24 SPF temporary error for slow.example: slow.example: no response for TXT")
                .endsWith(", try again later");
        for (String harmless : new String[] {"pass", "soft", "neutral", "nothing", "broken"}) {
            assertThat(check("al@" + harmless + ".example").smtpReply()).isEmpty();
        }
    }

    @Test
    void repliesToPermerrorOnRequestOnly() {
        assertThat(check("al@broken.example").permerrorReply().orElseThrow().toString())
                .startsWith("550 5.7.24 SPF permanent error for broken.example: broken.example, octet 7");
        for (String other : new String[] {"pass", "fail", "slow", "soft", "neutral", "nothing"}) {
            assertThat(check("al@" + other + ".example").permerrorReply()).isEmpty();
        }
    }

    @Test
    void limitsExplanations() {
        assertThat(check("x".repeat(60) + "@long.example").explanation().orElseThrow())
                .hasSize(SpfResult.MAX_EXPLANATION);
        assertThat(check("al\u0085X:y\u00e9@fail.example").explanation()).contains("Not from 192.0.2.1, al?X:y?.");
    }

    @Test
    void fitsEveryFieldIntoLine() {
        String hostile = "\"\\(".repeat(500);
        SpfResult.Builder built = new SpfResult.Builder(
                SpfQuery.mailFrom(CLIENT6, hostile, hostile), SpfVerdict.PERMERROR, hostile, hostile);
        built.mechanism = hostile;
        built.problem = new SpfProblem(hostile, null, hostile);
        SpfResult result = built.build();
        assertThat(result.receivedSpf()).hasSizeLessThanOrEqualTo(998).endsWith("\"");
        assertThat(field(result)).hasSizeLessThanOrEqualTo(998).endsWith("\"");
    }

    @Property(tries = 500)
    void neverBreaksLineOnUntrustedText(@ForAll String local, @ForAll String helo) {
        for (String from : new String[] {local, local + "@fail.example", local + "@" + helo}) {
            for (SpfIdentity identity : SpfIdentity.values()) {
                SpfResult result = SPF.verify(new SpfQuery(CLIENT, identity, from, helo));
                for (String field : new String[] {result.receivedSpf(), field(result)}) {
                    assertThat(field.chars().noneMatch(Character::isISOControl)).isTrue();
                    assertThat(field)
                            .hasSizeLessThanOrEqualTo(998)
                            .doesNotContain("\u2028")
                            .doesNotContain("\u2029");
                }
                result.smtpReply()
                        .or(result::permerrorReply)
                        .ifPresent(reply -> assertThat(reply.toString()).matches("[ -~]+"));
            }
        }
    }
}

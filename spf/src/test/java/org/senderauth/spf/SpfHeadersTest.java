package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;

class SpfHeadersTest {

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

    @Test
    void receivedSpfHasEveryKey() {
        assertThat(check("alice@pass.example").receivedSpf())
                .isEqualTo("Received-SPF: pass (mx.example.net: pass.example permits 192.0.2.1 to send)"
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
            a@pass.example    | pass.example permits 192.0.2.1 to send
            a@fail.example    | fail.example does not permit 192.0.2.1 to send
            a@soft.example    | soft.example discourages 192.0.2.1 from sending
            a@neutral.example | neutral.example makes no statement about 192.0.2.1
            a@nothing.example | no SPF record for nothing.example
            a@                | no domain to check
            a@slow.example    | the record of slow.example cannot be evaluated now
            a@broken.example  | the record of broken.example cannot be interpreted
            """)
    void commentSaysWhatTheVerdictMeans(String from, String sentence) {
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
    void wordsStandAsTheyAreWhereTheSyntaxOfTheFieldAllows(String helo, String inReceivedSpf, String inResults) {
        SpfResult result = SPF.verify(SpfQuery.helo(CLIENT, helo));
        assertThat(result.receivedSpf()).contains("; helo=" + inReceivedSpf + "; identity=helo");
        assertThat(result.authenticationResults()).endsWith(" smtp.helo=" + inResults);
    }

    @Test
    void wordsAreCutToTheirPlace() {
        assertThat(helo("h".repeat(128)).receivedSpf()).contains("; helo=" + "h".repeat(128) + ";");
        assertThat(helo("h".repeat(129)).receivedSpf()).contains("; helo=\"" + "h".repeat(125) + "...\";");
        assertThat(helo("h".repeat(126) + "\"").receivedSpf()).contains("; helo=\"" + "h".repeat(126) + "\\\"\";");
        assertThat(helo("h".repeat(127) + "\"").receivedSpf()).contains("; helo=\"" + "h".repeat(127) + "\";");
        assertThat(helo("h".repeat(256)).authenticationResults()).endsWith("smtp.helo=" + "h".repeat(256));
        assertThat(helo("h".repeat(257)).authenticationResults()).endsWith("smtp.helo=\"" + "h".repeat(253) + "...\"");
        String from = "x".repeat(256 - "@pass.example".length()) + "@pass.example";
        assertThat(check(from).authenticationResults()).endsWith("smtp.mailfrom=" + from);
        assertThat(check("x" + from).authenticationResults())
                .endsWith("smtp.mailfrom=\"x" + from.substring(0, 252) + "...\"");
        assertThat(check("@pass.example").authenticationResults()).endsWith("smtp.mailfrom=@pass.example");
    }

    private static SpfResult helo(String name) {
        return SPF.verify(SpfQuery.helo(CLIENT, name));
    }

    @Test
    void authenticationResultsNameTheIdentity() {
        assertThat(check("alice@pass.example").authenticationResults())
                .isEqualTo("Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=alice@pass.example");
        assertThat(SPF.verify(SpfQuery.helo(CLIENT, "pass.example")).authenticationResults())
                .isEqualTo("Authentication-Results: mx.example.net; spf=pass smtp.helo=pass.example");
        assertThat(check("").authenticationResults()).endsWith("spf=none smtp.mailfrom=postmaster@mail.example.org");
        assertThat(check("\"a b\"@pass.example").authenticationResults())
                .endsWith("spf=pass smtp.mailfrom=\"\\\"a b\\\"@pass.example\"");
    }

    @Test
    void repliesHaveTheCodesOfRfc7372() {
        assertThat(Objects.requireNonNull(check("al@fail.example").smtpReply()))
                .hasToString("550 5.7.23 SPF: fail.example does not permit 192.0.2.1 to send;"
                        + " fail.example explains: Not from 192.0.2.1, al.");
        assertThat(Objects.requireNonNull(check("al@slow.example").smtpReply()).toString())
                .startsWith(
                        "451 4.7.24 SPF: the record of slow.example cannot be evaluated now: slow.example: no answer");
        assertThat(Objects.requireNonNull(check("al@broken.example").smtpReply())
                        .toString())
                .startsWith(
                        "550 5.7.24 SPF: the record of broken.example cannot be interpreted: broken.example, octet 7");
        for (String harmless : new String[] {"pass", "soft", "neutral", "nothing"}) {
            assertThat(check("al@" + harmless + ".example").smtpReply()).isNull();
        }
    }

    @Test
    void explanationsAreLimitedInLengthAndCharacters() {
        assertThat(check("x".repeat(60) + "@long.example").explanation()).hasSize(SpfResult.MAX_EXPLANATION);
        assertThat(check("al\r\nX: y\u00e9@fail.example").explanation()).isEqualTo("Not from 192.0.2.1, al??X: y?.");
    }

    @Test
    void aFieldFitsIntoALineWhateverItSays() {
        String hostile = "\"\\(".repeat(500);
        SpfResult result = new SpfResult(
                SpfQuery.mailFrom(CLIENT6, hostile, hostile),
                SpfVerdict.PERMERROR,
                hostile,
                hostile,
                new SpfProblem(hostile, null, hostile),
                null,
                0,
                0,
                null,
                hostile);
        assertThat(result.receivedSpf()).hasSizeLessThanOrEqualTo(998).endsWith("\"");
        assertThat(result.authenticationResults()).hasSizeLessThanOrEqualTo(998).endsWith("\"");
    }

    @Property(tries = 500)
    void nothingThatOthersSendBreaksALine(@ForAll String local, @ForAll String helo) {
        for (String from : new String[] {local, local + "@fail.example", local + "@" + helo}) {
            for (SpfIdentity identity : SpfIdentity.values()) {
                SpfResult result = SPF.verify(new SpfQuery(CLIENT, identity, from, helo));
                for (String field : new String[] {result.receivedSpf(), result.authenticationResults()}) {
                    assertThat(field.chars().noneMatch(Character::isISOControl)).isTrue();
                    assertThat(field)
                            .hasSizeLessThanOrEqualTo(998)
                            .doesNotContain("\u2028")
                            .doesNotContain("\u2029");
                }
                SmtpReply reply = result.smtpReply();
                assertThat(reply == null || reply.toString().matches("[ -~]+")).isTrue();
            }
        }
    }
}

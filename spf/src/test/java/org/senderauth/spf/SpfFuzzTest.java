package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Whatever a domain publishes and a client says: an answer within the budget, never an exception. */
class SpfFuzzTest {

    // Internationalised mail has UTF-8 in its headers (RFC 6532), but no line may break in them.
    private static final String ONE_LINE = "[^\\x00-\\x1f\\x7f-\\x9f]+";

    private static final String DOMAIN = "example.org";

    @Property(tries = 2_000)
    void acceptsAnyBytesAsRecord(@ForAll("records") String record) {
        check(record, "alice@" + DOMAIN, "mail.example.net");
    }

    @Property(tries = 2_000)
    void acceptsAnyTextAsSenderAndHelo(@ForAll String sender, @ForAll String helo) {
        check(
                "v=spf1 a:%{l}.%{h}.x mx:%{s} exists:%{L1r-}.%{o}.%{i} ptr include:%{p} -all exp=%{l}." + DOMAIN,
                sender,
                helo);
        check("v=spf1 -all exp=%{l}." + DOMAIN, sender + "@" + DOMAIN, helo);
    }

    @Provide
    Arbitrary<String> records() {
        Arbitrary<String> terms = Arbitraries.of(
                "a",
                "mx",
                "ptr",
                "all",
                "-all",
                "?a:%{d}",
                "include:example.org",
                "redirect=example.org",
                "exp=%{d}",
                "exists:%{l}.%{d}",
                "ip4:192.0.2.0/24",
                "ip6:2001:db8::/32",
                "a//",
                "a/33",
                "ip4:1.2.3",
                "%{x}",
                "a:%{d999r+}",
                "mx:..",
                "a:" + "x".repeat(64) + ".example",
                "x=%{l}%_%-%%",
                "é",
                "\u0000",
                "=",
                ":",
                "/",
                "v=spf1");
        Arbitrary<String> line = terms.list().ofMaxSize(30).map(list -> "v=spf1 " + String.join(" ", list));
        Arbitrary<String> octets = Arbitraries.chars()
                .range((char) 0, (char) 255)
                .list()
                .ofMaxSize(300)
                .map(SpfFuzzTest::join);
        return Arbitraries.oneOf(line, octets.map(text -> "v=spf1 " + text), octets);
    }

    @Test
    void endsOnHugeRecords() {
        String label = "a.".repeat(1_000);
        for (String record : List.of(
                "v=spf1 exists:" + "%{l}".repeat(1_000) + ".example.org -all",
                "v=spf1 a:" + label + "example -all",
                "v=spf1 " + "ip4:10.0.0.1 ".repeat(4_000) + "-all",
                "v=spf1 " + "include:example.org ".repeat(1_000) + "-all",
                "v=spf1 a:example.org/" + "9".repeat(4_000) + " -all",
                "v=spf1 exists:%{l" + "9".repeat(4_000) + "} -all",
                "v=spf1 x=" + "%{d}".repeat(1_000),
                "v=spf1 redirect=" + DOMAIN,
                "v=spf1 " + "(".repeat(4_000))) {
            check(record, "alice@" + DOMAIN, "mail.example.net");
        }
    }

    private static String join(List<Character> characters) {
        StringBuilder text = new StringBuilder();
        characters.forEach(text::append);
        return text.toString();
    }

    private static void check(String record, String sender, String helo) {
        SpfVerifier spf = SpfVerifier.builder()
                .dns(ZoneDnsClient.builder().record(txt(record)).build())
                .trace(true)
                .build();
        for (String client : new String[] {"192.0.2.1", "2001:db8::1"}) {
            SpfIdentityResults results = spf.verifyBoth(SpfQuery.mailFrom(address(client), sender, helo));
            for (SpfResult result : new SpfResult[] {results.helo(), results.decisive()}) {
                assertThat(result.lookups()).isBetween(0, 10);
                assertThat(result.voidLookups()).isBetween(0, 3);
                assertThat(result.receivedSpf()).matches(ONE_LINE);
                assertThat(result.authResult().toString()).matches(ONE_LINE);
                result.explanation()
                        .ifPresent(text ->
                                assertThat(text).matches("[ -~]*").hasSizeLessThanOrEqualTo(SpfResult.MAX_EXPLANATION));
                result.smtpReply()
                        .ifPresent(reply ->
                                assertThat(reply.toString()).matches("[ -~]+").hasSizeLessThan(512));
                boolean error = result.verdict() == SpfVerdict.PERMERROR || result.verdict() == SpfVerdict.TEMPERROR;
                boolean malformed = result.verdict() == SpfVerdict.NONE
                        && result.problem()
                                .filter(found -> found.message().startsWith("malformed "))
                                .isPresent();
                assertThat(result.problem().isPresent()).isEqualTo(error || malformed);
            }
        }
    }

    private static Record txt(String text) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        java.io.ByteArrayOutputStream wire = new java.io.ByteArrayOutputStream();
        for (int at = 0; at == 0 || at < octets.length; at += 255) {
            int length = Math.min(255, octets.length - at);
            wire.write(length);
            wire.write(octets, at, length);
        }
        return Record.newRecord(DomainNames.of(DOMAIN), Type.TXT, DClass.IN, 60, wire.toByteArray());
    }

    private static InetAddress address(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}

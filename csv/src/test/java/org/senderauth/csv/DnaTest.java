package org.senderauth.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.testkit.CountingDnsClient;
import org.xbill.DNS.Name;

/** Accreditation, step by step. */
class DnaTest {

    private static final InetAddress CLIENT = IpAddresses.parse("192.0.2.1").orElseThrow();
    private static final Name HELO = DomainNames.of("mail.example");
    private static final String CSA =
            "_client._smtp.mail.example. 60 IN SRV 1 2 0 mail.example.\nmail.example. 60 IN A 192.0.2.1\n";
    private static final String POINTERS = "mail.example. 60 IN PTR _VOUCH._SMTP.one.example.\n"
            + "mail.example. 60 IN PTR _vouch._smtp.TWO.example.\n"
            + "mail.example. 60 IN PTR somewhere.example.\n"
            + "mail.example. 60 IN PTR _VOUCH._SMTP.unknown.example.\n"
            + "mail.example. 60 IN PTR _VOUCH._SMTP.\n";

    @Test
    void queriesServicesAboutPassingNamesOnly() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.of(CSA + POINTERS));
        CsvVerifier verifier = verifier(dns, DnaService.whenPointedTo("one.example", 1));
        assertThat(verifier.verify(CsvQuery.of(IpAddresses.parse("192.0.2.9").orElseThrow(), "mail.example"))
                        .dna())
                .isEqualTo(DnaResult.NOT_ASKED);
        assertThat(dns.questions()).containsExactly("_client._smtp.mail.example. SRV", "mail.example. A");
    }

    @Test
    void queriesNothingWithoutTrustedService() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.of(CSA + POINTERS));
        CsvResult result = verifier(dns).verify(CsvQuery.of(CLIENT, "mail.example"));
        assertThat(dns.questions()).containsExactly("_client._smtp.mail.example. SRV");
        assertThat(result.dna().rating()).isEqualTo(DnaRating.C);
    }

    @Test
    void pointersSelectAmongTrustedServicesOnly() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.of(CSA + POINTERS));
        verifier(
                        dns,
                        DnaService.whenPointedTo("one.example", 1),
                        DnaService.whenPointedTo("two.example", 1),
                        DnaService.whenPointedTo("somewhere.example", 1),
                        DnaService.whenPointedTo("not-pointed-to.example", 1),
                        DnaService.always("own.example", 1))
                .verify(CsvQuery.of(CLIENT, "mail.example"));
        assertThat(dns.questions())
                .containsExactly(
                        "_client._smtp.mail.example. SRV",
                        "mail.example. PTR",
                        "mail.example.one.example. TXT",
                        "mail.example.two.example. TXT",
                        "mail.example.own.example. TXT");
    }

    @Test
    void ownServicesRequireNoPointer() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.of("mail.example.own.example. 60 IN TXT \"MARID,1,A\""));
        DnaResult result = verifier(dns, DnaService.always("own.example", 1))
                .accreditation(HELO)
                .join();
        assertThat(result.rating()).isEqualTo(DnaRating.A);
        assertThat(result.reason()).isEqualTo("own.example says strongly recommended");
        assertThat(result.smtpReply()).isEmpty();
        assertThat(dns.questions()).containsExactly("mail.example.own.example. TXT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"MARID,1,D\" | D",
                "\"marid,1,d;why not\" | D",
                "\"MARI\" \"D,1,D\" | D",
                "\"MARID,,D\" | C",
                "\"MARID,2,D\" | C",
                "\"DKIM,1,D\" | C",
                "\"MARID,1,F\" | C",
                "\"MARID,1,\" | C",
                "\"MARID,1,DD\" | C",
                "\"MARID,1,D \" | C",
                "\" MARID,1,D\" | C",
                "\"MARID,1,D,\" | C",
                "\"MARID,1,D;\\007\" | C",
                "\"\" | C",
            })
    void ignoresReportsOfOtherServices(String text, DnaRating rating) {
        assertThat(own("mail.example.own.example. 60 IN TXT " + text).rating()).isEqualTo(rating);
    }

    @Test
    void ignoresContradictoryReports() {
        assertThat(own("mail.example.own.example. 60 IN TXT \"MARID,1,A\"\n"
                                + "mail.example.own.example. 60 IN TXT \"MARID,1,E\"")
                        .opinions())
                .isEmpty();
        assertThat(own("mail.example.own.example. 60 IN TXT \"MARID,1,E\"\n"
                                + "mail.example.own.example. 60 IN TXT \"MARID,1,E;twice\"\n"
                                + "mail.example.own.example. 60 IN TXT \"v=spf1 -all\"")
                        .rating())
                .isEqualTo(DnaRating.E);
    }

    @ParameterizedTest
    @CsvSource({
        // ratings with weights, the combined rating, the service that the reply names
        "A1 E1, C, ''",
        "A1 E2, D, b.example",
        "A3 E1, B, ''",
        "B1 C9, B, ''",
        "D1 E1, D, b.example",
        "E1 C1, E, a.example",
        "A1 B1, B, ''",
        "C1 C1, C, ''",
        "D3 E1, D, a.example",
    })
    void ratingsAreCombinedByWeight(String ratings, DnaRating combined, String named) {
        String zone = "";
        CsvVerifier.Builder builder = CsvVerifier.builder();
        char service = 'a';
        for (String rating : ratings.split(" ")) {
            zone += "mail.example." + service + ".example. 60 IN TXT \"MARID,1," + rating.charAt(0) + "\"\n";
            builder.trust(DnaService.always(service++ + ".example", rating.charAt(1) - '0'));
        }
        DnaResult result =
                builder.dns(CsaZones.of(zone)).build().accreditation(HELO).join();
        assertThat(result.rating()).isEqualTo(combined);
        assertThat(result.smtpReply().map(Object::toString).orElse(""))
                .isEqualTo(named.isEmpty() ? "" : "550 5.7.1 Access Denied based on " + named + " report.");
    }

    @Test
    void troubleCountsAsNoReport() {
        DnsClient dns =
                CsaZones.answering("mail.example.own.example", new Unavailable(Cause.TIMEOUT, "late"), CsaZones.of(""));
        DnaResult result = verifier(dns, DnaService.always("own.example", 1))
                .accreditation(HELO)
                .join();
        assertThat(result.rating()).isEqualTo(DnaRating.C);
        assertThat(result.isIncomplete()).isTrue();
        assertThat(result.reason()).isEqualTo("no service could be asked");
        assertThat(own("").reason()).isEqualTo("no trusted service has a report");
    }

    @Test
    void skipsOverlongQueryName() {
        Name helo = DomainNames.of("a".repeat(60) + "." + "b".repeat(60) + "." + "c".repeat(60));
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.of(""));
        DnaResult result = verifier(dns, DnaService.always("d".repeat(60) + "." + "e".repeat(60), 1))
                .accreditation(helo)
                .join();
        assertThat(result.opinions()).isEmpty();
        assertThat(dns.questions()).isEmpty();
    }

    @Test
    void negativeRatingRejectsOnlyIfEnforced() {
        String zone = CSA + "mail.example.own.example. 60 IN TXT \"MARID,1,D\"";
        CsvQuery query = CsvQuery.of(CLIENT, "mail.example");
        CsvResult report =
                verifier(CsaZones.of(zone), DnaService.always("own.example", 1)).verify(query);
        assertThat(report.rejects()).isFalse();
        assertThat(report.smtpReply()).isPresent();
        assertThat(report.reason()).endsWith("; own.example says not recommended");
        CsvResult enforced = CsvVerifier.builder()
                .dns(CsaZones.of(zone))
                .trust(DnaService.always("own.example", 1))
                .enforceRating(true)
                .build()
                .verify(query);
        assertThat(enforced.rejects()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void rejectsServiceWeightBelowOne(int weight) {
        assertThatThrownBy(() -> DnaService.always("a.example", weight)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void parsesReportAsWritten(@ForAll DnaRating rating, @ForAll byte[] octets) {
        String info = new String(octets, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "");
        DnaReport report = new DnaReport("MARID", "1", rating, info);
        assertThat(DnaReport.parse(report.toString().getBytes(StandardCharsets.US_ASCII)))
                .hasValue(report);
    }

    @Property
    void anyOctetsAreAReportOrNone(@ForAll byte[] octets) {
        assertThat(DnaReport.parse(octets)).isNotNull();
    }

    private static DnaResult own(String zone) {
        return verifier(CsaZones.of(zone), DnaService.always("own.example", 1))
                .accreditation(HELO)
                .join();
    }

    private static CsvVerifier verifier(DnsClient dns, DnaService... services) {
        CsvVerifier.Builder builder = CsvVerifier.builder().dns(dns);
        List.of(services).forEach(builder::trust);
        return builder.build();
    }

    @Test
    void nullDomainNamesTheParameter() {
        assertThatNullPointerException()
                .isThrownBy(() -> DnaService.always(null, 1))
                .withMessage("domain");
        assertThatNullPointerException()
                .isThrownBy(() -> new DnaService(null, 1, true))
                .withMessage("name");
    }
}

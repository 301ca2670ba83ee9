package org.senderauth.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.csv.CsaRecord.Authorization;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.xbill.DNS.Name;

class CsvPublisherTest {

    private static final CsvPublisher PUBLISHER = new CsvPublisher(300);
    private static final Name MAIL = DomainNames.of("mail.example");
    private static final InetAddress CLIENT = IpAddresses.parse("192.0.2.1").orElseThrow();

    @Test
    void publishedNamePasses() {
        ZoneFragment text = PUBLISHER.csa(MAIL, new CsaRecord(1, 2, 1, MAIL), List.of(CLIENT));
        assertThat(text).hasToString("""
                _client._smtp.mail.example. 300 IN SRV 1 2 1 mail.example.
                mail.example. 300 IN A 192.0.2.1
                """);
        assertThat(text.warnings()).isEmpty();
        CsvVerifier verifier =
                CsvVerifier.builder().dns(CsaZones.of(text.toString())).build();
        assertThat(verifier.verify(CsvQuery.of(CLIENT, "mail.example")).verdict())
                .isEqualTo(CsaVerdict.PASS);
        assertThat(verifier.verify(CsvQuery.of(CLIENT, "below.mail.example")).verdict())
                .isEqualTo(CsaVerdict.FAIL_EXPLICIT);
    }

    @ParameterizedTest
    @CsvSource({
        "mail.example, 1 2 0 mail.example, ''",
        "mail.example, 1 1 0 mail.example, ''",
        "mail.example, 1 3 0 mail.example, ''",
        "mail.example, 2 2 0 mail.example, version 2",
        "mail.example, 1 0 0 mail.example, weight 0",
        "mail.example, 1 4 0 mail.example, reserved bit",
        "mail.example, 1 6 0 mail.example, reserved bit",
        "mail.example, 1 2 2 mail.example, port 2 sets a reserved bit",
        "mail.example, 1 2 0 ., every client",
        "mail.example, 1 1 0 ., root servers",
        "f.e.d.c.b.a, 1 1 1 a.example, ''",
        "g.f.e.d.c.b.a, 1 1 1 a.example, level 6",
        "g.f.e.d.c.b.a, 1 2 0 a.example, ''",
        "example, 1 1 1 example, top level",
    })
    void eachMistakeHasItsWarning(String helo, String rdata, String warning) {
        String[] fields = rdata.split(" ");
        CsaRecord record = new CsaRecord(
                Integer.parseInt(fields[0]),
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[2]),
                fields[3].equals(".") ? Name.root : DomainNames.of(fields[3]));
        List<String> warnings =
                PUBLISHER.csa(DomainNames.of(helo), record, List.of(CLIENT)).warnings();
        if (warning.isEmpty()) {
            assertThat(warnings).isEmpty();
        } else {
            assertThat(warnings).singleElement().asString().contains(warning);
        }
    }

    @Test
    void warnsAboutTargetWithoutAddresses() {
        assertThat(PUBLISHER.csa(MAIL, new CsaRecord(1, 2, 0, MAIL), List.of()).warnings())
                .singleElement()
                .asString()
                .contains("no address");
    }

    @Test
    void warnsAboutCnameAsTarget() {
        assertThat(CsvPublisher.targetWarnings(DomainNames.of("alias.csa.test"), CsaZones.ofCases()))
                .singleElement()
                .asString()
                .contains("alias.csa.test is a CNAME");
        assertThat(CsvPublisher.targetWarnings(DomainNames.of("ok.csa.test"), CsaZones.ofCases()))
                .isEmpty();
    }

    @Test
    void warnsAboutResponseOver512Bytes() {
        List<InetAddress> many = IntStream.rangeClosed(1, 40)
                .mapToObj(i -> IpAddresses.parse("192.0.2." + i).orElseThrow())
                .toList();
        CsaRecord record = new CsaRecord(1, 2, 0, MAIL);
        assertThat(PUBLISHER.csa(MAIL, record, many).warnings())
                .singleElement()
                .asString()
                .contains("octets", "512");
        assertThat(PUBLISHER.csa(MAIL, record, many.subList(0, 20)).warnings()).isEmpty();
    }

    @Test
    void acceptsResponseOf512Bytes() {
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 1; i <= 22; i++) {
            addresses.add(IpAddresses.parse("192.0.2." + i).orElseThrow());
        }
        for (int i = 1; i <= 3; i++) {
            addresses.add(IpAddresses.parse("2001:db8::" + i).orElseThrow());
        }
        CsaRecord record = new CsaRecord(1, 2, 0, MAIL);
        assertThat(PUBLISHER.csa(MAIL, record, addresses).warnings()).isEmpty();
        addresses.add(IpAddresses.parse("192.0.2.23").orElseThrow());
        assertThat(PUBLISHER.csa(MAIL, record, addresses).warnings())
                .containsExactly("the SRV reply has 528 octets with its addresses; 512 reach every receiver over UDP");
    }

    @Test
    void measuresResponsesOfEveryType() {
        List<Name> many = IntStream.rangeClosed(1, 30)
                .mapToObj(i -> DomainNames.of("service" + i + ".example"))
                .toList();
        assertThat(PUBLISHER.dnaPointers(MAIL, many).warnings())
                .singleElement()
                .asString()
                .startsWith("the PTR reply has ");
        assertThat(PUBLISHER.mpr(MAIL, new MprRecord(0, 1), many, List.of()).warnings())
                .singleElement()
                .asString()
                .startsWith("the PTR reply has ");
        Name longName = DomainNames.of(("a".repeat(59) + ".").repeat(3) + "b".repeat(59));
        DnaReport longest = new DnaReport("MARID", "1", DnaRating.B, "x".repeat(245));
        assertThat(PUBLISHER.dnaReport(MAIL, MAIL, longest).warnings()).isEmpty();
        assertThat(PUBLISHER.dnaReport(longName, MAIL, longest).warnings())
                .singleElement()
                .asString()
                .startsWith("the TXT reply has ");
        assertThatThrownBy(() ->
                        PUBLISHER.dnaReport(MAIL, MAIL, new DnaReport("MARID", "1", DnaRating.B, "x".repeat(246))))
                .hasMessageContaining("at most 255");
    }

    @Test
    void nameOf255OctetsForAReportFits() {
        List<Name> services = List.of(DomainNames.of("vouch.example"), DomainNames.of("x.y"));
        String labels = ("a".repeat(59) + ".").repeat(3);
        assertThat(PUBLISHER
                        .dnaPointers(DomainNames.of(labels + "b".repeat(59)), services)
                        .warnings())
                .isEmpty();
        assertThat(PUBLISHER
                        .dnaPointers(DomainNames.of(labels + "b".repeat(60)), services)
                        .warnings())
                .singleElement()
                .asString()
                .contains("vouch.example is longer");
    }

    @ParameterizedTest
    @CsvSource({"0", "2147483647"})
    void everyTtlOfTheDnsMayBePublished(long ttl) {
        assertThat(new CsvPublisher(ttl).csa(MAIL, new CsaRecord(1, 2, 0, MAIL), List.of(CLIENT)))
                .asString()
                .contains("mail.example. " + ttl + " IN A 192.0.2.1");
    }

    @Test
    void pointersAndReportsAreReadBack() {
        Name vouch = DomainNames.of("vouch.example");
        Name other = DomainNames.of("other.example");
        ZoneFragment pointers = PUBLISHER.dnaPointers(MAIL, List.of(vouch, other));
        ZoneFragment report =
                PUBLISHER.dnaReport(MAIL, vouch, new DnaReport("MARID", "1", DnaRating.B, "say \"\\\" ; and more"));
        assertThat(pointers.warnings()).isEmpty();
        assertThat(report.warnings()).isEmpty();
        DnaResult result = CsvVerifier.builder()
                .dns(CsaZones.of(pointers + report.toString()))
                .trust(DnaService.whenPointedTo("vouch.example", 1))
                .build()
                .accreditation(MAIL)
                .join();
        assertThat(result.opinions())
                .singleElement()
                .satisfies(opinion -> assertThat(opinion.report().info()).isEqualTo("say \"\\\" ; and more"));
    }

    @Test
    void dnaMistakesHaveTheirWarnings() {
        Name vouch = DomainNames.of("vouch.example");
        assertThat(PUBLISHER.dnaPointers(MAIL, List.of(vouch)).warnings())
                .singleElement()
                .asString()
                .contains("several");
        assertThat(PUBLISHER
                        .dnaReport(MAIL, vouch, new DnaReport("DKIM", "1", DnaRating.B, ""))
                        .warnings())
                .singleElement()
                .asString()
                .contains("passes over");
        Name longName =
                DomainNames.of("a".repeat(60) + "." + "b".repeat(60) + "." + "c".repeat(60) + "." + "d".repeat(60));
        assertThat(PUBLISHER
                        .dnaPointers(longName, List.of(vouch, DomainNames.of("x.y")))
                        .warnings())
                .singleElement()
                .asString()
                .contains("vouch.example is longer");
        assertThatThrownBy(() -> PUBLISHER.dnaReport(longName, vouch, new DnaReport("MARID", "1", DnaRating.B, "")))
                .isInstanceOf(IllegalArgumentException.class);
        for (String info : List.of("\n", "ä", "x".repeat(256))) {
            assertThatThrownBy(() -> PUBLISHER.dnaReport(MAIL, vouch, new DnaReport("MARID", "1", DnaRating.B, info)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void readsPublishedMailPolicy() {
        ZoneFragment text = PUBLISHER.mpr(
                DomainNames.of("bank.example"),
                new MprRecord(4, 3),
                List.of(DomainNames.of("bank.example")),
                List.of(
                        AddressPrefix.parse("192.0.2.0/24").orElseThrow(),
                        AddressPrefix.parse("!192.0.2.128/25").orElseThrow(),
                        AddressPrefix.parse("2001:db8::/32").orElseThrow()));
        assertThat(text).hasToString("""
                _mp._smtp.bank.example. 300 IN A 127.1.4.3
                _mp._smtp.bank.example. 300 IN PTR bank.example.
                _mp._smtp.bank.example. 300 IN APL 1:192.0.2.0/24 !1:192.0.2.128/25 2:2001:db8:0:0:0:0:0:0/32
                """);
        assertThat(text.warnings()).isEmpty();
        CsaResult elsewhere = new CsaResult(
                CsvQuery.of(CLIENT, "mail.example"),
                MAIL,
                new CsaOutcomeDetail.Unknown(CsaOutcomeDetail.Unknown.Cause.NO_RECORD),
                List.of());
        assertThat(CsvVerifier.builder()
                        .dns(CsaZones.of(text.toString()))
                        .build()
                        .mailPolicy(MprQuery.mailFrom("a@bank.example", elsewhere))
                        .join()
                        .detail())
                .isInstanceOf(MprOutcome.ListedClient.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, none is listed",
        "4, 0, none is",
        "8, 0, reserved bits",
        "0, 8, reserved bits",
    })
    void mailPolicyMistakesHaveTheirWarnings(int send, int require, String warning) {
        String expected = require == 1 ? "no host is one of it" : warning;
        assertThat(PUBLISHER
                        .mpr(MAIL, new MprRecord(send, require), List.of(), List.of())
                        .warnings())
                .singleElement()
                .asString()
                .contains(expected);
    }

    @Test
    void warnsAboutRootAsChannel() {
        assertThat(PUBLISHER
                        .mpr(MAIL, new MprRecord(0, 1), List.of(Name.root), List.of())
                        .warnings())
                .singleElement()
                .asString()
                .contains("above every host");
    }

    @Test
    void misuseThrowsWithReason() {
        Name longName = DomainNames.of(("a".repeat(60) + ".").repeat(4) + "b");
        assertThatThrownBy(() -> PUBLISHER.csa(longName, new CsaRecord(1, 2, 0, MAIL), List.of()))
                .hasMessageContaining("longer than a name can be");
        assertThatThrownBy(() -> PUBLISHER.mpr(longName, new MprRecord(0, 0), List.of(), List.of()))
                .hasMessageContaining("longer than a name can be");
        assertThatThrownBy(() -> new CsvPublisher(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new CsvPublisher(1L << 31)).hasMessageContaining("2147483648");
        assertThatThrownBy(() -> new MprRecord(256, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MprRecord(0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void warnsAboutEveryWeightWithReservedBit(@ForAll @IntRange(max = 65535) int weight) {
        CsaRecord record = new CsaRecord(1, weight, 0, MAIL);
        assertThat(record.authorization() == Authorization.RESERVED).isEqualTo(weight >= 4);
        assertThat(PUBLISHER.csa(MAIL, record, List.of(CLIENT)).warnings().isEmpty())
                .isEqualTo(weight >= 1 && weight <= 3);
    }

    @Property
    void lowestBitOfPortIsExplicitBit(@ForAll @IntRange(max = 65535) int port) {
        assertThat(new CsaRecord(1, 1, port, MAIL).isExplicit()).isEqualTo(port % 2 == 1);
    }
}

package org.senderauth.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.senderauth.csv.CsaVerdict.*;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Filter;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.csv.CsaOutcomeDetail.ExplicitRequired;
import org.senderauth.csv.CsaOutcomeDetail.Unknown;
import org.senderauth.dns.DnsAnswer.NoData;
import org.senderauth.dns.DnsAnswer.NoSuchDomain;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.testkit.CountingDnsClient;

/** The rules of CSA one by one, and the questions that each costs. */
class CsaRulesTest {

    private static final InetAddress CLIENT = ip("192.0.2.1");

    @ParameterizedTest
    @ValueSource(strings = {"mail.example.org", "mail.example.org.", "MAIL.Example.ORG"})
    void caseAndOneDotAtTheEndDoNotMatter(String helo) {
        assertThat(outcome(
                        "_client._smtp.mail.example.org. 60 IN SRV 1 2 0 mail.example.org.\n"
                                + "mail.example.org. 60 IN A 192.0.2.1",
                        helo))
                .isEqualTo(PASS);
    }

    @Test
    void queriesInternationalizedNameInALabels() {
        CsvResult result =
                verify("_client._smtp.xn--strae-oqa.example. 60 IN SRV 1 1 0 xn--strae-oqa.example.", "Straße.example");
        assertThat(result.verdict()).isEqualTo(FAIL_NOT_AUTHORIZED);
        assertThat(result.authResult().toString()).endsWith("smtp.helo=xn--strae-oqa.example");
    }

    @Test
    void treatsMappedClientAddressAsIpv4() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 1};
        InetAddress client = Inet6Address.getByAddress(null, mapped, 1);
        DnsClient dns =
                CsaZones.of("_client._smtp.a.example. 60 IN SRV 1 2 0 a.example.\na.example. 60 IN A 192.0.2.1");
        assertThat(verifier(dns).verify(CsvQuery.of(client, "a.example")).verdict())
                .isEqualTo(PASS);
    }

    @ParameterizedTest
    @CsvSource({
        "[192.0.2.1], HELO has an address",
        "[IPv6:2001:db8::1], HELO has an address",
        "[ipv6:2001:db8::1], HELO has an address",
        "[not an address], HELO has an address",
        "[192.0.2.1, HELO has an address",
        "[, HELO has an address",
        "192.0.2.1, HELO has an address",
        "2001:db8::1, HELO has an address",
        "'', no HELO",
        "a..example, no domain name",
        "., no domain name",
        "<a.example>, no domain name",
        "a.example SIZE=1, no domain name",
        "alice@a.example, no domain name",
    })
    void queriesNothingForInvalidName(String helo, String reason) {
        CsvResult result = verifier(CsaZones::nobody).verify(CsvQuery.of(CLIENT, helo));
        assertThat(result.verdict()).isEqualTo(NOT_APPLICABLE);
        assertThat(result.reason()).contains(reason);
    }

    @Test
    void localSubmissionIsNotApplicable() {
        assertThat(verifier(CsaZones::nobody)
                        .verify(new CsvQuery(null, "a.example"))
                        .verdict())
                .isEqualTo(NOT_APPLICABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "0, FAIL_NOT_AUTHORIZED",
        "1, FAIL_NOT_AUTHORIZED",
        "2, PASS",
        "3, AUTHORIZED_UNAUTHENTICATED",
        "4, UNKNOWN",
        "5, UNKNOWN",
        "6, UNKNOWN",
        "7, UNKNOWN",
        "65535, UNKNOWN",
    })
    void eachWeightHasItsMeaning(int weight, CsaVerdict outcome) {
        String zone = "_client._smtp.a.example. 60 IN SRV 1 " + weight + " 0 a.example.\na.example. 60 IN A 192.0.2.1";
        CsvResult result = verify(zone, "a.example");
        assertThat(result.verdict()).isEqualTo(outcome);
        assertThat(result.csa().notes()).hasSize(outcome == UNKNOWN ? 1 : 0);
        assertThat(result.smtpReply().isPresent()).isEqualTo(outcome.isFailure());
    }

    @ParameterizedTest
    @CsvSource({
        // 2 wins over all, then 3, then 0 and 1, then nothing, in whatever order they stand
        "1 2 1 3, AUTHORIZED_UNAUTHENTICATED, 192.0.2.9",
        "1 2 1 3, PASS, 192.0.2.1",
        "1 1 1 2, PASS, 192.0.2.1",
        "1 1 1 2, FAIL_MISMATCH, 192.0.2.9",
        "1 1 1 3, AUTHORIZED_UNAUTHENTICATED, 192.0.2.1",
        "1 1 1 4, FAIL_NOT_AUTHORIZED, 192.0.2.1",
        "1 0 1 8, FAIL_NOT_AUTHORIZED, 192.0.2.1",
        "2 1 1 2, PASS, 192.0.2.1",
        "2 1 3 1, UNKNOWN, 192.0.2.1",
    })
    void ignoresOrderOfRecords(String records, CsaVerdict outcome, String client) {
        String[] numbers = records.split(" ");
        String one = "_client._smtp.a.example. 60 IN SRV " + numbers[0] + " " + numbers[1] + " 0 a.example.\n";
        String other = "_client._smtp.a.example. 60 IN SRV " + numbers[2] + " " + numbers[3] + " 0 a.example.\n";
        String host = "a.example. 60 IN A 192.0.2.1\n";
        for (String zone : List.of(one + other + host, other + one + host)) {
            assertThat(verifier(CsaZones.of(zone))
                            .verify(CsvQuery.of(ip(client), "a.example"))
                            .verdict())
                    .isEqualTo(outcome);
        }
    }

    @Test
    void unknownVersionEndsSearch() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.of("_client._smtp.a.b.example. 60 IN SRV 2 1 0 .\n"
                + "_client._smtp.b.example. 60 IN SRV 1 1 1 b.example."));
        assertThat(verifier(dns)
                        .verify(CsvQuery.of(CLIENT, "a.b.example"))
                        .csa()
                        .detail())
                .isEqualTo(new Unknown(Unknown.Cause.VERSION));
        assertThat(dns.questions()).containsExactly("_client._smtp.a.b.example. SRV");
    }

    @Test
    void additionalSectionSavesAQuery() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.ofCases());
        assertThat(verifier(dns).verify(CsvQuery.of(CLIENT, "ok.csa.test")).verdict())
                .isEqualTo(PASS);
        assertThat(dns.questions()).containsExactly("_client._smtp.ok.csa.test. SRV");
    }

    @Test
    void additionalSectionNeverDenies() {
        // Only one of two addresses was sent along.
        DnsClient zone = CsaZones.of("pool.example. 60 IN A 192.0.2.1\npool.example. 60 IN A 192.0.2.2");
        DnsClient srv =
                CsaZones.of("_client._smtp.a.example. 60 IN SRV 1 2 0 pool.example.\npool.example. 60 IN A 192.0.2.2");
        CountingDnsClient dns =
                CountingDnsClient.of((name, type) -> (name.toString().startsWith("_") ? srv : zone).query(name, type));
        assertThat(verifier(dns).verify(CsvQuery.of(CLIENT, "a.example")).verdict())
                .isEqualTo(PASS);
        assertThat(dns.questions()).containsExactly("_client._smtp.a.example. SRV", "pool.example. A");
        assertThat(verifier(dns, CsaMode.EXIM, true)
                        .verify(CsvQuery.of(CLIENT, "a.example"))
                        .verdict())
                .isEqualTo(FAIL_MISMATCH);
    }

    @Test
    void anotherHostsAddressInTheAdditionalSectionIsNoMatch() {
        DnsClient srv = CsaZones.of("_client._smtp.a.example. 60 IN SRV 1 3 0 b.example.\n"
                + "_client._smtp.a.example. 60 IN SRV 1 2 0 a.example.\nb.example. 60 IN A 192.0.2.1");
        assertThat(verifier(srv).verify(CsvQuery.of(CLIENT, "a.example")).verdict())
                .isEqualTo(AUTHORIZED_UNAUTHENTICATED);
    }

    @Test
    void neverQueriesRootAsTarget() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.ofCases());
        assertThat(verifier(dns).verify(CsvQuery.of(CLIENT, "dot.csa.test")).verdict())
                .isEqualTo(FAIL_NO_ADDRESS);
        assertThat(dns.questions()).containsExactly("_client._smtp.dot.csa.test. SRV");
    }

    @Test
    void queriesAaaaForIpv6Client() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.ofCases());
        assertThat(verifier(dns)
                        .verify(CsvQuery.of(ip("2001:db8::1"), "v6noadd.csa.test"))
                        .verdict())
                .isEqualTo(PASS);
        assertThat(dns.questions()).containsExactly("_client._smtp.v6noadd.csa.test. SRV", "v6noadd.csa.test. AAAA");
    }

    @Test
    void targetsAreAskedUntilOneMatchesAndNoneAfterEight() {
        String srv = IntStream.rangeClosed(1, 9)
                .mapToObj(i -> "_client._smtp.a.example. 60 IN SRV 1 2 0 h" + i + ".example.\n")
                .collect(Collectors.joining());
        CountingDnsClient second =
                CountingDnsClient.of(CsaZones.withoutAdditional(CsaZones.of(srv + "h2.example. 60 IN A 192.0.2.1")));
        assertThat(verifier(second).verify(CsvQuery.of(CLIENT, "a.example")).verdict())
                .isEqualTo(PASS);
        assertThat(second.questions())
                .containsExactly("_client._smtp.a.example. SRV", "h1.example. A", "h2.example. A");

        CountingDnsClient none = CountingDnsClient.of(CsaZones.of(srv));
        assertThat(verifier(none).verify(CsvQuery.of(CLIENT, "a.example")).csa().detail())
                .isEqualTo(new Unknown(Unknown.Cause.TOO_MANY_TARGETS));
        assertThat(none.questions()).hasSize(CsvVerifier.MAX_CSA_QUERIES);
    }

    @Test
    void failingTargetIsTempErrorUnlessAnotherMatches() {
        String srv = "_client._smtp.a.example. 60 IN SRV 1 2 0 bad.example.\n"
                + "_client._smtp.a.example. 60 IN SRV 1 2 0 good.example.\n";
        Unavailable timeout = new Unavailable(Cause.TIMEOUT, "no server answered in time");
        DnsClient hit =
                CsaZones.answering("bad.example", timeout, CsaZones.of(srv + "good.example. 60 IN A 192.0.2.1"));
        DnsClient miss =
                CsaZones.answering("bad.example", timeout, CsaZones.of(srv + "good.example. 60 IN A 192.0.2.9"));
        assertThat(verifier(hit).verify(CsvQuery.of(CLIENT, "a.example")).verdict())
                .isEqualTo(PASS);
        CsvResult result = verifier(miss).verify(CsvQuery.of(CLIENT, "a.example"));
        assertThat(result.verdict()).isEqualTo(TEMPERROR_ADDR);
        assertThat(result.reason()).contains("bad.example", "no server answered in time");
        assertThat(result.smtpReply()).isEmpty();
        assertThat(result.csa().ttl()).isZero();
    }

    @Test
    void followsAndNotesCnameAsTarget() {
        CsvResult result = verifier(CsaZones.ofCases()).verify(CsvQuery.of(CLIENT, "cname.csa.test"));
        assertThat(result.verdict()).isEqualTo(PASS);
        assertThat(result.csa().notes()).containsExactly("target alias.csa.test is a CNAME");
    }

    @Test
    void parentsAreAskedFromTheSecondToTheSixthLevel() {
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.of(
                "example. 60 IN SOA a. b. 1 1 1 1 60\n" + "_client._smtp.h.g.f.e.d.c.b.example. 60 IN TXT x"));
        CsvResult result = verifier(dns).verify(CsvQuery.of(CLIENT, "h.g.f.e.d.c.b.example"));
        assertThat(result.csa().detail()).isEqualTo(new Unknown(Unknown.Cause.NO_RECORD));
        assertThat(dns.questions())
                .containsExactly(
                        "_client._smtp.h.g.f.e.d.c.b.example. SRV",
                        "_client._smtp.b.example. SRV",
                        "_client._smtp.c.b.example. SRV",
                        "_client._smtp.d.c.b.example. SRV",
                        "_client._smtp.e.d.c.b.example. SRV",
                        "_client._smtp.f.e.d.c.b.example. SRV");
        assertThat(result.csa().lookups()).hasSize(6);
    }

    @ParameterizedTest
    @CsvSource({
        "a.b.c.example, b.c.example c.example",
        "b.example, ''",
        "example, ''",
        "4.3.2.1.in-addr.arpa, 1.in-addr.arpa 2.1.in-addr.arpa 3.2.1.in-addr.arpa",
        "in-addr.arpa, ''",
        "a.b.c.d.e.f.g.h.i.j.k.l.m.ip6.arpa,"
                + " j.k.l.m.ip6.arpa f.g.h.i.j.k.l.m.ip6.arpa b.c.d.e.f.g.h.i.j.k.l.m.ip6.arpa",
        "j.k.l.m.ip6.arpa, ''",
    })
    void searchesParentsBelowTopLevel(String name, String parents) {
        List<String> found = CsaNames.parents(DomainNames.of(name)).stream()
                .map(DomainNames::text)
                .toList();
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(parents.isEmpty() ? List.of() : List.of(parents.split(" ")));
        assertThat(found).isSortedAccordingTo((a, b) -> Integer.compare(a.length(), b.length()));
    }

    @Test
    void stopsAtFirstExplicitParent() {
        CountingDnsClient dns =
                CountingDnsClient.of(CsaZones.of("_client._smtp.b.example. 60 IN SRV 1 1 1 b.example."));
        CsvResult result = verifier(dns).verify(CsvQuery.of(CLIENT, "x.y.z.b.example"));
        assertThat(result.csa().detail()).isEqualTo(new ExplicitRequired(DomainNames.of("b.example")));
        assertThat(dns.questions())
                .containsExactly("_client._smtp.x.y.z.b.example. SRV", "_client._smtp.b.example. SRV");
    }

    @ParameterizedTest
    @CsvSource({
        "1 2 1, FAIL_EXPLICIT",
        "1 4 1, FAIL_EXPLICIT",
        "1 1 65535, FAIL_EXPLICIT",
        "1 1 0, UNKNOWN",
        "1 1 65534, UNKNOWN",
        "2 1 1, UNKNOWN",
    })
    void readsOnlyVersionAndExplicitBitOfParent(String numbers, CsaVerdict outcome) {
        assertThat(outcome("_client._smtp.b.example. 60 IN SRV " + numbers + " .", "a.b.example"))
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource({
        "., 1, NO_SUCH_DOMAIN",
        "example, 1, NO_SUCH_DOMAIN",
        "b.example, 3, NO_RECORD",
        "'', 3, NO_RECORD",
    })
    void nxdomainEndsTheSearchOnlyFromTheRootOrTheTopLevel(String soa, int questions, Unknown.Cause cause) {
        NoSuchDomain none = new NoSuchDomain(
                soa.isEmpty() ? null : soa.equals(".") ? org.xbill.DNS.Name.root : DomainNames.of(soa), 60);
        CountingDnsClient dns =
                CountingDnsClient.of(CsaZones.answering("_client._smtp.a.c.b.example", none, CsaZones.of("")));
        assertThat(verifier(dns)
                        .verify(CsvQuery.of(CLIENT, "a.c.b.example"))
                        .csa()
                        .detail())
                .isEqualTo(new Unknown(cause));
        assertThat(dns.questions()).hasSize(questions);
    }

    // The alias exists, and so do its parents: only its target's registry says that there is no such domain.
    @Test
    void continuesAfterNxdomainOfCnameTarget() {
        DnsClient dns = CsaZones.of("""
                $ORIGIN .
                . 60 IN SOA a. b. 1 1 1 1 60
                _client._smtp.a.b.example. 60 IN CNAME nowhere.invalid.
                _client._smtp.b.example. 60 IN SRV 1 1 1 .
                """);
        assertThat(verifier(dns).verify(CsvQuery.of(CLIENT, "a.b.example")).verdict())
                .isEqualTo(FAIL_EXPLICIT);
        assertThat(verifier(dns)
                        .verify(CsvQuery.of(CLIENT, "a.nowhere.invalid"))
                        .csa()
                        .detail())
                .isEqualTo(new Unknown(Unknown.Cause.NO_SUCH_DOMAIN));
    }

    @Test
    void continuesAfterNoDataFromTopLevel() {
        DnsClient dns = CsaZones.answering(
                "_client._smtp.a.b.example",
                new NoData(DomainNames.of("example"), 60),
                CsaZones.of("_client._smtp.b.example. 60 IN SRV 1 1 1 ."));
        assertThat(verifier(dns).verify(CsvQuery.of(CLIENT, "a.b.example")).verdict())
                .isEqualTo(FAIL_EXPLICIT);
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void troubleWithARecordIsATemporaryError(Cause cause) {
        Unavailable trouble = new Unavailable(cause, "trouble");
        for (String owner : List.of("_client._smtp.a.b.example", "_client._smtp.b.example")) {
            CsvResult result = verifier(CsaZones.answering(owner, trouble, CsaZones.of("")))
                    .verify(CsvQuery.of(CLIENT, "a.b.example"));
            assertThat(result.verdict()).isEqualTo(TEMPERROR_SRV);
            assertThat(result.verdict().isTemporary()).isTrue();
            assertThat(result.reason()).contains(owner, "trouble");
        }
    }

    @Test
    void searchesParentsOfOverlongName() {
        String label = "a".repeat(60);
        String helo = label + "." + label + "." + label + "." + label + ".example";
        CountingDnsClient dns =
                CountingDnsClient.of(CsaZones.of("_client._smtp." + label + ".example. 60 IN SRV 1 1 1 ."));
        assertThat(verifier(dns).verify(CsvQuery.of(CLIENT, helo)).verdict()).isEqualTo(FAIL_EXPLICIT);
        assertThat(dns.questions()).containsExactly("_client._smtp." + label + ".example. SRV");
    }

    @Test
    void skipsOverlongParent() {
        String helo = "x" + ("." + "a".repeat(60)).repeat(4);
        CountingDnsClient dns = CountingDnsClient.of(CsaZones.of(""));
        assertThat(verifier(dns).verify(CsvQuery.of(CLIENT, helo)).csa().detail())
                .isEqualTo(new Unknown(Unknown.Cause.NO_RECORD));
        assertThat(dns.questions()).hasSize(2);
    }

    @Test
    void describesLookupInOneLine() {
        assertThat(verifier(CsaZones.ofCases())
                        .verify(CsvQuery.of(ip("192.0.2.4"), "multi.csa.test"))
                        .csa()
                        .lookups())
                .map(DnsLookup::toString)
                .containsExactly(
                        "_client._smtp.multi.csa.test. SRV: 1 2 0 pool.csa.test.", "pool.csa.test. A: 2 records");
        assertThat(verifier(CsaZones.ofCases())
                        .verify(CsvQuery.of(CLIENT, "ent.exp.test"))
                        .csa()
                        .lookups())
                .map(DnsLookup::summary)
                .containsExactly("no such record", "1 1 1 exp.test.");
        assertThat(verifier(CsaZones.ofCases())
                        .verify(CsvQuery.of(CLIENT, "nosuch.invalid"))
                        .csa()
                        .lookups())
                .map(DnsLookup::summary)
                .containsExactly("no such domain");
        assertThat(verifier(CsaZones.ofCases())
                        .verify(CsvQuery.of(CLIENT, "srvfail.csa.test"))
                        .csa()
                        .lookups())
                .map(DnsLookup::summary)
                .containsExactly("scripted for _client._smtp.srvfail.csa.test.");
    }

    @Test
    void ttlIsMinimumOfAllAnswers() {
        DnsClient dns = CsaZones.withoutAdditional(
                CsaZones.of("_client._smtp.a.example. 300 IN SRV 1 2 0 a.example.\na.example. 60 IN A 192.0.2.1"));
        assertThat(verifier(dns).verify(CsvQuery.of(CLIENT, "a.example")).csa().ttl())
                .isEqualTo(60);
        assertThat(verifier(CsaZones.ofCases())
                        .verify(CsvQuery.of(CLIENT, "ent.exp.test"))
                        .csa()
                        .ttl())
                .isEqualTo(300);
        assertThat(verifier(CsaZones::nobody)
                        .verify(CsvQuery.of(CLIENT, "[192.0.2.1]"))
                        .csa()
                        .ttl())
                .isZero();
    }

    @Test
    void rejectsNothingByDefaultAndFailuresOnly() {
        CsvQuery query = CsvQuery.of(ip("192.0.2.2"), "ok.csa.test");
        CsvResult report = verifier(CsaZones.ofCases()).verify(query);
        assertThat(report.verdict()).isEqualTo(FAIL_MISMATCH);
        assertThat(report.rejects()).isFalse();
        assertThat(report.smtpReply())
                .get()
                .asString()
                .startsWith("550 5.7.1 Client not authorized for its HELO name: ");

        CsvVerifier enforcing = CsvVerifier.builder()
                .dns(CsaZones.ofCases())
                .enforce(Set.of(FAIL_MISMATCH))
                .build();
        assertThat(enforcing.verify(query).rejects()).isTrue();
        assertThat(enforcing.verify(CsvQuery.of(CLIENT, "w1.csa.test")).rejects())
                .isFalse();
        for (CsaVerdict outcome : CsaVerdict.values()) {
            if (!outcome.name().startsWith("FAIL_")) {
                assertThatThrownBy(() -> CsvVerifier.builder().enforce(Set.of(outcome)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(outcome.name());
            }
        }
    }

    @Test
    void failingDnsClientIsTempfail() {
        CsvVerifier throwing = CsvVerifier.builder()
                .dns((name, type) -> {
                    throw new IllegalStateException("broken");
                })
                .build();
        assertThat(throwing.verifyAsync(CsvQuery.of(CLIENT, "ok.csa.test"))
                        .join()
                        .verdict())
                .isEqualTo(CsaVerdict.TEMPERROR_SRV);
    }

    @Test
    void failingObserverChangesNothing() {
        Logger logger = Logger.getLogger(CsvObserver.class.getName());
        List<String> logged = new ArrayList<>();
        Filter before = logger.getFilter();
        logger.setFilter(message -> {
            logged.add(message.getLevel() + " " + message.getMessage());
            return false;
        });
        List<CsvResult> seen = new ArrayList<>();
        CsvVerifier verifier = CsvVerifier.builder()
                .dns(CsaZones.ofCases())
                .observer(new CsvObserver() {
                    @Override
                    public void checked(CsvResult result) {
                        seen.add(result);
                        throw new IllegalStateException("a broken counter");
                    }
                })
                .build();
        CsvResult result = verifier.verify(CsvQuery.of(CLIENT, "ok.csa.test"));
        assertThat(result.verdict()).isEqualTo(PASS);
        assertThat(seen).containsExactly(result);
        assertThat(logged).containsExactly("WARNING observer failed");
        logger.setFilter(before);
    }

    private static CsaVerdict outcome(String zone, String helo) {
        return verify(zone, helo).verdict();
    }

    private static CsvResult verify(String zone, String helo) {
        return verifier(CsaZones.of(zone)).verify(CsvQuery.of(CLIENT, helo));
    }

    private static CsvVerifier verifier(DnsClient dns) {
        return CsvVerifier.builder().dns(dns).build();
    }

    private static CsvVerifier verifier(DnsClient dns, CsaMode mode, boolean reverseTree) {
        return CsvVerifier.builder()
                .dns(dns)
                .mode(mode)
                .reverseTree(reverseTree)
                .build();
    }

    private static InetAddress ip(String text) {
        return IpAddresses.parse(text).orElseThrow();
    }
}

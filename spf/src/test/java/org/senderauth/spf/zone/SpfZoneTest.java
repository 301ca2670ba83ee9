package org.senderauth.spf.zone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneAnswer;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.testkit.ManualClock;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Networks served to one client at a time. */
class SpfZoneTest {

    private static final String SOURCE =
            "v=spf1 -ip4:198.51.100.7 include:net.example.net a:a.example.org ip6:2001:db8:7::/48 -all";

    private static final String PROVIDERS = """
            $TTL 60
            a.example.org.      A 192.0.2.1
            a.example.org.      AAAA 2001:db8::1
            net.example.net.    TXT "v=spf1 ip4:198.51.100.0/25 ?ip4:198.51.100.128/25 ~all"
            macro.example.net.  TXT "v=spf1 exists:%{i}._spf.%{d} -all"
            open.example.net.   TXT "v=spf1 ip6:::/0 -all"
            loop.example.net.   TXT "v=spf1 include:loop.example.net -all"
            """;

    private static final ZoneDnsClient DNS =
            ZoneDnsClient.builder().text(PROVIDERS).build();

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-01-01T00:00:00Z"));

    private SpfZone zone(DnsClient dns, String source) {
        return SpfZone.builder(dns, "ns1.example.net")
                .record("example.org", source)
                .clock(clock)
                .build();
    }

    private static ZoneAnswer ask(SpfZone zone, String name, int type) {
        return zone.answer(DomainNames.of(name), type, DClass.IN).join();
    }

    private static String text(SpfZone zone, String name, int type) {
        ZoneAnswer answer = ask(zone, name, type);
        return answer instanceof ZoneAnswer.Records found
                ? found.records().get(0).rdataToString()
                : answer.getClass().getSimpleName();
    }

    /** What a receiver sees: the published record, and the zone. */
    private static DnsClient receiver(SpfZone zone, String published) {
        ZoneDnsClient domain = ZoneDnsClient.builder()
                .text("$TTL 60\nexample.org. TXT \"" + published + "\"\n")
                .build();
        return (name, type) -> name.subdomain(DomainNames.of("_spf.example.org"))
                ? zone.answer(name, type, DClass.IN).thenApply(answer -> seen(answer))
                : domain.query(name, type);
    }

    private static DnsAnswer seen(ZoneAnswer answer) {
        if (answer instanceof ZoneAnswer.Records found) {
            List<Record> records = found.records();
            return new DnsAnswer.Records(records, 60, List.of(), List.of());
        }
        return answer instanceof ZoneAnswer.NoData
                ? new DnsAnswer.NoData(null, 0)
                : new Unavailable(Cause.SERVER_FAILURE, "SERVFAIL");
    }

    private static SpfVerdict verdict(DnsClient dns, InetAddress client) {
        return SpfVerifier.builder()
                .dns(dns)
                .build()
                .verify(SpfQuery.mailFrom(client, "alice@example.org", "mail.example.org"))
                .verdict();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, true",
        "192.0.2.2, false",
        "198.51.100.0, true",
        "198.51.100.127, true",
        "198.51.100.7, false",
        "198.51.100.128, false",
        "2001:db8::1, true",
        "2001:db8:7::, true",
        "2001:db8:7:ffff:ffff:ffff:ffff:ffff, true",
        "2001:db8:8::, false"
    })
    void clientPassesByOneLookupIfItsNetworkIsAuthorized(String client, boolean passes) throws UnknownHostException {
        SpfZone zone = zone(DNS, SOURCE);
        zone.refresh();
        InetAddress address = InetAddress.getByName(client);
        for (String term : List.of("include", "exists")) {
            String published = "v=spf1 " + term + ":%{ir}.%{v}._spf.example.org -all";
            var result = SpfVerifier.builder()
                    .dns(receiver(zone, published))
                    .build()
                    .verify(SpfQuery.mailFrom(address, "alice@example.org", "mail.example.org"));
            assertThat(result.verdict()).as(term).isEqualTo(passes ? SpfVerdict.PASS : SpfVerdict.FAIL);
            assertThat(result.lookups()).isEqualTo(1);
        }
    }

    @Property(tries = 200)
    void verdictIsThatOfTheSource(@ForAll @Size(4) byte[] client) throws UnknownHostException {
        SpfZone zone = zone(DNS, "v=spf1 ip4:16.0.0.0/4 -ip4:40.0.0.0/6 ip4:32.0.0.0/3 ip4:192.0.0.0/7 -all");
        zone.refresh();
        InetAddress address = InetAddress.getByAddress(client);
        SpfVerdict source = SpfVerifier.builder()
                .dns(DNS)
                .build()
                .verifyRecord(
                        SpfQuery.mailFrom(address, "alice@example.org", "mail.example.org"),
                        "v=spf1 ip4:16.0.0.0/4 -ip4:40.0.0.0/6 ip4:32.0.0.0/3 ip4:192.0.0.0/7 -all")
                .verdict();
        assertThat(verdict(receiver(zone, "v=spf1 include:%{ir}.%{v}._spf.example.org -all"), address))
                .isEqualTo(source);
    }

    @Test
    void recordNamesTheClientOnly() {
        SpfZone zone = zone(DNS, SOURCE);
        zone.refresh();
        assertThat(text(zone, "1.2.0.192.in-addr._spf.example.org", Type.TXT))
                .isEqualTo("\"v=spf1 ip4:192.0.2.1 -all\"");
        assertThat(text(zone, "2.2.0.192.IN-ADDR._SPF.example.org", Type.TXT)).isEqualTo("\"v=spf1 -all\"");
        assertThat(text(zone, "1.2.0.192.in-addr._spf.example.org", Type.A)).isEqualTo(SpfZone.AUTHORIZED_ADDRESS);
        assertThat(text(zone, "2.2.0.192.in-addr._spf.example.org", Type.A)).isEqualTo("NoData");
        String ip6 = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6._spf.example.org";
        assertThat(text(zone, ip6, Type.TXT)).isEqualTo("\"v=spf1 ip6:2001:db8::1 -all\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "in-addr._spf.example.org",
                "01.2.0.192.in-addr._spf.example.org",
                "256.2.0.192.in-addr._spf.example.org",
                "1.2.0.192.ip6._spf.example.org",
                "x.1.2.0.192.in-addr._spf.example.org",
                "+1.2.0.192.in-addr._spf.example.org",
                "1.2.0.192._spf.example.org"
            })
    void namesOfNoClientHaveNoRecords(String name) {
        SpfZone zone = zone(DNS, SOURCE);
        zone.refresh();
        assertThat(text(zone, name, Type.TXT)).isEqualTo("NoData");
        assertThat(text(zone, name, Type.A)).isEqualTo("NoData");
    }

    @Test
    void apexHasServersAndOtherNamesAreRefused() {
        SpfZone zone = zone(DNS, SOURCE);
        assertThat(text(zone, "_spf.example.org", Type.NS)).isEqualTo("ns1.example.net.");
        assertThat(text(zone, "_spf.example.org", Type.SOA)).startsWith("ns1.example.net. hostmaster.example.org.");
        assertThat(text(zone, "_spf.example.org", Type.TXT)).isEqualTo("NoData");
        assertThat(text(zone, "_spf.example.com", Type.TXT)).isEqualTo("Refused");
        assertThat(text(zone, "1.2.0.192.in-addr._spf.example.org", Type.ANY)).isEqualTo("Refused");
    }

    @Test
    void lastNetworksAreKeptWhileTheDnsFails() throws UnknownHostException {
        AtomicReference<DnsClient> dns = new AtomicReference<>(
                (name, type) -> CompletableFuture.completedFuture(new Unavailable(Cause.TIMEOUT, "no response")));
        SpfZone zone = zone((name, type) -> dns.get().query(name, type), SOURCE);
        String client = "1.2.0.192.in-addr._spf.example.org";
        assertThat(text(zone, client, Type.TXT)).isEqualTo("ServerFailure");
        assertThat(verdict(
                        receiver(zone, "v=spf1 include:%{ir}.%{v}._spf.example.org -all"),
                        InetAddress.getByName("192.0.2.1")))
                .isEqualTo(SpfVerdict.TEMPERROR);
        ServedRecord down = zone.refresh().get(0);
        assertThat(down.isAvailable()).isFalse();
        assertThat(down.failure())
                .hasValueSatisfying(reason -> assertThat(reason).contains("no response"));

        DnsClient away = dns.getAndSet(DNS);
        assertThat(zone.refresh().get(0).failure()).isEmpty();
        assertThat(text(zone, client, Type.A)).isEqualTo(SpfZone.AUTHORIZED_ADDRESS);

        dns.set(away);
        clock.advance(Duration.ofHours(5));
        ServedRecord old = zone.refresh().get(0);
        assertThat(old.failure()).isPresent();
        assertThat(old.asOf()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(text(zone, client, Type.A)).isEqualTo(SpfZone.AUTHORIZED_ADDRESS);
    }

    @Test
    void newZoneTakesOverWhatIsKnownOfTheSameRecord() {
        SpfZone before = zone(DNS, SOURCE);
        before.refresh();
        String client = "1.2.0.192.in-addr._spf.example.org";
        assertThat(text(
                        SpfZone.builder(DNS, "ns1.example.net")
                                .record("Example.ORG.", SOURCE)
                                .known(before.records())
                                .build(),
                        client,
                        Type.A))
                .isEqualTo(SpfZone.AUTHORIZED_ADDRESS);
        assertThat(text(
                        SpfZone.builder(DNS, "ns1.example.net")
                                .record("example.org", "v=spf1 -all")
                                .known(before.records())
                                .build(),
                        client,
                        Type.A))
                .isEqualTo("ServerFailure");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=spf1 include:macro.example.net -all | depends on more than the client's address",
                "v=spf1 ptr -all | depends on more than the client's address",
                "v=spf1 redirect=%{l}.example.net | depends on the sender",
                "v=spf1 include:open.example.net -all | every client passes",
                "v=spf1 +all | every client passes",
                "v=spf1 include:loop.example.net -all | include loop",
                "v=spf1 include:gone.example.net -all | has no SPF record"
            })
    void recordThatIsNotJustNetworksIsNotServed(String source, String reason) {
        SpfZone zone = zone(DNS, source);
        ServedRecord state = zone.refresh().get(0);
        assertThat(state.failure()).hasValueSatisfying(text -> assertThat(text).contains(reason));
        assertThat(text(zone, "1.2.0.192.in-addr._spf.example.org", Type.TXT)).isEqualTo("ServerFailure");
    }

    @Test
    void settingsAreChecked() {
        SpfZone.Builder builder = SpfZone.builder(DNS, "ns1._spf.example.org");
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("records");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.record("example.org", "v=spf2"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.record("example.org", "v=spf1 ipv4:192.0.2.1"));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.ttl(Duration.ZERO));
        builder.record("example.org", "v=spf1 -all");
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("own zone");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpfZone.builder(DNS)
                        .record("example.org", "v=spf1 -all")
                        .build())
                .withMessageContaining("nameServers");
    }

    @Test
    void namesOfAllZonesAreKnown() {
        SpfZone zone = zone(DNS, SOURCE);
        Name name = DomainNames.of("_spf.example.org");
        assertThat(zone.names()).containsExactly(name);
        assertThat(zone.types(DomainNames.of("x._spf.example.org"))).containsExactly(Type.A, Type.TXT);
        assertThat(zone.types(DomainNames.of("example.org"))).isEmpty();
    }
}

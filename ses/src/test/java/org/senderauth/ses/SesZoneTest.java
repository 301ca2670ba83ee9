package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneAnswer;
import org.senderauth.testkit.ManualClock;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

class SesZoneTest {

    private static final String SUFFIX = "._spf_verify.example.org";

    private final ManualClock clock = ManualClock.at(SesFixture.NOON);
    private final Ses ses = SesFixture.ses(clock).build();
    private final SesZone zone = zone().build();

    private SesZone.Builder zone() {
        return SesZone.builder(ses, "ns1.example.org", "ns2.example.org").domain("example.org");
    }

    private String signed(String address) {
        return ses.sign(MailAddress.of(address)).localPart();
    }

    private static ZoneAnswer ask(SesZone zone, String name, int type) {
        return zone.answer(DomainNames.of(name), type, DClass.IN)
                .toCompletableFuture()
                .join();
    }

    private static Record only(ZoneAnswer answer) {
        assertThat(answer).isInstanceOf(ZoneAnswer.Records.class);
        assertThat(((ZoneAnswer.Records) answer).records()).hasSize(1);
        return ((ZoneAnswer.Records) answer).records().get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice@example.org", "bob.smith@example.org", "a=b@example.org", "x+y.z@example.org"})
    void validSignatureResolvesHoweverItIsFolded(String address) {
        String name = signed(address) + SUFFIX;
        for (String spelled : new String[] {name, name.toLowerCase(Locale.ROOT), name.toUpperCase(Locale.ROOT)}) {
            Record record = only(ask(zone, spelled, Type.A));
            assertThat(record.rdataToString()).isEqualTo(SesZone.VALID_ADDRESS);
            assertThat(record.getTTL()).isEqualTo(60);
            assertThat(record.getName().toString()).isEqualTo(spelled + ".");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"b\u00fccher.example", "B\u00dcCHER.example.", "XN--bcher-kva.example"})
    void internationalDomainHasZone(String spelling) {
        Ses own = Ses.builder()
                .keyring(SesKeyring.builder().add(spelling, SesFixture.KEY).build())
                .clock(clock)
                .build();
        MailAddress signed = own.sign(MailAddress.of("alice@" + spelling));
        SesZone zone = SesZone.builder(own, "ns.example.org").domain(spelling).build();
        only(ask(zone, signed.localPart() + "._spf_verify.xn--bcher-kva.example", Type.A));
        assertThat(SesZone.builder(own, "ns.example.org")
                        .provider(spelling)
                        .build()
                        .names())
                .containsExactly(DomainNames.of("_spf_verify.xn--bcher-kva.example"));
    }

    @Test
    void returnsNoDataForAllOtherTypes() {
        String valid = signed("alice@example.org");
        String expired = signed("alice@example.org");
        clock.advance(Duration.ofDays(10));
        String fresh = signed("alice@example.org");
        for (String name : new String[] {
            expired + SUFFIX,
            valid.replace("alice", "bob") + SUFFIX,
            "alice" + SUFFIX,
            "smith" + SUFFIX,
            "x." + fresh + SUFFIX,
            fresh + ".x" + SUFFIX,
            "SES=A=alice" + SUFFIX,
            "SES=IEYJLRPY924__ML-W=alice" + SUFFIX,
        }) {
            ZoneAnswer answer = ask(zone, name, Type.A);
            assertThat(answer).as(name).isInstanceOf(ZoneAnswer.NoData.class);
            assertThat(((ZoneAnswer.NoData) answer).soa().getMinimum()).isEqualTo(60);
        }
        for (int type : new int[] {Type.AAAA, Type.TXT, Type.MX, Type.NS, Type.SOA, Type.CNAME, Type.DS}) {
            assertThat(ask(zone, fresh + SUFFIX, type)).isInstanceOf(ZoneAnswer.NoData.class);
        }
        assertThat(only(ask(zone, fresh + SUFFIX, Type.A)).rdataToString()).isEqualTo("127.0.0.2");
    }

    @Test
    void otherTypesDoNotCount() {
        Ses strict = SesFixture.ses(clock)
                .limits(SesLimits.builder()
                        .bounces(1)
                        .publicLookups(1)
                        .addresses(0)
                        .build())
                .build();
        SesZone counted =
                SesZone.builder(strict, "ns1.example.org").domain("example.org").build();
        String name = strict.sign(SesFixture.ALICE).localPart() + SUFFIX;
        ask(counted, name, Type.AAAA);
        ask(counted, name, Type.TXT);
        assertThat(ask(counted, name, Type.A)).isInstanceOf(ZoneAnswer.Records.class);
        assertThat(ask(counted, name, Type.A)).isInstanceOf(ZoneAnswer.NoData.class);
    }

    @Test
    void apexHasSoaAndNameServers() {
        SOARecord soa = (SOARecord) only(ask(zone, "_SPF_verify.example.org", Type.SOA));
        assertThat(soa.getHost()).hasToString("ns1.example.org.");
        assertThat(soa.getAdmin()).hasToString("hostmaster.example.org.");
        assertThat(soa.getTTL()).isEqualTo(60);
        ZoneAnswer servers = ask(zone, "_spf_verify.example.org", Type.NS);
        assertThat(((ZoneAnswer.Records) servers).records())
                .extracting(Record::rdataToString)
                .containsExactly("ns1.example.org.", "ns2.example.org.");
        assertThat(ask(zone, "_spf_verify.example.org", Type.A)).isInstanceOf(ZoneAnswer.NoData.class);
        assertThat(zone.names()).containsExactly(DomainNames.of("_spf_verify.example.org"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.org", "org", "x_spf_verify.example.org", "_spf_verify.example.net", "a.b.c.d.e.f"})
    void namesOutsideAreRefused(String name) {
        assertThat(ask(zone, name, Type.A)).isInstanceOf(ZoneAnswer.Refused.class);
    }

    @Test
    void answerDoesNotOutliveTheSignature() {
        String name = signed("alice@example.org") + SUFFIX;
        clock.advance(Duration.ofDays(10).minusSeconds(17));
        assertThat(only(ask(zone, name, Type.A)).getTTL()).isEqualTo(17);
        SesZone slow = zone().ttl(Duration.ofDays(1)).build();
        assertThat(only(ask(slow, name, Type.A)).getTTL()).isEqualTo(17);
    }

    @Test
    void clientAddressInTheNameIsCounted() {
        Ses narrow = SesFixture.ses(clock)
                .limits(SesLimits.builder().addresses(1).build())
                .build();
        SesZone counted =
                SesZone.builder(narrow, "ns1.example.org").domain("example.org").build();
        String local = narrow.sign(SesFixture.ALICE).localPart();
        String ip6 = "2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.5";
        assertThat(ask(counted, local + "._i.192.0.2.7" + SUFFIX, Type.A)).isInstanceOf(ZoneAnswer.Records.class);
        assertThat(ask(counted, local + "._i.192.0.2.7" + SUFFIX, Type.A)).isInstanceOf(ZoneAnswer.Records.class);
        assertThat(ask(counted, local + "._i." + ip6 + SUFFIX, Type.A)).isInstanceOf(ZoneAnswer.NoData.class);
        String other = narrow.sign(SesFixture.ALICE).localPart();
        assertThat(ask(counted, other + "._i." + ip6 + SUFFIX, Type.A)).isInstanceOf(ZoneAnswer.Records.class);
        assertThat(ask(counted, other + "._i.192.0.2" + SUFFIX, Type.A)).isInstanceOf(ZoneAnswer.NoData.class);
        assertThat(ask(counted, other + "._i.a.b.c.d" + SUFFIX, Type.A)).isInstanceOf(ZoneAnswer.NoData.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a._i.b", "a._i.b.c.d.e", "a._i.1.2.3.1000", "a._i.1.2.3", "a._i.0.1.2.3.4"})
    void localPartMayLookLikeAClientAddress(String localPart) {
        String name = signed(localPart + "@example.org") + SUFFIX;
        assertThat(ask(zone, name, Type.A)).isInstanceOf(ZoneAnswer.Records.class);
    }

    @Test
    void ledgerThatIsDownIsAServerFailure() {
        Ses down = SesFixture.ses(clock).ledger(SesFixture.DOWN).build();
        SesZone broken = SesZone.builder(down, "ns1.example.org")
                .domain("example.org")
                .status(true)
                .build();
        String name = down.sign(SesFixture.ALICE).localPart() + SUFFIX;
        assertThat(ask(broken, name, Type.A)).isInstanceOf(ZoneAnswer.ServerFailure.class);
        assertThat(ask(broken, name, Type.TXT)).isInstanceOf(ZoneAnswer.ServerFailure.class);
        assertThat(ask(broken, name.replace("alice", "bob"), Type.A)).isInstanceOf(ZoneAnswer.NoData.class);
    }

    @Test
    void fixedSignatureIsKeptForTheWholeTtl() {
        Ses fixed = SesFixture.ses(clock).fixedSignatures(true).build();
        SesZone open =
                SesZone.builder(fixed, "ns1.example.org").domain("example.org").build();
        String name = SesCodec.signFixed(SesFixture.KEY, 7, "alice", "example.org") + SUFFIX;
        assertThat(only(ask(open, name, Type.A)).getTTL()).isEqualTo(60);
        assertThat(ask(zone, name, Type.A)).isInstanceOf(ZoneAnswer.NoData.class);
    }

    @Test
    void ttlIsASecondToADay() {
        String name = signed("alice@example.org") + SUFFIX;
        for (Duration ttl : new Duration[] {Duration.ofSeconds(1), Duration.ofDays(1)}) {
            assertThat(only(ask(zone().ttl(ttl).build(), name, Type.A)).getTTL())
                    .isEqualTo(ttl.toSeconds());
        }
    }

    @Test
    void providerServesEveryDomainWithKeys() {
        SesZone provider = SesZone.builder(ses, "ns1.provider.example")
                .provider("provider.example")
                .build();
        String local = signed("bob.smith@example.org");
        String suffix = "._at_.example.org._spf_verify.provider.example";
        assertThat(ask(provider, local + suffix, Type.A)).isInstanceOf(ZoneAnswer.Records.class);
        assertThat(ask(provider, local + "._i.192.0.2.7" + suffix, Type.A)).isInstanceOf(ZoneAnswer.Records.class);
        for (String name : new String[] {
            local + "._at_.example.net._spf_verify.provider.example",
            local + "._at_._spf_verify.provider.example",
            "_at_.example.org._spf_verify.provider.example",
            local + "._spf_verify.provider.example",
        }) {
            assertThat(ask(provider, name, Type.A)).as(name).isInstanceOf(ZoneAnswer.NoData.class);
        }
    }

    @Test
    void everyZoneAnswersEverySpellingOfName() {
        String[] parts = signed("alice@example.org").split("=");
        for (String name : new String[] {
            parts[2] + '.' + parts[1] + ".SES",
            "SES." + parts[1] + '.' + parts[2],
            "ES." + parts[1] + '.' + parts[2],
            "SES=" + parts[1] + '=' + parts[2],
        }) {
            assertThat(ask(zone, name + SUFFIX, Type.A)).isInstanceOf(ZoneAnswer.Records.class);
            assertThat(ask(zone, "x" + name + SUFFIX, Type.A)).isInstanceOf(ZoneAnswer.NoData.class);
        }
        assertThat(ask(zone, parts[1] + ".SES" + SUFFIX, Type.A)).isInstanceOf(ZoneAnswer.NoData.class);
        assertThat(ask(zone, "SES" + SUFFIX, Type.A)).isInstanceOf(ZoneAnswer.NoData.class);
    }

    @Test
    void answersLocalPartThatLooksLikeTag() {
        for (String address : new String[] {"ses.x@example.org", "x.ses@example.org", "ses.ses@example.org"}) {
            String[] parts = signed(address).split("=");
            String forward = "SES." + parts[1] + '.' + parts[2];
            String reverse = parts[2] + '.' + parts[1] + ".SES";
            assertThat(ask(zone, forward + SUFFIX, Type.A)).isInstanceOf(ZoneAnswer.Records.class);
            assertThat(ask(zone, reverse + SUFFIX, Type.A)).isInstanceOf(ZoneAnswer.Records.class);
        }
    }

    @Test
    void statusIsServedOnlyWhereItIsWanted() {
        SesZone telling = zone().status(true).build();
        String name = signed("alice@example.org") + SUFFIX;
        assertThat(only(ask(telling, name, Type.TXT)).rdataToString()).isEqualTo("\"v=ses1; r=valid; ttl=60\"");
        assertThat(only(ask(telling, name.replace("alice", "bob"), Type.TXT)).rdataToString())
                .isEqualTo("\"v=ses1; r=bad; ttl=0\"");
        assertThat(ask(telling, "smith" + SUFFIX, Type.TXT)).isInstanceOf(ZoneAnswer.NoData.class);
        for (int i = 0; i < 100; i++) {
            ask(telling, name, Type.TXT);
        }
        assertThat(only(ask(telling, name, Type.TXT)).rdataToString()).contains("r=replay");
        clock.advance(Duration.ofDays(10));
        assertThat(only(ask(telling, name, Type.TXT)).rdataToString()).contains("r=expired");
    }

    @Test
    void octetsThatNoLocalPartHasAreNoData() throws Exception {
        String local = signed("alice@example.org");
        for (String label : new String[] {"a\\.b", "a\\000b", "a\\255b", "a\\@b", "a\\\"b", "a\\\\b", "a\\ b"}) {
            org.xbill.DNS.Name name = org.xbill.DNS.Name.fromString(local + label + SUFFIX + ".");
            assertThat(zone.answer(name, Type.A, DClass.IN)
                            .toCompletableFuture()
                            .join())
                    .isInstanceOf(ZoneAnswer.NoData.class);
        }
    }

    @Test
    void misuseSaysWhatToDo() {
        assertThatThrownBy(() -> SesZone.builder(ses)).hasMessageContaining("nameServers");
        assertThatThrownBy(() -> SesZone.builder(ses, "ns1.example.org").build())
                .hasMessageContaining("call domain(...)");
        assertThatThrownBy(() -> SesZone.builder(ses, "ns._spf_verify.example.org")
                        .domain("example.org")
                        .build())
                .hasMessageContaining("must not be in its own zone");
        assertThatThrownBy(() -> zone().ttl(Duration.ZERO)).hasMessageContaining("ttl must be");
        assertThatThrownBy(() -> zone().ttl(Duration.ofDays(1).plusSeconds(1))).hasMessageContaining("ttl must be");
        assertThat(zone().hostmaster("dns.example.com").build()).isNotNull();
    }
}

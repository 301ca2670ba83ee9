package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneAnswer;
import org.senderauth.ses.SesLookupResult.Verdict;
import org.senderauth.testkit.CountingDnsClient;
import org.senderauth.testkit.ManualClock;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

class SesLookupTest {

    private final Ses ses = SesFixture.ses(ManualClock.at(SesFixture.NOON)).build();
    private final String signed = ses.sign(SesFixture.ALICE).toString();

    /** TXT answers from a table, A answers from a zone. */
    private static CountingDnsClient dns(SesZone zone, String... records) {
        return CountingDnsClient.of((name, type) -> {
            if (type == Type.TXT) {
                for (int i = 0; i < records.length; i += 2) {
                    if (DomainNames.of(records[i]).equals(name)) {
                        return done(records(new TXTRecord(name, DClass.IN, 60, records[i + 1])));
                    }
                }
                return done(new DnsAnswer.NoSuchDomain(null, 0));
            }
            ZoneAnswer answer =
                    zone.answer(name, type, DClass.IN).toCompletableFuture().join();
            return done(
                    answer instanceof ZoneAnswer.Records found
                            ? new DnsAnswer.Records(found.records(), 60, java.util.List.of(), java.util.List.of())
                            : new DnsAnswer.NoData(null, 0));
        });
    }

    private static DnsAnswer records(org.xbill.DNS.Record record) {
        return new DnsAnswer.Records(java.util.List.of(record), 60, java.util.List.of(), java.util.List.of());
    }

    private static CompletableFuture<DnsAnswer> done(DnsAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private SesZone.Builder zone() {
        return SesZone.builder(ses, "ns1.example.org").domain("example.org");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=spf1 mx exists:%{lr=}._spf_verify.%{d} -all",
                "v=spf1 mx exists:%{l}._spf_verify.%{d} -all",
                "V=SPF1 +Exists:%{L}._SPF_verify.%{D} -all",
                "v=spf1 exists:%{l}._spf_verify.%{o}",
                "v=spf1  exists:%{l}._spf_verify.example.org ?all",
            })
    void advertisedTermIsAsked(String record) {
        SesLookup lookup = SesLookup.of(dns(zone().build(), "example.org", record));
        assertThat(lookup.lookup(signed, null).verdict()).isEqualTo(Verdict.PASS);
        assertThat(lookup.lookup(signed.replace("alice", "bob"), null).verdict())
                .isEqualTo(Verdict.FAIL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=spf1 mx -all",
                "v=spf1 -exists:%{l}._spf_verify.%{d} -all",
                "v=spf1 exists:%{l}.%{d} -all",
                "v=spf1 exists:%{i}._spf_verify.%{d} -all",
                "v=spf1 exists:%{l}._spf_verify.%{p} -all",
                "v=spf1 exists:%{l}._i.%{i}._spf_verify.%{d} -all",
                "v=spf1 exists:%{l}._spf_verify.%%%{d} %_",
                "v=spf10 exists:%{l}._spf_verify.%{d} -all",
                "exists:%{l}._spf_verify.%{d}",
            })
    void domainWithoutTheTermIsNotAsked(String record) {
        CountingDnsClient dns = dns(zone().build(), "example.org", record);
        assertThat(SesLookup.of(dns).lookup(signed, null).verdict()).isEqualTo(Verdict.NONE);
        assertThat(dns.questions()).containsExactly("example.org. TXT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%{d}", "%{o}"})
    void internationalDomainIsAsked(String macro) {
        String domain = "b\u00fccher.example";
        Ses own = Ses.builder()
                .keyring(SesKeyring.builder().add(domain, SesFixture.KEY).build())
                .build();
        SesZone zone = SesZone.builder(own, "ns1.example.org").domain(domain).build();
        SesLookup lookup = SesLookup.of(dns(zone, domain, "v=spf1 exists:%{lr=}._spf_verify." + macro + " -all"));
        String sender = own.sign(MailAddress.of("alice@" + domain)).toString();
        assertThat(lookup.lookup(sender, null).verdict()).isEqualTo(Verdict.PASS);
    }

    @Test
    void unsignedAddressAsksNothing() {
        CountingDnsClient dns = dns(zone().build());
        for (String address : new String[] {"alice@example.org", "", "SES=A=alice@example.org", "SES=B=a@"}) {
            assertThat(SesLookup.of(dns).lookup(address, null).verdict()).isEqualTo(Verdict.NONE);
        }
        assertThat(dns.questions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.7, 192.0.2.7", "2001:db8::25, 2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.5"
    })
    void passesClientAddress(String client, String labels) throws Exception {
        SesLookup lookup =
                SesLookup.of(dns(zone().build(), "example.org", "v=spf1 exists:%{l}._i.%{i}._spf_verify.%{d} -all"));
        SesLookupResult result = lookup.lookup(signed, InetAddress.getByName(client));
        assertThat(result.verdict()).isEqualTo(Verdict.PASS);
        assertThat(result.queried().orElseThrow().toString()).contains("._i." + labels + "._spf_verify.");
    }

    @Test
    void includedAndRedirectedRecordsAreRead() {
        SesZone provider = SesZone.builder(ses, "ns.provider.example")
                .provider("provider.example")
                .build();
        String term = "v=spf1 exists:%{l}._at_.%{o}._spf_verify.%{d} -all";
        for (String link : new String[] {"include:provider.example", "redirect=provider.example"}) {
            SesLookup lookup = SesLookup.of(dns(provider, "example.org", "v=spf1 a " + link, "provider.example", term));
            assertThat(lookup.lookup(signed, null).verdict()).isEqualTo(Verdict.PASS);
        }
    }

    @Test
    void endlessIncludesEnd() {
        CountingDnsClient dns = dns(zone().build(), "example.org", "v=spf1 include:example.org include:example.org");
        assertThat(SesLookup.of(dns).lookup(signed, null).verdict()).isEqualTo(Verdict.NONE);
        assertThat(dns.questions()).hasSize(SesLookup.MAX_RECORDS);
    }

    @ParameterizedTest
    @CsvSource({
        "%{lr=}, alice.SIG.SES",
        "%{l=}, SES.SIG.alice",
        "%{l9=}, SES.SIG.alice",
        "%{l9r=}, alice.SIG.SES",
        "%{L}, SES=SIG=alice",
    })
    void expandsEverySpellingOfTheTerm(String macro, String labels) {
        CountingDnsClient dns =
                dns(zone().label("_ses").build(), "example.org", "v=spf1 exists:" + macro + "._ses.%{d} -all");
        assertThat(SesLookup.of(dns).lookup(signed, null).verdict()).isEqualTo(Verdict.PASS);
        String signature = signed.split("=")[1];
        assertThat(dns.questions()).last().isEqualTo(labels.replace("SIG", signature) + "._ses.example.org. A");
    }

    @Test
    void troubleIsTemporary() {
        Unavailable trouble = new Unavailable(Unavailable.Cause.TIMEOUT, "no answer");
        DnsClient noTxt = (name, type) -> done(trouble);
        DnsClient noA = (name, type) -> done(
                type == Type.TXT
                        ? records(new TXTRecord(name, DClass.IN, 60, "v=spf1 exists:%{l}._spf_verify.%{d}"))
                        : trouble);
        assertThat(SesLookup.of(noTxt).lookup(signed, null).verdict()).isEqualTo(Verdict.TEMPERROR);
        SesLookupResult result = SesLookup.of(noA).lookup(signed, null);
        assertThat(result.verdict()).isEqualTo(Verdict.TEMPERROR);
        assertThat(result.queried()).isPresent();
        assertThat(result.reason()).isEqualTo("no answer");
    }

    @Test
    void onlyLoopbackAddressesPass() throws Exception {
        InetAddress address = InetAddress.getByName("192.0.2.1");
        DnsClient wildcard = (Name name, int type) -> done(
                type == Type.TXT
                        ? records(new TXTRecord(name, DClass.IN, 60, "v=spf1 exists:%{l}._spf_verify.%{d}"))
                        : records(new ARecord(name, DClass.IN, 60, address)));
        assertThat(SesLookup.of(wildcard).lookup(signed, null).verdict()).isEqualTo(Verdict.FAIL);
    }

    @Test
    void twoRecordsAreNone() {
        DnsClient two = (name, type) -> done(new DnsAnswer.Records(
                java.util.List.of(
                        new TXTRecord(name, DClass.IN, 60, "v=spf1 exists:%{l}._spf_verify.%{d}"),
                        new TXTRecord(name, DClass.IN, 60, "v=spf1 -all")),
                60,
                java.util.List.of(),
                java.util.List.of()));
        assertThat(SesLookup.of(two).lookup(signed, null).verdict()).isEqualTo(Verdict.NONE);
    }
}

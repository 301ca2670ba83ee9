package org.senderauth.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.dns.DnsAnswer.NoData;
import org.senderauth.dns.DnsAnswer.NoSuchDomain;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

class ZoneDnsClientTest {

    private static final String ZONE = """
            $ORIGIN example.org.
            $TTL 3600
            @           SOA   ns1 hostmaster 1 3600 600 86400 300
            @           MX    10 mx1
            mx1         A     192.0.2.1
            mx1         AAAA  2001:db8::1
            txt         TXT   "one " "two\\010\\200" "three"
            alias1 60   CNAME alias2
            alias2      CNAME mx1
            dangling    CNAME nowhere
            outside     CNAME www.example.com.
            brief 60    CNAME nowhere
            briefly 60  CNAME mx1
            loop1       CNAME loop2
            loop2       CNAME loop1
            deep.ent    A     192.0.2.2
            *.wild      TXT   "wild"
            b.wild      A     192.0.2.3
            *.walias    CNAME mx1
            """;

    // Built for each test, so that what goes wrong in building fails the test that shows it.
    private final ZoneDnsClient dns = ZoneDnsClient.builder()
            .text(ZONE)
            .trouble(DomainNames.of("broken.example.org"), Cause.SERVER_FAILURE)
            .trouble(DomainNames.of("slow.example.org"), Cause.TIMEOUT)
            .build();

    @Test
    void returnsTtlAndAdditionalAddresses() {
        Records mx = (Records) ask("example.org", Type.MX);
        assertThat(texts(mx.records())).containsExactly("10 mx1.example.org.");
        assertThat(texts(mx.additional())).containsExactly("192.0.2.1", "2001:db8:0:0:0:0:0:1");
        assertThat(mx.ttl()).isEqualTo(3600);
        assertThat(mx.aliases()).isEmpty();
        assertThat(mx.isVoid()).isFalse();
    }

    @Test
    void comparesNamesCaseInsensitively() {
        assertThat(ask("MX1.Example.ORG", Type.A)).isInstanceOf(Records.class);
    }

    @Test
    void textConcatenatesAllStrings() {
        Records txt = (Records) ask("txt.example.org", Type.TXT);
        assertThat(Records.text((TXTRecord) txt.records().get(0)))
                .isEqualTo("one two\n\u00c8three".getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void followsAliasesWithMinimumTtl() {
        Records a = (Records) ask("alias1.example.org", Type.A);
        assertThat(a.aliases()).hasToString("[alias2.example.org., mx1.example.org.]");
        assertThat(a.ttl()).isEqualTo(60);
        assertThat(a.records().get(0).getName()).hasToString("mx1.example.org.");
    }

    @Test
    void answersCnameQueryWithAlias() {
        assertThat(texts(((Records) ask("alias1.example.org", Type.CNAME)).records()))
                .containsExactly("alias2.example.org.");
    }

    @Test
    void aliasToMissingNameIsNoSuchDomain() {
        assertThat(ask("dangling.example.org", Type.A))
                .isEqualTo(new NoSuchDomain(
                        DomainNames.of("example.org"), 300, List.of(DomainNames.of("nowhere.example.org"))));
        assertThat(ask("outside.example.org", Type.A))
                .isEqualTo(new NoSuchDomain(null, 0, List.of(DomainNames.of("www.example.com"))));
    }

    @Test
    void limitsNegativeTtlToAliasTtl() {
        assertThat(((NoSuchDomain) ask("brief.example.org", Type.A)).ttl()).isEqualTo(60);
        assertThat(ask("briefly.example.org", Type.TXT)).isInstanceOfSatisfying(NoData.class, none -> {
            assertThat(none.soaOwner()).isEqualTo(DomainNames.of("example.org"));
            assertThat(none.ttl()).isEqualTo(60);
            assertThat(none.aliases()).hasSize(1);
        });
    }

    @Test
    void aliasLoopIsUnavailable() {
        assertThat(((Unavailable) ask("loop1.example.org", Type.A)).cause()).isEqualTo(Cause.ALIAS_CHAIN);
    }

    @Test
    void nameWithOtherRecordsHasNoData() {
        DnsAnswer answer = ask("mx1.example.org", Type.TXT);
        assertThat(answer).isEqualTo(new NoData(DomainNames.of("example.org"), 300));
        assertThat(answer.isVoid()).isTrue();
    }

    @Test
    void emptyNonTerminalHasNoData() {
        assertThat(ask("ent.example.org", Type.A)).isInstanceOf(NoData.class);
        assertThat(ask("org", Type.A)).isInstanceOf(NoData.class);
    }

    @Test
    void missingNameDoesNotExist() {
        assertThat(ask("no.example.org", Type.A)).isEqualTo(new NoSuchDomain(DomainNames.of("example.org"), 300));
        assertThat(ask("below.mx1.example.org", Type.A).isVoid()).isTrue();
        assertThat(ask("example.net", Type.A)).isEqualTo(new NoSuchDomain(null, 0));
    }

    // RFC 4592 section 2.2.1: a name that exists, and what is below it, is not covered by the wildcard next to it.
    @Test
    void wildcardRequiresClosestEncloserAsParent() {
        Records wild = (Records) ask("x.y.wild.example.org", Type.TXT);
        assertThat(wild.records().get(0).getName()).hasToString("x.y.wild.example.org.");
        assertThat(ask("x.wild.example.org", Type.A)).isInstanceOf(NoData.class);
        assertThat(ask("b.wild.example.org", Type.TXT)).isInstanceOf(NoData.class);
        assertThat(ask("c.b.wild.example.org", Type.TXT)).isInstanceOf(NoSuchDomain.class);
        assertThat(((Records) ask("q.walias.example.org", Type.A)).aliases()).hasToString("[mx1.example.org.]");
    }

    @Test
    void returnsScriptedFailure() {
        assertThat(((Unavailable) ask("broken.example.org", Type.A)).cause()).isEqualTo(Cause.SERVER_FAILURE);
        assertThat(((Unavailable) ask("slow.example.org", Type.MX)).cause()).isEqualTo(Cause.TIMEOUT);
    }

    @Test
    void rejectsRelativeName() {
        assertThatThrownBy(() -> dns.query(Name.fromConstantString("mx1"), Type.A))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void fileIncludesAnotherOne(@TempDir Path folder) throws IOException {
        Path zone = Files.writeString(folder.resolve("zone"), "$ORIGIN example.org.\n$INCLUDE hosts\n");
        Path hosts = Files.writeString(folder.resolve("hosts"), "mx1 300 A 192.0.2.7\n");
        assertThat(ZoneDnsClient.ofFiles(List.of(zone))
                        .query(DomainNames.of("mx1.example.org"), Type.A)
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(Records.class);
        Files.writeString(hosts, "mx1 300 A nonsense\n");
        assertThatThrownBy(() -> ZoneDnsClient.ofFiles(List.of(zone)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(zone + ": hosts:1: ");
    }

    @Test
    void textIncludesNoFileAndErrorsNameLine() {
        assertThatThrownBy(() -> ZoneDnsClient.builder().text("$INCLUDE /etc/hostname\n"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ZoneDnsClient.builder().text("\nexample.org. 300 A nonsense\n"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not zone data: line 2: ");
    }

    @Test
    void errorsNameFileAndLine(@TempDir Path folder) throws IOException {
        Path good = Files.writeString(folder.resolve("good.zone"), ZONE);
        assertThat(ZoneDnsClient.ofFiles(List.of(good))
                        .query(DomainNames.of("mx1.example.org"), Type.A)
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(Records.class);
        Path bad = Files.writeString(
                folder.resolve("bad.zone"), "example.org. 60 IN A 192.0.2.1\nexample.org. 60 IN A x\n");
        assertThatThrownBy(() -> ZoneDnsClient.ofFiles(List.of(bad)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("bad.zone")
                .hasMessageContaining("2");
        assertThatThrownBy(() -> ZoneDnsClient.ofFiles(List.of(folder.resolve("none"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none");
    }

    private DnsAnswer ask(String name, int type) {
        return dns.query(DomainNames.of(name), type).toCompletableFuture().join();
    }

    private static List<String> texts(List<Record> records) {
        return records.stream().map(Record::rdataToString).toList();
    }

    @Test
    void queriesFallbackForOtherNamesAndTypes() {
        ZoneDnsClient files = ZoneDnsClient.builder().text("""
                        $TTL 60
                        example.org.      SOA ns hostmaster 1 3600 600 86400 300
                        example.org.      TXT "file"
                        example.net.      TXT "file"
                        www.example.net.  CNAME www.example.com.
                        own.example.net.  CNAME gone.example.org.
                        """).build();
        ZoneDnsClient live = ZoneDnsClient.builder()
                .text("""
                        $TTL 60
                        example.org.      MX 10 mail.example.org.
                        example.org.      TXT "live"
                        sub.example.org.  TXT "live"
                        gone.example.org. A 192.0.2.9
                        example.net.      MX 10 mail.example.net.
                        example.net.      TXT "live"
                        www.example.com.  CNAME web.example.com.
                        web.example.com.  A 192.0.2.80
                        """)
                .trouble(DomainNames.of("away.example.com"), Cause.TIMEOUT)
                .build();
        DnsClient both = files.withFallback(live);
        assertThat(text(both, "example.org")).isEqualTo("file");
        assertThat(text(both, "example.net")).isEqualTo("file");
        assertThat(ask(both, "example.org", Type.MX)).isInstanceOf(NoData.class);
        assertThat(ask(both, "sub.example.org", Type.TXT)).isInstanceOf(NoSuchDomain.class);
        assertThat(ask(both, "own.example.net", Type.A)).isInstanceOf(NoSuchDomain.class);
        assertThat(ask(both, "example.net", Type.MX)).isInstanceOf(Records.class);
        assertThat(ask(both, "away.example.com", Type.A)).isInstanceOf(Unavailable.class);
        assertThat(ask(both, "nowhere.example.com", Type.A)).isInstanceOf(NoSuchDomain.class);
        Records chain = (Records) ask(both, "www.example.net", Type.A);
        assertThat(chain.aliases())
                .containsExactly(DomainNames.of("www.example.com"), DomainNames.of("web.example.com"));
    }

    private static DnsAnswer ask(DnsClient dns, String name, int type) {
        return dns.query(DomainNames.of(name), type).toCompletableFuture().join();
    }

    private static String text(DnsClient dns, String name) {
        Records records = (Records) ask(dns, name, Type.TXT);
        return new String(Records.text((TXTRecord) records.records().get(0)), StandardCharsets.ISO_8859_1);
    }
}

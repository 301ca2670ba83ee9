package org.senderauth.powerdns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.ses.ReplayLedger;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesZone;

class RemoteProtocolTest {

    private static final String NOTHING = "{\"result\":false}";
    private static final String SUFFIX = "._spf_verify.example.org.";
    private static final String KEY = "Private-key-format: v1.2\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: AAAA\n";

    private final Ses ses = ses().build();
    private final RemoteProtocol protocol = new RemoteProtocol(zone(ses), null);
    private final RemoteProtocol signed = new RemoteProtocol(zone(ses), SigningKey.of(KEY));
    private final String valid =
            ses.sign(MailAddress.of("bob.smith@example.org")).localPart() + SUFFIX;

    static Ses.Builder ses() {
        return Ses.builder()
                .keyring(SesKeyring.builder()
                        .add("example.org", SesKey.of(SecretKeys.of(new byte[20])))
                        .build());
    }

    static SesZone zone(Ses ses) {
        return SesZone.builder(ses, "ns1.example.org").domain("example.org").build();
    }

    private static String lookup(RemoteProtocol protocol, String name, String type) {
        return protocol.answer("{\"method\":\"lookup\",\"parameters\":{\"qname\":\"" + name + "\",\"qtype\":\"" + type
                + "\",\"remote\":\"192.0.2.1\",\"zone-id\":-1}}");
    }

    private static String ask(RemoteProtocol protocol, String method, String parameters) {
        return protocol.answer("{\"method\":\"" + method + "\",\"parameters\":{" + parameters + "}}");
    }

    @Test
    void initializeSucceeds() {
        assertThat(ask(protocol, "initialize", "\"path\":\"/run/x\"")).isEqualTo("{\"result\":true}");
    }

    @Test
    void validSignatureHasAnAddressAndNothingElse() {
        String address =
                "{\"result\":[{\"qtype\":\"A\",\"qname\":\"" + valid + "\",\"content\":\"127.0.0.2\",\"ttl\":60}]}";
        assertThat(lookup(protocol, valid, "ANY")).isEqualTo(address);
        assertThat(lookup(protocol, valid, "A")).isEqualTo(address);
        assertThat(lookup(protocol, valid, "SOA")).isEqualTo(NOTHING);
        assertThat(lookup(protocol, valid, "TXT")).isEqualTo(NOTHING);
    }

    @Test
    void apexHasSoaAndNameServers() {
        String soa = "{\"qtype\":\"SOA\",\"qname\":\"_spf_verify.example.org.\","
                + "\"content\":\"ns1.example.org. hostmaster.example.org. 1 3600 600 86400 60\",\"ttl\":60}";
        String ns = "{\"qtype\":\"NS\",\"qname\":\"_spf_verify.example.org.\","
                + "\"content\":\"ns1.example.org.\",\"ttl\":3600}";
        assertThat(lookup(protocol, "_spf_verify.example.org.", "SOA")).isEqualTo("{\"result\":[" + soa + "]}");
        assertThat(lookup(protocol, "_spf_verify.example.org.", "ANY"))
                .isEqualTo("{\"result\":[" + soa + "," + ns + "]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"smith", "x", "SES=FZL8-J65IZ_GHGTQS=bob", "a.b.c"})
    void everyNameBelowTheApexExists(String name) {
        assertThat(lookup(protocol, name + SUFFIX, "ANY"))
                .isEqualTo("{\"result\":[{\"qtype\":\"HINFO\",\"qname\":\"" + name + SUFFIX
                        + "\",\"content\":\"\\\"\\\" \\\"\\\"\",\"ttl\":1}]}");
    }

    @ParameterizedTest
    @CsvSource({
        "example.org., SOA",
        "example.net., ANY",
        "'', ANY",
        "a..b, ANY",
        "x._spf_verify.example.org., NOTYPE",
        "x._spf_verify.example.org., AXFR",
    })
    void foreignNameHasNoResult(String name, String type) {
        assertThat(lookup(protocol, name, type)).isEqualTo(NOTHING);
    }

    @Test
    void ledgerThatIsDownGivesNoResultAtAll() {
        ReplayLedger down = new ReplayLedger() {
            @Override
            public CompletableFuture<UseCount> increment(String key, Instant dropAfter) {
                return CompletableFuture.completedFuture(new UseCount.Unavailable("down"));
            }

            @Override
            public CompletableFuture<UseCount> read(String key) {
                return increment(key, Instant.EPOCH);
            }
        };
        Ses broken = ses().ledger(down).build();
        String name = broken.sign(MailAddress.of("bob@example.org")).localPart() + SUFFIX;
        assertThat(lookup(new RemoteProtocol(zone(broken), null), name, "ANY")).isEqualTo("{}");
    }

    @Test
    void zonesAreKnownByTheirNames() {
        assertThat(ask(protocol, "getDomainInfo", "\"name\":\"_spf_verify.example.org.\""))
                .isEqualTo("{\"result\":{\"id\":-1,\"zone\":\"_spf_verify.example.org.\",\"kind\":\"NATIVE\"}}");
        assertThat(ask(protocol, "getDomainInfo", "\"name\":\"example.org.\"")).isEqualTo(NOTHING);
    }

    @Test
    void keyAndDenialAreGivenForTheApexOnly() {
        String apex = "\"name\":\"_spf_verify.example.org.\"";
        String other = "\"name\":\"example.org.\"";
        assertThat(ask(signed, "getDomainKeys", apex))
                .isEqualTo("{\"result\":[{\"id\":1,\"flags\":257,\"active\":true,\"published\":true,\"content\":\""
                        + KEY.replace("\n", "\\n") + "\"}]}");
        String param = "[\"1 0 0 -\"]";
        assertThat(ask(signed, "getAllDomainMetadata", apex))
                .isEqualTo("{\"result\":{\"NSEC3NARROW\":[\"1\"],\"NSEC3PARAM\":" + param + "}}");
        assertThat(ask(signed, "getDomainMetadata", apex + ",\"kind\":\"NSEC3PARAM\""))
                .isEqualTo("{\"result\":" + param + "}");
        assertThat(ask(signed, "getDomainMetadata", apex + ",\"kind\":\"PRESIGNED\""))
                .isEqualTo(NOTHING);
        for (String method : new String[] {"getDomainKeys", "getAllDomainMetadata"}) {
            assertThat(ask(signed, method, other)).isEqualTo(NOTHING);
            assertThat(ask(signed, method, "")).isEqualTo(NOTHING);
            assertThat(ask(protocol, method, apex)).isEqualTo(NOTHING);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "null",
                "7",
                "{\"method\":7}",
                "{\"method\":\"lookup\"}",
                "{\"method\":\"lookup\",\"parameters\":[]}",
                "{\"method\":\"list\",\"parameters\":{\"zonename\":\"_spf_verify.example.org.\"}}",
                "{\"method\":\"getDomainInfo\"}",
            })
    void otherRequestsHaveNoResult(String request) {
        assertThat(protocol.answer(request)).isEqualTo(NOTHING);
    }

    @Property(tries = 1000)
    void neverThrowsForAnyText(@ForAll String text) {
        assertThat(protocol.answer(text)).isEqualTo(NOTHING);
        String quoted = text.replaceAll("[^ -~]|[\"\\\\]", "?");
        assertThat(lookup(protocol, quoted + SUFFIX, "ANY")).startsWith("{\"result\":");
    }
}

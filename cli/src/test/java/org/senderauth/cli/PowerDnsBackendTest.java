package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.ses.ReplayLedger;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesZone;
import org.senderauth.testkit.RealPeer;
import org.xbill.DNS.Type;

class PowerDnsBackendTest {

    private static final String SUFFIX = "._spf_verify.example.org";

    @TempDir
    Path folder;

    private static Ses.Builder ses() {
        return Ses.builder()
                .keyring(SesKeyring.builder()
                        .add("example.org", SesKey.of(SecretKeys.of(new byte[20])))
                        .build());
    }

    private static SesZone zone(Ses ses) {
        return SesZone.builder(ses, "ns1.example.org").domain("example.org").build();
    }

    private static String lookup(PowerDnsBackend backend, String name, String type) {
        return backend.answer("{\"method\":\"lookup\",\"parameters\":{\"qname\":\"" + name + "\",\"qtype\":\"" + type
                + "\",\"remote\":\"192.0.2.1\",\"zone-id\":-1}}");
    }

    @Test
    void lookupsAnswerAsPowerDnsAsks() throws IOException {
        Ses ses = ses().build();
        String signed = ses.sign(MailAddress.of("bob.smith@example.org")).localPart();
        try (PowerDnsBackend backend = PowerDnsBackend.start(zone(ses), folder.resolve("s"))) {
            assertThat(backend.answer("{\"method\":\"initialize\",\"parameters\":{}}"))
                    .isEqualTo("{\"result\":true}");
            assertThat(lookup(backend, signed + SUFFIX + ".", "ANY"))
                    .isEqualTo("{\"result\":[{\"qtype\":\"A\",\"qname\":\"" + signed + SUFFIX
                            + ".\",\"content\":\"127.0.0.2\",\"ttl\":60}]}");
            assertThat(lookup(backend, signed + SUFFIX + ".", "SOA")).isEqualTo("{\"result\":false}");
            assertThat(lookup(backend, "_spf_verify.example.org.", "SOA"))
                    .contains("ns1.example.org. hostmaster.example.org. 1 3600 600 86400 60");
            assertThat(lookup(backend, "_spf_verify.example.org.", "ANY")).contains("\"SOA\"", "\"NS\"");
            assertThat(lookup(backend, "smith" + SUFFIX + ".", "ANY")).contains("HINFO");
            for (String request : new String[] {"", "[]", "{", "null", "{\"method\":\"getDomainMetadata\"}"}) {
                assertThat(backend.answer(request)).isEqualTo("{\"result\":false}");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"example.org., SOA", "example.net., ANY", "a..b, ANY", "'', ANY", "x._spf_verify.example.org., NOTYPE"})
    void whatIsNotOursHasNoResult(String name, String type) throws IOException {
        try (PowerDnsBackend backend = PowerDnsBackend.start(zone(ses().build()), folder.resolve("s"))) {
            assertThat(lookup(backend, name, type)).isEqualTo("{\"result\":false}");
        }
    }

    @Test
    void socketOfAnEndedProcessIsReplacedAndALivingOneIsNot() throws IOException {
        Path socket = folder.resolve("s");
        try (PowerDnsBackend first = PowerDnsBackend.start(zone(ses().build()), socket)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> PowerDnsBackend.start(zone(ses().build()), socket))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use");
        }
        assertThat(socket).doesNotExist();
        try (java.nio.channels.ServerSocketChannel left =
                java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
            left.bind(java.net.UnixDomainSocketAddress.of(socket));
        }
        try (PowerDnsBackend second = PowerDnsBackend.start(zone(ses().build()), socket)) {
            assertThat(second).isNotNull();
        }
        Files.writeString(socket, "precious");
        assertThatThrownBy(() -> PowerDnsBackend.start(zone(ses().build()), socket))
                .isInstanceOf(IOException.class);
        assertThat(socket).hasContent("precious");
    }

    @Test
    void powerDnsServesTheZone() throws Exception {
        Path program = RealPeer.program("pdns_server");
        boolean[] down = {false};
        ReplayLedger ledger = new ReplayLedger() {
            @Override
            public CompletionStage<Tally> increment(String key, Instant forgetAt) {
                return CompletableFuture.completedFuture(
                        down[0] ? new Tally.Unavailable("down") : new Tally.Counted(1));
            }

            @Override
            public CompletionStage<Tally> read(String key) {
                return increment(key, Instant.EPOCH);
            }
        };
        Ses ses = ses().ledger(ledger).build();
        int port = RealPeer.freePort();
        Path socket = folder.resolve("s");
        Files.writeString(folder.resolve("pdns.conf"), """
                launch=remote
                remote-connection-string=unix:path=%s
                local-address=127.0.0.1
                local-port=%d
                socket-dir=%s
                cache-ttl=0
                query-cache-ttl=0
                negquery-cache-ttl=0
                zone-cache-refresh-interval=0
                8bit-dns=yes
                security-poll-suffix=
                """.formatted(socket, port, folder));
        try (PowerDnsBackend backend = PowerDnsBackend.start(zone(ses), socket);
                RealPeer pdns = RealPeer.start(
                                folder,
                                folder.resolve("pdns.log"),
                                List.of(program.toString(), "--config-dir=" + folder, "--daemon=no", "--guardian=no"))
                        .awaitTcp(port, Duration.ofSeconds(20))) {
            assertThat(backend).isNotNull();
            assertThat(pdns.process().isAlive()).isTrue();
            ResolverDnsClient dns =
                    ResolverDnsClient.ofServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            String signed = ses.sign(MailAddress.of("bob.smith@example.org")).localPart();
            assertThat(ask(dns, signed + SUFFIX, Type.A)).isInstanceOf(DnsAnswer.Records.class);
            assertThat(ask(dns, signed + SUFFIX, Type.TXT)).isInstanceOf(DnsAnswer.NoData.class);
            // Never NXDOMAIN: the name below which the signed one stands, and any other.
            assertThat(ask(dns, "smith" + SUFFIX, Type.A)).isInstanceOf(DnsAnswer.NoData.class);
            assertThat(ask(dns, signed.replace("bob", "rob") + SUFFIX, Type.A)).isInstanceOf(DnsAnswer.NoData.class);
            assertThat(ask(dns, "_spf_verify.example.org", Type.SOA)).isInstanceOf(DnsAnswer.Records.class);
            down[0] = true;
            assertThat(ask(dns, signed + SUFFIX, Type.A))
                    .isInstanceOfSatisfying(
                            DnsAnswer.Unavailable.class,
                            answer -> assertThat(answer.cause()).isEqualTo(DnsAnswer.Unavailable.Cause.SERVER_FAILURE));
            down[0] = false;
            assertThat(ask(dns, signed + SUFFIX, Type.A)).isInstanceOf(DnsAnswer.Records.class);
        }
    }

    private static DnsAnswer ask(ResolverDnsClient dns, String name, int type) {
        return dns.query(DomainNames.of(name), type).toCompletableFuture().join();
    }
}

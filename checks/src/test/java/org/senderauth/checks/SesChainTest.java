package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DomainNames;
import org.senderauth.peers.PeerProcess;
import org.senderauth.powerdns.PowerDnsBackend;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesDnsServer;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesLookup;
import org.senderauth.ses.SesLookupResult;
import org.senderauth.ses.SesZone;
import org.senderauth.ses.VerificationPurpose;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ManualClock;
import org.xbill.DNS.Name;

/**
 * SES as the world sees it: a signed sender goes through SPF checkers, ours and others, that ask a real Unbound with
 * QNAME minimisation, that asks our server. A dot in the local part makes an empty non-terminal on the way.
 */
class SesChainTest {

    private static final String CLIENT = "192.0.2.25";
    private static final Name ZONE = DomainNames.of("_spf_verify.example.org");
    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private final Ses ses = Ses.builder()
            .keyring(SesKeyring.builder()
                    .add("example.org", SesKey.of(SecretKeys.of(new byte[20])))
                    .build())
            .clock(clock)
            .build();
    private final SesZone zone =
            SesZone.builder(ses, "ns1.example.org").domain("example.org").build();

    @TempDir
    Path folder;

    private int unboundPort;
    private Duration patience = Await.LIMIT;

    @BeforeEach
    void choosePort() {
        unboundPort = PeerProcess.freePort();
    }

    private PeerProcess unbound(int zonePort) throws IOException {
        return unbound(unboundPort, zonePort, "cache-max-ttl: 0", "cache-max-negative-ttl: 0");
    }

    private PeerProcess unbound(int port, int zonePort, String... cache) throws IOException {
        Path program = PeerProcess.program("unbound");
        Path config = Files.writeString(folder.resolve("unbound" + port + ".conf"), """
                server:
                  interface: 127.0.0.1
                  port: %d
                  do-daemonize: no
                  username: ""
                  chroot: ""
                  directory: "%s"
                  pidfile: ""
                  use-syslog: no
                  num-threads: 1
                  module-config: "iterator"
                  qname-minimisation: yes
                  qname-minimisation-strict: yes
                  use-caps-for-id: yes
                  do-not-query-localhost: no
                  %s
                  infra-host-ttl: 1
                  local-zone: "example.org." transparent
                  local-data: 'example.org. 60 IN TXT "v=spf1 exists:%%{l}._spf_verify.%%{d} -all"'
                stub-zone:
                  name: "_spf_verify.example.org"
                  stub-addr: 127.0.0.1@%d
                remote-control:
                  control-enable: no
                """.formatted(
                        port, folder, String.join("\n  ", cache), zonePort));
        return PeerProcess.start(
                        folder,
                        folder.resolve("unbound" + port + ".log"),
                        List.of(program.toString(), "-d", "-c", config.toString()))
                .awaitDns(loopback(port), ZONE);
    }

    private SesDnsServer server() throws IOException {
        return SesDnsServer.builder(zone).start(loopback(0));
    }

    private void assertEachServerReplies(String expected, String sender) throws Exception {
        assertThat(new SpfCheckers(unboundPort, patience).all(CLIENT, sender))
                .as(sender)
                .containsExactly(expected, expected, expected);
    }

    private void passesWhatIsOursAndNothingElse() throws Exception {
        String signed = ses.sign(MailAddress.of("bob.smith@example.org")).toString();
        assertEachServerReplies("pass", signed);
        assertEachServerReplies(
                "pass", ses.sign(MailAddress.of("alice@example.org")).toString());
        assertEachServerReplies("fail", signed.replace("bob", "rob"));
        assertEachServerReplies("fail", "bob.smith@example.org");
        assertEachServerReplies("fail", "SES=IEYJLRPY924__ML-W=bob.smith@example.org");
        String replayed = ses.sign(MailAddress.of("carol@example.org")).toString();
        for (int i = 0; i < 100; i++) {
            ses.verify(replayed, VerificationPurpose.PUBLIC);
        }
        assertEachServerReplies("fail", replayed);
        clock.advance(Duration.ofDays(10));
        assertEachServerReplies("fail", signed);
    }

    @Test
    void signedSenderPassesWithUnboundWhileServerRuns() throws Exception {
        SesDnsServer server = server();
        try (server;
                PeerProcess unbound = unbound(server.address().getPort())) {
            assertThat(unbound.process().isAlive()).isTrue();
            passesWhatIsOursAndNothingElse();
            String signed = ses.sign(MailAddress.of("alice@example.org")).toString();
            assertThat(lookup(signed)).isEqualTo(SesLookupResult.Verdict.PASS);
            stop(server);
            assertEachServerReplies("temperror", signed);
            assertThat(lookup(signed)).isEqualTo(SesLookupResult.Verdict.TEMPERROR);
        }
    }

    @Test
    void signedSenderPassesWithPowerDnsWhileBackendRuns() throws Exception {
        Path socket = folder.resolve("pdns.sock");
        int port = PeerProcess.freePort();
        PowerDnsBackend backend = PowerDnsBackend.start(zone, socket);
        try (backend;
                PeerProcess pdns = powerDns(socket, port);
                PeerProcess unbound = unbound(port)) {
            assertThat(pdns.process().isAlive()).isTrue();
            assertThat(unbound.process().isAlive()).isTrue();
            passesWhatIsOursAndNothingElse();
            String signed = ses.sign(MailAddress.of("alice@example.org")).toString();
            stop(backend);
            assertEachServerReplies("temperror", signed);
        }
    }

    /** What docs/ses.md says of caches: the limit bounds the networks that accept a replayed sender, not the messages. */
    @Test
    void replaysThroughOneCacheCountOnce() throws Exception {
        int otherPort = PeerProcess.freePort();
        SesZone cached = SesZone.builder(ses, "ns1.example.org")
                .domain("example.org")
                .ttl(Duration.ofDays(1))
                .build();
        try (SesDnsServer server = SesDnsServer.builder(cached).start(loopback(0));
                PeerProcess unbound = unbound(unboundPort, server.address().getPort());
                PeerProcess other = unbound(otherPort, server.address().getPort())) {
            assertThat(unbound.process().isAlive()).isTrue();
            assertThat(other.process().isAlive()).isTrue();
            String replayed = ses.sign(MailAddress.of("dave@example.org")).toString();
            for (int i = 0; i < 200; i++) {
                assertThat(lookup(replayed)).isEqualTo(SesLookupResult.Verdict.PASS);
            }
            assertThat(uses(replayed)).as("one query of the cache, and this").isEqualTo(2);
            // Other networks query until the limit is reached.
            for (int i = 2; i < 100; i++) {
                ses.verify(replayed, VerificationPurpose.PUBLIC);
            }
            assertThat(lookup(otherPort, replayed))
                    .as("a cache that queries later")
                    .isEqualTo(SesLookupResult.Verdict.FAIL);
            assertThat(lookup(replayed)).as("what was cached before").isEqualTo(SesLookupResult.Verdict.PASS);
        }
    }

    private long uses(String signed) {
        return ses.verify(signed, VerificationPurpose.PUBLIC).uses();
    }

    private SesLookupResult.Verdict lookup(String signed) {
        return lookup(unboundPort, signed);
    }

    private SesLookupResult.Verdict lookup(int port, String signed) {
        return SesLookup.of(new SpfCheckers(port, patience).dns())
                .lookup(signed, null)
                .verdict();
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private PeerProcess powerDns(Path socket, int port) throws IOException {
        Path program = PeerProcess.program("pdns_server");
        Files.writeString(folder.resolve("pdns.conf"), """
                launch=remote
                remote-connection-string=unix:path=%s,timeout=60000
                8bit-dns=yes
                zone-cache-refresh-interval=0
                disable-axfr=yes
                security-poll-suffix=
                local-address=127.0.0.1
                local-port=%d
                socket-dir=%s
                cache-ttl=0
                query-cache-ttl=0
                negquery-cache-ttl=0
                """.formatted(socket, port, folder));
        return PeerProcess.start(
                        folder,
                        folder.resolve("pdns.log"),
                        List.of(program.toString(), "--config-dir=" + folder, "--daemon=no", "--guardian=no"))
                .awaitDns(loopback(port), ZONE);
    }

    private void stop(AutoCloseable server) throws Exception {
        server.close();
        // No good answer comes any more, however long it is waited for.
        patience = Duration.ofSeconds(1);
    }
}

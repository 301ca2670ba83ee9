package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.peers.PeerProcess;
import org.senderauth.powerdns.PowerDnsBackend;
import org.senderauth.ses.SesDnsServer;
import org.senderauth.spf.zone.SpfZone;
import org.senderauth.testkit.Await;
import org.xbill.DNS.Name;

/**
 * A served SPF record as receivers see it: checkers, ours and others, ask a real Unbound with QNAME minimisation, which
 * asks our name server or a PowerDNS.
 */
class ServedSpfChainTest {

    private static final Name ZONE = DomainNames.of("_spf.example.org");
    private static final DnsClient PROVIDERS = ZoneDnsClient.builder().text("""
                    $TTL 60
                    net.example.net.  TXT "v=spf1 ip4:198.51.100.0/25 ip6:2001:db8:7::/48 ~all"
                    a.example.net.    A 192.0.2.1
                    """).build();
    private static final DnsClient DOWN =
            (name, type) -> CompletableFuture.completedFuture(new Unavailable(Cause.SERVER_FAILURE, "SERVFAIL"));

    private final AtomicReference<DnsClient> providers = new AtomicReference<>(PROVIDERS);
    private final SpfZone zone = SpfZone.builder((name, type) -> providers.get().query(name, type), "ns1.example.org")
            .record("example.org", "v=spf1 include:net.example.net a:a.example.net -all")
            .record("exists.example.org", "v=spf1 include:net.example.net a:a.example.net -all")
            .build();

    @TempDir
    Path folder;

    private final int unboundPort = PeerProcess.freePort();

    private PeerProcess unbound(int zonePort) throws IOException {
        Path program = PeerProcess.program("unbound");
        Path config = Files.writeString(folder.resolve("unbound.conf"), """
                server:
                  interface: 127.0.0.1
                  port: %1$d
                  do-daemonize: no
                  username: ""
                  chroot: ""
                  directory: "%2$s"
                  pidfile: ""
                  use-syslog: no
                  num-threads: 1
                  module-config: "iterator"
                  qname-minimisation: yes
                  qname-minimisation-strict: yes
                  use-caps-for-id: yes
                  do-not-query-localhost: no
                  cache-max-ttl: 0
                  cache-max-negative-ttl: 0
                  infra-host-ttl: 1
                  local-zone: "example.org." transparent
                  local-data: 'example.org. 60 IN TXT "v=spf1 include:%%{ir}.%%{v}._spf.%%{d} -all"'
                  local-data: 'exists.example.org. 60 IN TXT "v=spf1 exists:%%{ir}.%%{v}._spf.%%{d} -all"'
                stub-zone:
                  name: "_spf.example.org"
                  stub-addr: 127.0.0.1@%3$d
                stub-zone:
                  name: "_spf.exists.example.org"
                  stub-addr: 127.0.0.1@%3$d
                remote-control:
                  control-enable: no
                """.formatted(unboundPort, folder, zonePort));
        return PeerProcess.start(
                        folder,
                        folder.resolve("unbound.log"),
                        List.of(program.toString(), "-d", "-c", config.toString()))
                .awaitDns(loopback(unboundPort), ZONE);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private void assertAllSay(String expected, String client) throws Exception {
        for (String domain : List.of("example.org", "exists.example.org")) {
            assertThat(new SpfCheckers(unboundPort, Await.LIMIT).all(client, "alice@" + domain))
                    .as(client + " " + domain)
                    .containsExactly(expected, expected, expected);
        }
    }

    private void passesNetworksAlsoWhileTheirDnsIsDown() throws Exception {
        // Another name, since a resolver keeps SERVFAIL for some seconds.
        assertAllSay("temperror", "198.51.100.9");
        zone.refresh();
        assertAllSay("pass", "198.51.100.7");
        assertAllSay("fail", "198.51.100.128");
        assertAllSay("pass", "2001:db8:7::25");
        assertAllSay("fail", "2001:db8:8::25");
        providers.set(DOWN);
        assertThat(zone.refresh()).allMatch(record -> record.failure().isPresent() && record.isAvailable());
        assertAllSay("pass", "192.0.2.1");
        providers.set(ZoneDnsClient.builder()
                .text("$TTL 60\nnet.example.net. TXT \"v=spf1 ip4:203.0.113.0/24 ~all\"\n")
                .build());
        assertThat(zone.refresh()).allMatch(record -> record.failure().isEmpty());
        assertAllSay("pass", "203.0.113.5");
        assertAllSay("fail", "192.0.2.1");
    }

    @Test
    void networksPassThroughUnbound() throws Exception {
        try (SesDnsServer server = SesDnsServer.builder(zone).start(loopback(0));
                PeerProcess unbound = unbound(server.address().getPort())) {
            assertThat(unbound.process().isAlive()).isTrue();
            passesNetworksAlsoWhileTheirDnsIsDown();
        }
    }

    @Test
    void networksPassThroughPowerDns() throws Exception {
        Path socket = folder.resolve("pdns.sock");
        int port = PeerProcess.freePort();
        try (PowerDnsBackend backend = PowerDnsBackend.start(zone, socket);
                PeerProcess pdns = powerDns(socket, port);
                PeerProcess unbound = unbound(port)) {
            assertThat(backend).isNotNull();
            assertThat(pdns.process().isAlive()).isTrue();
            assertThat(unbound.process().isAlive()).isTrue();
            passesNetworksAlsoWhileTheirDnsIsDown();
        }
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
}

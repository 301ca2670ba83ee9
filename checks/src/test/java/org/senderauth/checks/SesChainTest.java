package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.powerdns.PowerDnsBackend;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesDnsServer;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesLookup;
import org.senderauth.ses.SesLookupResult;
import org.senderauth.ses.SesUse;
import org.senderauth.ses.SesZone;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.testkit.Patience;
import org.senderauth.testkit.RealPeer;
import org.senderauth.testkit.SteppingClock;
import org.xbill.DNS.Name;
import org.xbill.DNS.SimpleResolver;

/**
 * SES as the world sees it: a signed sender goes through SPF checkers, ours and others, that ask a real Unbound with
 * QNAME minimisation, that asks our server. A dot in the local part makes an empty non-terminal on the way.
 */
class SesChainTest {

    private static final String CLIENT = "192.0.2.25";
    private static final Name ZONE = DomainNames.of("_spf_verify.example.org");
    private static final String PYTHON = """
            import sys, dns.resolver
            resolver = dns.resolver.Resolver(configure=False)
            resolver.nameservers = ['127.0.0.1']
            resolver.port = int(sys.argv[1])
            dns.resolver.default_resolver = resolver
            import spf
            print(spf.check2(i=sys.argv[2], s=sys.argv[3], h='mail.example.net')[0])
            """;
    private static final String PERL = """
            use Net::DNS::Resolver; use Mail::SPF;
            my $resolver = Net::DNS::Resolver->new(nameservers => ['127.0.0.1'], port => $ARGV[0], recurse => 1);
            my $server = Mail::SPF::Server->new(dns_resolver => $resolver);
            my $request = Mail::SPF::Request->new(
                scope => 'mfrom', identity => $ARGV[2], ip_address => $ARGV[1], helo_identity => 'mail.example.net');
            print $server->process($request)->code, "\\n";
            """;

    private final SteppingClock clock = SteppingClock.at(Instant.parse("2026-11-23T12:00:00Z"));
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
    private Duration patience = Patience.LIMIT;

    @BeforeEach
    void choosePort() {
        unboundPort = RealPeer.freePort();
    }

    private RealPeer unbound(int zonePort) throws IOException {
        Path program = RealPeer.program("unbound");
        Path config = Files.writeString(folder.resolve("unbound.conf"), """
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
                  cache-max-ttl: 0
                  cache-max-negative-ttl: 0
                  infra-host-ttl: 1
                  local-zone: "example.org." transparent
                  local-data: 'example.org. 60 IN TXT "v=spf1 exists:%%{l}._spf_verify.%%{d} -all"'
                stub-zone:
                  name: "_spf_verify.example.org"
                  stub-addr: 127.0.0.1@%d
                remote-control:
                  control-enable: no
                """.formatted(unboundPort, folder, zonePort));
        return RealPeer.start(
                        folder,
                        folder.resolve("unbound.log"),
                        List.of(program.toString(), "-d", "-c", config.toString()))
                .awaitDns(loopback(unboundPort), ZONE);
    }

    private String ours(String sender) throws IOException {
        SpfVerifier spf = SpfVerifier.builder().dns(throughUnbound()).build();
        return spf.verify(SpfQuery.mailFrom(InetAddress.getByName(CLIENT), sender, "mail.example.net"))
                .verdict()
                .name()
                .toLowerCase(Locale.ROOT);
    }

    private String python(String sender) throws Exception {
        return run(RealPeer.program("/usr/bin/python3").toString(), "-c", PYTHON, sender);
    }

    private String perl(String sender) throws Exception {
        return run(RealPeer.program("perl").toString(), "-e", PERL, sender);
    }

    private String run(String program, String option, String script, String sender) throws Exception {
        Process process = new ProcessBuilder(program, option, script, Integer.toString(unboundPort), CLIENT, sender)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        if (output.contains("No module named") || output.contains("Can't locate")) {
            throw RealPeer.missing("python3-spf with dnspython or libmail-spf-perl is not installed");
        }
        return output;
    }

    private SesDnsServer server() throws IOException {
        return SesDnsServer.builder(zone).start(loopback(0));
    }

    private void assertEverybodySays(String expected, String sender) throws Exception {
        assertThat(List.of(ours(sender), python(sender), perl(sender)))
                .as(sender)
                .containsExactly(expected, expected, expected);
    }

    private void passesWhatIsOursAndNothingElse() throws Exception {
        String signed = ses.sign(MailAddress.of("bob.smith@example.org")).toString();
        assertEverybodySays("pass", signed);
        assertEverybodySays(
                "pass", ses.sign(MailAddress.of("alice@example.org")).toString());
        assertEverybodySays("fail", signed.replace("bob", "rob"));
        assertEverybodySays("fail", "bob.smith@example.org");
        assertEverybodySays("fail", "SES=IEYJLRPY924__ML-W=bob.smith@example.org");
        String replayed = ses.sign(MailAddress.of("carol@example.org")).toString();
        for (int i = 0; i < 100; i++) {
            ses.verify(replayed, SesUse.PUBLIC);
        }
        assertEverybodySays("fail", replayed);
        clock.advance(Duration.ofDays(10));
        assertEverybodySays("fail", signed);
    }

    @Test
    void signedSenderPassesThroughUnboundUntilTheServerStops() throws Exception {
        SesDnsServer server = server();
        try (server;
                RealPeer unbound = unbound(server.address().getPort())) {
            assertThat(unbound.process().isAlive()).isTrue();
            passesWhatIsOursAndNothingElse();
            String signed = ses.sign(MailAddress.of("alice@example.org")).toString();
            assertThat(lookup(signed)).isEqualTo(SesLookupResult.Verdict.PASS);
            stop(server);
            assertEverybodySays("temperror", signed);
            assertThat(lookup(signed)).isEqualTo(SesLookupResult.Verdict.TEMPERROR);
        }
    }

    @Test
    void signedSenderPassesThroughPowerDnsUntilTheBackendStops() throws Exception {
        Path socket = folder.resolve("pdns.sock");
        int port = RealPeer.freePort();
        PowerDnsBackend backend = PowerDnsBackend.start(zone, socket);
        try (backend;
                RealPeer pdns = powerDns(socket, port);
                RealPeer unbound = unbound(port)) {
            assertThat(pdns.process().isAlive()).isTrue();
            assertThat(unbound.process().isAlive()).isTrue();
            passesWhatIsOursAndNothingElse();
            String signed = ses.sign(MailAddress.of("alice@example.org")).toString();
            stop(backend);
            assertEverybodySays("temperror", signed);
        }
    }

    private SesLookupResult.Verdict lookup(String signed) {
        return SesLookup.over(throughUnbound()).lookup(signed, null).verdict();
    }

    private DnsClient throughUnbound() {
        SimpleResolver resolver = new SimpleResolver(loopback(unboundPort));
        resolver.setTimeout(patience);
        return ResolverDnsClient.of(resolver);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private RealPeer powerDns(Path socket, int port) throws IOException {
        Path program = RealPeer.program("pdns_server");
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
        return RealPeer.start(
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

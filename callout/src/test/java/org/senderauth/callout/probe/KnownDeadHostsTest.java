package org.senderauth.callout.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.callout.outcome.CalloutReason.ACCEPTED;
import static org.senderauth.callout.outcome.CalloutReason.RATE_LIMITED;
import static org.senderauth.callout.outcome.CalloutReason.UNREACHABLE;
import static org.senderauth.callout.probe.ProbeTestSupport.ask;
import static org.senderauth.callout.probe.ProbeTestSupport.settings;
import static org.senderauth.testkit.SmtpRules.mailServer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.prober.HostLimiter;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.ScriptedSmtpServer;

/** Addresses that are known not to respond do not count among the three that a probe tries. */
class KnownDeadHostsTest {

    private static final MailAddress BOB = MailAddress.of("bob@four.example");

    /** Refuses every address but those of 127.0.0.1, for a reason. */
    private static final class Gate implements HostLimiter {

        private final CalloutReason reason;
        private final List<InetAddress> entered = new ArrayList<>();

        Gate(CalloutReason reason) {
            this.reason = reason;
        }

        @Override
        public Leave enter(String name, InetAddress address) {
            if (!address.getHostAddress().equals("127.0.0.1")) {
                return new Refused(reason);
            }
            entered.add(address);
            return new Entered(false, false);
        }

        @Override
        public void leave(InetAddress address) {}
    }

    private static ProbeReport probe(String zone, CalloutReason reason) {
        DnsClient dns = ZoneDnsClient.builder().text(zone).build();
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(mailServer("PIPELINING"))) {
            return ask(
                    dns,
                    settings().port(server.port()),
                    new ProbeRequest(BOB, null, TriState.NO, List.of(), new Gate(reason)));
        }
    }

    @Test
    void triesFourthAddressAfterThreeDeadOnes() {
        ProbeReport report = probe("""
                $ORIGIN four.example.
                @ 60 IN SOA ns h 1 2 3 4 60
                @ 60 IN MX 10 mx
                mx 60 IN A 127.0.0.2
                mx 60 IN A 127.0.0.3
                mx 60 IN A 127.0.0.4
                mx 60 IN A 127.0.0.1
                """, UNREACHABLE);
        assertThat(report.reason()).isEqualTo(ACCEPTED);
        assertThat(report.sent().connections()).isEqualTo(1);
    }

    @Test
    void triesFourthHostAfterThreeDeadOnes() {
        ProbeReport report = probe("""
                $ORIGIN four.example.
                @ 60 IN SOA ns h 1 2 3 4 60
                @ 60 IN MX 10 a
                @ 60 IN MX 20 b
                @ 60 IN MX 30 c
                @ 60 IN MX 40 d
                a 60 IN A 127.0.0.2
                b 60 IN A 127.0.0.3
                c 60 IN A 127.0.0.4
                d 60 IN A 127.0.0.1
                """, UNREACHABLE);
        assertThat(report.reason()).isEqualTo(CalloutReason.BACKUP_MX);
        assertThat(report.transcript())
                .filteredOn(line -> line.startsWith("* not connected"))
                .hasSize(3);
    }

    @Test
    void sendsNothingIfAllHostsAreKnownDead() {
        ProbeReport report = probe("""
                $ORIGIN four.example.
                @ 60 IN SOA ns h 1 2 3 4 60
                @ 60 IN MX 10 mx
                mx 60 IN A 127.0.0.2
                mx 60 IN A 127.0.0.3
                """, UNREACHABLE);
        assertThat(report.reason()).isEqualTo(UNREACHABLE);
        assertThat(report.sent()).isEqualTo(ProbeReport.Sent.NOTHING);
    }

    @Test
    void countsRateLimitedAddressAsTried() {
        ProbeReport report = probe("""
                $ORIGIN four.example.
                @ 60 IN SOA ns h 1 2 3 4 60
                @ 60 IN MX 10 a
                @ 60 IN MX 20 b
                @ 60 IN MX 30 c
                @ 60 IN MX 40 d
                a 60 IN A 127.0.0.2
                b 60 IN A 127.0.0.3
                c 60 IN A 127.0.0.4
                d 60 IN A 127.0.0.1
                """, RATE_LIMITED);
        assertThat(report.reason()).isEqualTo(RATE_LIMITED);
        assertThat(report.sent()).isEqualTo(ProbeReport.Sent.NOTHING);
    }

    @Test
    void triesThreeAddressesAtMost() {
        List<ScriptedSmtpServer> servers = new ArrayList<>();
        List<InetSocketAddress> hosts = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                ScriptedSmtpServer server =
                        ScriptedSmtpServer.start(mailServer().answer("EHLO", "421 later"));
                servers.add(server);
                hosts.add(server.address());
            }
            // A dead one first: then the others may be looked at, and three of them at most.
            hosts.add(0, new InetSocketAddress("127.0.0.2", hosts.get(0).getPort()));
            ProbeReport report =
                    ask(settings(), new ProbeRequest(BOB, null, TriState.NO, hosts, new Gate(UNREACHABLE)));
            assertThat(report.sent().connections()).isEqualTo(3);
        } finally {
            servers.forEach(ScriptedSmtpServer::close);
        }
    }
}

package org.senderauth.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.testkit.SmtpRules.mailServer;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.probe.FallbackSender;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.ProbeTimeouts;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.LoopbackPorts;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpPeer;
import org.senderauth.testkit.SmtpRules;

/**
 * Two sites, each the other's mail server. Both verify the sender of every session before they reply to MAIL, including
 * those of the other's probes.
 */
@Timeout(300)
class MutualCalloutLoopTest {

    /** Long, since waiting is not tested here. */
    private static final ProbeTimeouts TIMEOUTS = ProbeTimeouts.of(Await.LIMIT, Await.LIMIT);

    private static final String NULL_SENDER = "MAIL FROM:<>";

    /** A site: its mail server, and the callouts that this makes. */
    private static final class Site {

        private final String name;
        private final InetAddress address;
        private final CalloutCounters counters = new CalloutCounters();
        private ScriptedSmtpServer server;
        private CalloutVerifier verifier;

        Site(String name, String address) {
            this.name = name;
            this.address = IpAddresses.parse(address).orElseThrow();
        }

        int listen(int port, boolean refusesNullSender) {
            SmtpRules rules = mailServer("PIPELINING").act("MAIL", this::mail);
            if (refusesNullSender) {
                rules.answer(NULL_SENDER, "550 5.7.1 the null sender is refused here");
            }
            server = ScriptedSmtpServer.start(address, port, rules.greeting("220 mx." + name + " ESMTP"));
            return server.port();
        }

        void askBy(DnsClient dns, ProbeSettings.Builder settings) {
            verifier = CalloutVerifier.builder(SmtpProber.of(dns, settings.build()))
                    .limits(CalloutLimits.DEFAULT.toBuilder()
                            .responseTimeout(Await.LIMIT)
                            .build())
                    .observer(counters)
                    .build();
        }

        private void mail(SmtpPeer peer) throws IOException {
            String line = peer.heard().get(peer.heard().size() - 1);
            String sender = line.substring(line.indexOf('<') + 1, line.indexOf('>'));
            CalloutResult result = ask(sender, peer.client());
            peer.say(result.smtpReply().map(Object::toString).orElse("250 2.1.0 OK"));
        }

        CalloutResult ask(String sender, InetAddress client) {
            return verifier.verifyAsync(
                            CalloutRequest.sender(sender).client(client).build())
                    .join();
        }
    }

    private final List<Site> sites =
            List.of(new Site("site1.example", "127.0.0.1"), new Site("site2.example", "127.0.0.2"));

    private void start(boolean refusingNullSender, boolean fallback) {
        int port = sites.get(0).listen(LoopbackPorts.free(), refusingNullSender);
        sites.get(1).listen(port, refusingNullSender);
        DnsClient dns = ZoneDnsClient.builder().text("""
                $ORIGIN example.
                @ 60 IN SOA ns h 1 2 3 4 60
                site1 60 IN MX 10 mx.site1
                site2 60 IN MX 10 mx.site2
                mx.site1 60 IN A 127.0.0.1
                mx.site2 60 IN A 127.0.0.2
                """).build();
        for (Site site : sites) {
            ProbeSettings.Builder settings = ProbeSettings.builder("mx." + site.name)
                    .port(port)
                    .addressFilter(any -> true)
                    .timeouts(TIMEOUTS);
            if (fallback) {
                settings.fallbackSender(FallbackSender.at(site.name, SecretKeys.of(new byte[32])));
            }
            site.askBy(dns, settings);
        }
    }

    @AfterEach
    void stop() {
        for (Site site : sites) {
            site.verifier.close();
            site.server.close();
        }
    }

    @Test
    void probesNoFallbackSender() {
        start(false, false);
        CalloutResult result = sites.get(0).ask("bob@site2.example", sites.get(1).address);
        assertThat(result.verdict()).isEqualTo(CalloutVerdict.CATCH_ALL);
        assertThat(sites.get(1).server.connections()).isEqualTo(1);
        assertThat(sites.get(0).server.connections()).isZero();
        assertThat(sites.get(1).counters.counts())
                .containsEntry("callout.requests{verdict=SKIPPED,reason=NULL_SENDER,source=PRECHECK}", 2L);
    }

    /** Against the rules, both sites refuse the null sender, and so ask with senders that the other asks about. */
    @Test
    void fallbackSendersEndAfterOneProbeEach() {
        start(true, true);
        CalloutResult result = sites.get(0).ask("bob@site2.example", sites.get(1).address);
        assertThat(result.verdict()).isEqualTo(CalloutVerdict.CATCH_ALL);
        List<Integer> connections = new ArrayList<>();
        sites.forEach(site -> connections.add(site.server.connections()));
        assertThat(connections).containsExactly(1, 1);
    }

    @Test
    void detectsServerWithOwnNameAsLoop() {
        start(false, false);
        CalloutVerifier asker = CalloutVerifier.builder(SmtpProber.of(
                        ZoneDnsClient.builder().build(),
                        ProbeSettings.builder("mx.site2.example")
                                .port(sites.get(1).server.port())
                                .addressFilter(any -> true)
                                .timeouts(TIMEOUTS)
                                .build()))
                .limits(CalloutLimits.DEFAULT.toBuilder()
                        .responseTimeout(Await.LIMIT)
                        .build())
                .probeAddressLiterals(true)
                .build();
        try (asker) {
            CalloutRequest request = CalloutRequest.sender("bob@[127.0.0.2]")
                    .client(sites.get(1).address)
                    .build();
            assertThat(asker.verifyAsync(request).join().reason()).isEqualTo(CalloutReason.LOOP);
        }
    }
}

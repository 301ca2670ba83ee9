package org.senderauth.callout.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.prober.HostLimiter;
import org.senderauth.callout.prober.ProbeListener;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ScriptedSmtpServer;

/** Probes of scripted peers on loopback: what the tests of this package share. */
final class ProbeTestSupport {

    static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");
    static final DnsClient NO_DNS = ZoneDnsClient.builder().build();

    /** A limiter that admits all probes, and counts those in progress. */
    static final class OpenGate implements HostLimiter {

        final List<InetAddress> entered = new ArrayList<>();
        int inside;

        @Override
        public Leave enter(String name, InetAddress address) {
            entered.add(address);
            inside++;
            return new Entered(false, false);
        }

        @Override
        public void leave(InetAddress address) {
            inside--;
        }
    }

    /** What a listener heard. */
    static class Heard implements ProbeListener {

        @Nullable
        ProbeReport verdict;

        @Nullable
        ProbeReport finished;

        @Override
        public void verdict(ProbeReport report) {
            assertThat(verdict).as("one verdict only").isNull();
            verdict = report;
        }

        @Override
        public void finished(ProbeReport report) {
            assertThat(verdict).as("the verdict comes first").isNotNull();
            assertThat(finished).as("one end only").isNull();
            finished = report;
        }

        ProbeReport report() {
            assertThat(finished).as("the probe is over").isNotNull();
            assertThat(finished.reason()).isEqualTo(verdict.reason());
            return finished;
        }
    }

    private ProbeTestSupport() {}

    static ProbeSettings.Builder settings() {
        return settings("probe.example.net");
    }

    static ProbeSettings.Builder settings(String heloName) {
        return ProbeSettings.builder(heloName)
                .addressFilter(address -> true)
                .timeouts(ProbeTimeouts.of(Await.LIMIT, Await.LIMIT.multipliedBy(6)))
                .catchAllKey(SecretKeys.of(new byte[32]))
                .random(new Random(1))
                .clock(() -> NOW);
    }

    /** Settings that wait briefly at one stage and long at all others, so that a busy machine changes no answer. */
    static ProbeSettings.Builder hastyAt(ProbeStage stage) {
        Duration brief = Duration.ofMillis(300);
        return settings()
                .timeouts(new ProbeTimeouts(
                        Await.LIMIT,
                        stage == ProbeStage.GREETING ? brief : Await.LIMIT,
                        stage == ProbeStage.EHLO ? brief : Await.LIMIT,
                        stage == ProbeStage.TLS ? brief : Await.LIMIT,
                        stage == ProbeStage.MAIL ? brief : Await.LIMIT,
                        stage == ProbeStage.RCPT ? brief : Await.LIMIT,
                        brief,
                        Await.LIMIT.multipliedBy(6)));
    }

    static ProbeRequest request(String address, TriState catchAll, ScriptedSmtpServer... servers) {
        List<InetSocketAddress> hosts = new ArrayList<>();
        for (ScriptedSmtpServer server : servers) {
            hosts.add(server.address());
        }
        return new ProbeRequest(MailAddress.of(address), null, catchAll, hosts, new OpenGate());
    }

    /** Asks about an address whose domain is known to be no catch-all. */
    static ProbeReport ask(ProbeSettings.Builder settings, String address, ScriptedSmtpServer... servers) {
        return ask(settings, request(address, TriState.NO, servers));
    }

    static ProbeReport ask(ProbeSettings.Builder settings, ProbeRequest request) {
        return ask(NO_DNS, settings, request);
    }

    static ProbeReport ask(DnsClient dns, ProbeSettings.Builder settings, ProbeRequest request) {
        Heard heard = new Heard();
        SmtpProber.of(dns, settings.build()).probe(request, heard);
        if (request.gate() instanceof OpenGate gate) {
            assertThat(gate.inside).as("every host that was entered was left").isZero();
        }
        return heard.report();
    }
}

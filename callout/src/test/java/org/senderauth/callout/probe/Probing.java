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
import org.senderauth.callout.probe.ProbeRequest.Known;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.Patience;
import org.senderauth.testkit.ScriptedSmtpServer;

/** Probes of scripted peers on loopback: what the tests of this package share. */
final class Probing {

    static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");
    static final DnsClient NO_DNS = ZoneDnsClient.builder().build();

    /** A gate that lets everybody in, and counts who is inside. */
    static final class OpenGate implements HostGate {

        final List<InetAddress> entered = new ArrayList<>();
        int inside;

        @Override
        public Leave enter(InetAddress address) {
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

    private Probing() {}

    static ProbeSettings.Builder settings() {
        return settings("probe.example.net");
    }

    static ProbeSettings.Builder settings(String heloName) {
        return ProbeSettings.builder(heloName)
                .addressFilter(address -> true)
                .timeouts(ProbeTimeouts.of(Patience.LIMIT, Patience.LIMIT.multipliedBy(6)))
                .catchAllKey(SecretKeys.of(new byte[32]))
                .random(new Random(1))
                .clock(() -> NOW);
    }

    /** Settings that wait briefly at one stage and long at all others, so that a busy machine changes no answer. */
    static ProbeSettings.Builder hastyAt(ProbeStage stage) {
        Duration brief = Duration.ofMillis(300);
        return settings()
                .timeouts(new ProbeTimeouts(
                        Patience.LIMIT,
                        stage == ProbeStage.GREETING ? brief : Patience.LIMIT,
                        stage == ProbeStage.EHLO ? brief : Patience.LIMIT,
                        stage == ProbeStage.TLS ? brief : Patience.LIMIT,
                        stage == ProbeStage.MAIL ? brief : Patience.LIMIT,
                        stage == ProbeStage.RCPT ? brief : Patience.LIMIT,
                        brief,
                        Patience.LIMIT.multipliedBy(6)));
    }

    static ProbeRequest request(String address, Known catchAll, Known control, ScriptedSmtpServer... servers) {
        List<InetSocketAddress> hosts = new ArrayList<>();
        for (ScriptedSmtpServer server : servers) {
            hosts.add(server.address());
        }
        return new ProbeRequest(MailAddress.of(address), null, catchAll, control, hosts, new OpenGate());
    }

    /** Asks about an address whose domain is known to be no catch-all and whose control is open. */
    static ProbeReport ask(ProbeSettings.Builder settings, String address, ScriptedSmtpServer... servers) {
        return ask(settings, request(address, Known.NO, Known.UNKNOWN, servers));
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

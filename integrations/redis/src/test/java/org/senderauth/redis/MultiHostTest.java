package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.callout.CalloutCounters;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutResult;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.core.MonotonicClock;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.peers.RedisPeer;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpRules;

/** Four hosts with one Redis ask one mail server; RedisFleet in benchmarks/ does the same with four JVMs. */
@Timeout(300)
class MultiHostTest {

    private static final int HOSTS = 4;
    private static final Rate ENOUGH = new Rate(Duration.ofNanos(1_000), 100_000);

    /** Longer than a caller waits by these limits. */
    private static final int PATIENCE_SECONDS = 90;

    private final Map<String, Integer> recipients = new ConcurrentHashMap<>();
    private final CalloutCounters counters = new CalloutCounters();

    @TempDir
    Path folder;

    @Test
    void allHostsProbeEachAddressOnceTogether() throws Exception {
        int senders = 40;
        List<CalloutResult> results = attack(limits(ENOUGH), senders, 25 * senders);
        assertThat(recipients)
                .hasSize(senders)
                .allSatisfy((address, times) -> assertThat(times).isEqualTo(1));
        assertThat(results).extracting(CalloutResult::reason).containsOnly(CalloutReason.NO_SUCH_MAILBOX);
    }

    @Test
    void allHostsShareOneRateLimit() throws Exception {
        List<CalloutResult> results = attack(limits(new Rate(Duration.ofHours(1), 20)), 250, 1_000);
        // Half of the burst: the mail passes no SPF.
        assertThat(recipients)
                .hasSize(10)
                .allSatisfy((address, times) -> assertThat(times).isEqualTo(1));
        assertThat(results)
                .extracting(CalloutResult::reason)
                .containsOnly(CalloutReason.NO_SUCH_MAILBOX, CalloutReason.RATE_LIMITED)
                .filteredOn(CalloutReason.NO_SUCH_MAILBOX::equals)
                .hasSize(10);
    }

    private static CalloutLimits limits(Rate domainRate) {
        return CalloutLimits.DEFAULT.toBuilder()
                .responseTimeout(Await.LIMIT)
                .domainRate(domainRate)
                .hostRate(ENOUGH)
                .overall(ENOUGH)
                .probesPerDomain(4)
                .probesPerHost(100)
                .maxConcurrentProbes(1_000)
                .forgeryThreshold(1_000_000)
                .clientFailureLimit(1_000_000)
                .build();
    }

    /**
     * Sends forged mail to all hosts at once, and then one more of each sender, one after the other: in the crowd a
     * sender may find the few connections of the domain taken each time. Gives the results of the second part.
     */
    private List<CalloutResult> attack(CalloutLimits limits, int senders, int messages) throws Exception {
        ScriptedSmtpServer.Script knowsNobody = peer -> SmtpRules.mailServer("PIPELINING")
                .act("RCPT", asked -> {
                    String command = asked.heard().get(asked.heard().size() - 1);
                    recipients.merge(command, 1, Integer::sum);
                    asked.say("550 5.1.1 no such user");
                })
                .play(peer);
        List<SharedRedis> links = new ArrayList<>();
        List<CalloutVerifier> hosts = new ArrayList<>();
        try (ScriptedSmtpServer victim = ScriptedSmtpServer.start(knowsNobody);
                RedisPeer server = RedisPeer.start(folder)) {
            RedisSettings settings = RedisFixture.settings(server).withHosts(HOSTS);
            RedisFixture.longThere(server, settings);
            for (int i = 0; i < HOSTS; i++) {
                SharedRedis link = RedisFixture.connect(settings, RedisFixture.NO_TROUBLE);
                links.add(link);
                hosts.add(verifier(victim.port(), limits, link));
            }
            List<CompletableFuture<CalloutResult>> asked = new ArrayList<>();
            for (int i = 0; i < messages; i++) {
                asked.add(hosts.get(i % HOSTS).verifyAsync(forged(i / HOSTS % senders)));
                if (i % 50 == 0) {
                    asked.get(i).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                }
            }
            for (CompletableFuture<CalloutResult> answer : asked) {
                answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            // A probe has its place until its connection is closed, which is after its answer.
            Await.until("the end of every probe", () -> counters.inFlight() == 0);
            List<CalloutResult> results = new ArrayList<>();
            for (int sender = 0; sender < senders; sender++) {
                results.add(
                        hosts.get(sender % HOSTS).verifyAsync(forged(sender)).get(PATIENCE_SECONDS, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            hosts.forEach(CalloutVerifier::close);
            links.forEach(SharedRedis::close);
        }
    }

    private static CalloutRequest forged(int sender) {
        return CalloutRequest.sender("user" + sender + "@victim.example.org")
                .client(InetAddress.getLoopbackAddress())
                .build();
    }

    private CalloutVerifier verifier(int port, CalloutLimits limits, SharedRedis link) {
        ZoneDnsClient dns = ZoneDnsClient.builder()
                .text("victim.example.org. 300 IN A 127.0.0.1\n")
                .build();
        ProbeSettings settings = ProbeSettings.builder("asker.example.net")
                .port(port)
                .addressFilter(InetAddress::isLoopbackAddress)
                .build();
        return CalloutVerifier.builder(SmtpProber.of(dns, settings))
                .limits(limits)
                .state(link.calloutState(limits, MonotonicClock.system()))
                .observer(counters)
                .build();
    }
}

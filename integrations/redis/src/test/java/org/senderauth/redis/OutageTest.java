package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.senderauth.redis.RedisFixture.admit;
import static org.senderauth.redis.RedisFixture.granted;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.Admission.Known;
import org.senderauth.callout.state.Admission.Limited;
import org.senderauth.callout.state.Admission.Running;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.core.MonotonicClock;
import org.senderauth.peers.RedisPeer;
import org.senderauth.redis.RedisObserver.Operation;
import org.senderauth.ses.MemoryReplayLedger;
import org.senderauth.ses.ReplayLedger;
import org.senderauth.ses.ReplayLedger.UseCount;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ManualClock;

/** What happens while a real Redis is killed, paused, full or empty, and afterwards. */
class OutageTest {

    private static final CalloutLimits LIMITS = CalloutLimits.DEFAULT;
    private static final Duration INTERVAL = LIMITS.domainRate().interval();
    private static final int BURST = LIMITS.domainRate().burst();

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final AtomicReference<Duration> deadline = new AtomicReference<>(Await.LIMIT);
    private final Queue<String> causes = new ConcurrentLinkedQueue<>();
    private final Queue<Operation> fellBack = new ConcurrentLinkedQueue<>();
    private RedisPeer server;
    private RedisSettings settings;
    private SharedRedis redis;

    @BeforeEach
    void start() {
        server = RedisPeer.start(folder);
        settings = RedisFixture.settings(server).withHosts(2);
        redis = connect(settings, new RedisObserver() {
            @Override
            public void lost(String cause) {
                causes.add(cause);
            }

            @Override
            public void fellBack(Operation work) {
                fellBack.add(work);
            }
        });
    }

    private SharedRedis connect(RedisSettings to, RedisObserver observer) {
        return SharedRedis.connect(to, observer, deadline::get);
    }

    /** From now on Redis does not respond, and no host waits for it. */
    private void pause() {
        server.pause();
        deadline.set(RedisFixture.NO_WAIT);
    }

    /** From now on Redis responds, and no host is impatient. */
    private void resume() {
        deadline.set(Await.LIMIT);
        server.resume();
    }

    @AfterEach
    void end() {
        redis.close();
        server.close();
    }

    @Test
    void usesEmptyLocalShareAfterRedisIsKilled() {
        RedisCalloutState state = state();
        server.kill();
        assertThat(admit(state, "a@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        // One host of two: half the rate.
        clock.advance(INTERVAL.multipliedBy(2).minusMillis(1));
        assertThat(admit(state, "a@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        clock.advance(Duration.ofMillis(1));
        ProbePermit grant = granted(state, "a@d1.test");
        assertThat(admit(state, "a@d1.test")).isEqualTo(new Running());
        state.release(grant);
        assertThat(causes).hasSize(1);
    }

    @Test
    void localShareOfHostRateStartsEmpty() {
        RedisCalloutState state = state();
        InetAddress host = InetAddress.getLoopbackAddress();
        AdmissionRequest question = RedisFixture.question("a@d1.test", true);
        assertThat(state.admitHost(new MailServer(host, "mx.test"), RedisFixture.permit(question)))
                .isInstanceOf(HostAdmission.Admitted.class);
        server.kill();
        assertThat(state.admitHost(new MailServer(host, "mx.test"), RedisFixture.permit(question)))
                .isInstanceOf(HostAdmission.RateLimited.class);
        clock.advance(LIMITS.hostRate().interval().multipliedBy(2));
        assertThat(state.admitHost(new MailServer(host, "mx.test"), RedisFixture.permit(question)))
                .isInstanceOf(HostAdmission.Admitted.class);
    }

    @Test
    void reportsFallbacksWithoutRedis() throws Exception {
        RedisCalloutState state = state();
        AdmissionRequest question = RedisFixture.question("a@d1.test", true);
        state.release(granted(state, "a@d1.test"));
        state.admitHost(new MailServer(InetAddress.getLoopbackAddress(), "mx.test"), RedisFixture.permit(question));
        assertThat(fellBack).isEmpty();
        server.kill();
        admit(state, "a@d1.test");
        state.admitHost(new MailServer(InetAddress.getLoopbackAddress(), "mx.test"), RedisFixture.permit(question));
        tally(redis.replayLedger(InstantSource.system()).read("b:1").toCompletableFuture());
        assertThatThrownBy(() -> redis.serialNumbers().next(1)).isInstanceOf(IOException.class);
        assertThat(fellBack)
                .containsExactly(
                        Operation.ADMISSION, Operation.MAIL_SERVER, Operation.SES_COUNT, Operation.SES_NUMBERS);
    }

    @Test
    void idleHostNoticesOutageByItself() {
        server.kill();
        awaitByLooking("the loss to be told", () -> !causes.isEmpty());
        assertThat(redis.isAvailable()).isFalse();
        server.restart();
        awaitByLooking("Redis to be found again", redis::isAvailable);
        assertThat(causes).hasSize(1);
    }

    private void awaitByLooking(String what, BooleanSupplier happened) {
        Await.until(what, () -> {
            redis.look();
            return happened.getAsBoolean();
        });
    }

    @Test
    void usesLocalCacheWithoutRedis() {
        RedisCalloutState state = state();
        AddressEntry good = RedisFixture.good(clock);
        ProbePermit grant = granted(state, "a@d1.test");
        state.apply(new StateUpdate(
                grant, Map.of("a@d1.test", good), null, Map.of(), Map.of(), StateUpdate.Tally.GOOD, false, null));
        state.release(grant);
        assertThat(state.ownFigures().addresses()).isEqualTo(1);
        server.kill();
        assertThat(admit(state, "a@d1.test")).isEqualTo(new Known(good, false, false, null));
        assertThat(admit(state, "a@d1.test")).isEqualTo(new Known(good, false, false, null));
    }

    @Test
    void emptyRedisStartsWithEmptyRateLimits() {
        RedisCalloutState state = state();
        server.kill();
        admit(state, "a@d1.test");
        server.restart();
        RedisFixture.awaitAvailable(redis, state);
        assertThat(admit(state, "a@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        clock.advance(INTERVAL);
        state.release(granted(state, "a@d1.test"));
        assertThat(admit(state, "b@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
    }

    @Test
    void returnsPermitThatArrivesLate() {
        RedisCalloutState state = state();
        pause();
        assertThat(admit(state, "a@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        assertThat(causes).singleElement().asString().contains("no reply within 1 ms");
        resume();
        RedisFixture.awaitAvailable(redis, state);
        // The paused question was answered in the meantime, and its lease ended by who had asked.
        assertThat(admitOnceSettled(state, "a@d1.test")).isInstanceOf(Granted.class);
    }

    @Test
    void countsProbesOfVanishedHost() {
        RedisFixture.longThere(server, settings);
        // It waits for a millisecond, and as its clock never moves, Redis' clock passes the end of that for sure.
        RedisSettings hasty = settings.withDeadline(RedisFixture.NO_WAIT);
        RedisCalloutState gone = new RedisCalloutState(
                redis.link(), redis.names(), hasty, LIMITS, new RedisClock(clock.monotonic(), false));
        gone.release(granted(gone, "first@d1.test"));
        server.command("BLPOP", "nothing", "0.1");
        pause();
        assertThat(admit(gone, "a@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        // Redis has the command already, and will run it.
        redis.close();
        resume();
        redis = connect(settings, RedisObserver.NONE);
        RedisCalloutState other = redis.calloutState(LIMITS, MonotonicClock.system());
        RedisFixture.awaitAvailable(redis, other);
        assertThat(admit(other, "a@d1.test")).isInstanceOf(Granted.class);
    }

    @Test
    void rateLimitIsEmptyAfterLocalProbes() {
        RedisCalloutState state = state();
        pause();
        admit(state, "a@d1.test");
        clock.advance(INTERVAL.multipliedBy(2));
        state.release(granted(state, "b@d1.test"));
        resume();
        RedisFixture.awaitAvailable(redis, state);
        assertThat(admitOnceSettled(state, "c@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        state.release(granted(state, "c@untouched.test"));
        clock.advance(INTERVAL);
        state.release(granted(state, "c@d1.test"));
        assertThat(admit(state, "e@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
    }

    @Test
    void fullRedisIsUnavailableUntilItAcceptsWrites() {
        RedisCalloutState state = state();
        server.command("CONFIG", "SET", "maxmemory", "1");
        assertThat(admit(state, "a@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        assertThat(causes).singleElement().asString().contains("OOM");
        clock.advance(INTERVAL.multipliedBy(2));
        state.release(granted(state, "a@d1.test"));
        assertThat(redis.isAvailable()).isFalse();
        server.command("CONFIG", "SET", "maxmemory", "0");
        RedisFixture.awaitAvailable(redis, state);
        state.release(granted(state, "a@d2.test"));
    }

    @Test
    void lostUpdateEndsWithItsLease() {
        RedisCalloutState state = state();
        ProbePermit grant = granted(state, "a@d1.test");
        pause();
        state.apply(new StateUpdate(
                grant,
                Map.of("a@d1.test", RedisFixture.good(clock)),
                null,
                Map.of(),
                Map.of(),
                StateUpdate.Tally.GOOD,
                true,
                null));
        state.release(grant);
        assertThat(admit(state, "a@d1.test")).isInstanceOf(Known.class);
        resume();
        RedisFixture.awaitAvailable(redis, state);
    }

    @Test
    void tooManyCommandsUnderWayAreNotSent() throws Exception {
        RedisCalloutState state = state();
        server.pause();
        List<CompletableFuture<List<Object>>> sent = new ArrayList<>();
        for (int i = 0; i < RedisGateway.MAX_UNDER_WAY; i++) {
            sent.add(redis.link().run(Script.READ, "key", "0"));
        }
        assertThat(causes).isEmpty();
        assertThat(admit(state, "a@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
        assertThat(causes).singleElement().asString().contains("commands wait");
        resume();
        for (CompletableFuture<List<Object>> reply : sent) {
            assertThat(reply.get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS)).containsExactly(0L);
        }
        RedisFixture.awaitAvailable(redis, state);
        granted(state, "a@afterwards.test");
    }

    @Test
    void reconnectsLeakNoCommandSlots() {
        RedisCalloutState state = state();
        for (int round = 0; round < 3; round++) {
            server.pause();
            for (int i = 0; i < 100; i++) {
                state.admit(RedisFixture.question("a" + i + "@d1.test", true));
            }
            server.kill();
            admit(state, "a@d1.test");
            server.restart();
            RedisFixture.awaitAvailable(redis, state);
        }
        // A last check may be under way.
        Await.until("the end of all commands", () -> redis.link().underWay() == 0);
    }

    @Test
    void hostsStayWithinRateLimitInEveryOutage() {
        int hosts = 4;
        RedisSettings shared = RedisFixture.settings(server).withHosts(hosts);
        List<SharedRedis> links = new ArrayList<>();
        List<RedisCalloutState> states = new ArrayList<>();
        try {
            // Not what the links use: those note the time by Redis' own clock.
            KeyNames names = new KeyNames("together", false);
            for (int i = 0; i < hosts; i++) {
                SharedRedis link = connect(shared, RedisObserver.NONE);
                links.add(link);
                states.add(new RedisCalloutState(
                        link.link(), names, shared, LIMITS, new RedisClock(clock.monotonic(), true)));
            }
            links.get(0).link().run(Script.START, names.start(""), "1").join();
            List<Instant> grants = new ArrayList<>();
            for (int step = 0; step < 600; step++) {
                switch (step) {
                    case 100 -> server.kill();
                    case 250 -> server.restart();
                    case 350 -> pause();
                    case 450 -> resume();
                    default -> {}
                }
                for (int i = 0; i < hosts; i++) {
                    if (step == 250 || step == 450) {
                        RedisFixture.awaitAvailable(links.get(i), states.get(i));
                    }
                    if (admit(states.get(i), step + "-" + i + "@victim.test") instanceof Granted granted) {
                        grants.add(clock.instant());
                        states.get(i).release(granted.grant());
                    }
                }
                clock.advance(Duration.ofSeconds(2));
            }
            assertThat(grants).hasSizeGreaterThan(80);
            for (int first = 0; first < grants.size(); first++) {
                for (int last = first; last < grants.size(); last++) {
                    long fill = Duration.between(grants.get(first), grants.get(last))
                            .dividedBy(INTERVAL);
                    assertThat(last - first + 1)
                            .as("grants %d to %d", first, last)
                            .isLessThanOrEqualTo((int) (BURST + fill));
                }
            }
        } finally {
            links.forEach(SharedRedis::close);
        }
    }

    @Test
    void hostsBeyondBurstProbeNothingWithoutRedis() {
        RedisSettings many = RedisFixture.settings(server).withHosts(BURST);
        RedisCalloutState state = RedisFixture.state(redis, many, LIMITS, clock.monotonic());
        state.release(granted(state, "a@d1.test"));
        server.kill();
        admit(state, "a@d1.test");
        clock.advance(Duration.ofDays(1));
        assertThat(admit(state, "a@d1.test")).isEqualTo(new Limited(CalloutLimiter.OVERALL));
        assertThat(state.admitHost(
                        new MailServer(InetAddress.getLoopbackAddress(), "mx.test"),
                        RedisFixture.permit(RedisFixture.question("a@d1.test", true))))
                .isInstanceOf(HostAdmission.RateLimited.class);
    }

    @Test
    void signaturesAreToBeTriedLaterOrCountedHere() throws Exception {
        RedisReplayLedger ledger = redis.replayLedger(InstantSource.system());
        ReplayLedger either = ledger.withFallback(MemoryReplayLedger.create());
        RedisSerialNumbers ids = redis.serialNumbers();
        RedisCalloutState state = state();
        Instant end = RedisFixture.FAR_FUTURE;
        ids.next(1);
        assertThat(tally(ledger.increment("b:1", end).toCompletableFuture())).isEqualTo(new UseCount.Counted(1));
        pause();
        assertThat(tally(ledger.increment("b:1", end).toCompletableFuture())).isInstanceOf(UseCount.Unavailable.class);
        assertThat(tally(ledger.read("b:1").toCompletableFuture())).isInstanceOf(UseCount.Unavailable.class);
        assertThat(tally(either.increment("b:1", end).toCompletableFuture())).isEqualTo(new UseCount.Counted(1));
        assertThat(tally(either.read("b:1").toCompletableFuture())).isEqualTo(new UseCount.Counted(1));
        // The block that it has is given out; the next one is to be had from Redis only.
        ids.next(1);
        assertThatThrownBy(() -> ids.next(2)).isInstanceOf(IOException.class).hasMessageContaining("not available");
        assertThat(ids.withFallback(timecode -> 7).next(2)).isEqualTo(7);
        resume();
        RedisFixture.awaitAvailable(redis, state);
        assertThat(tally(either.read("b:1").toCompletableFuture()))
                .isInstanceOfSatisfying(
                        UseCount.Counted.class,
                        counted -> assertThat(counted.uses()).isPositive());
    }

    @Test
    void findsRedisThatStartsLater() {
        server.kill();
        try (SharedRedis late = connect(settings, RedisObserver.NONE)) {
            RedisCalloutState state = new RedisCalloutState(
                    late.link(), late.names(), settings, LIMITS, new RedisClock(clock.monotonic(), true));
            assertThat(admit(state, "a@d1.test")).isEqualTo(new Limited(CalloutLimiter.DOMAIN));
            server.restart();
            RedisFixture.awaitAvailable(late, state);
        }
    }

    private RedisCalloutState state() {
        return RedisFixture.state(redis, settings, LIMITS, clock.monotonic());
    }

    /** Asks until nothing is left of a question that was answered too late. */
    private static Admission admitOnceSettled(RedisCalloutState state, String address) {
        AtomicReference<Admission> admission = new AtomicReference<>();
        Await.until("the late answer to be dealt with", () -> {
            admission.set(admit(state, address));
            return !(admission.get() instanceof Running)
                    && !admission.get().equals(new Limited(CalloutLimiter.DOMAIN_PROBES));
        });
        return admission.get();
    }

    private static UseCount tally(CompletableFuture<UseCount> answer) throws Exception {
        return answer.get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}

package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.Admission.Known;
import org.senderauth.callout.state.Admission.Running;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.HostEntry;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.peers.RedisPeer;
import org.senderauth.ses.ReplayLedger;
import org.senderauth.testkit.ManualClock;

/** What is to be seen in a real Redis: commands, names, values, and that everything ends. */
class RedisKeyspaceTest {

    private static final String LONG_TEXT = "x".repeat(TargetReply.MAX_TEXT);

    @TempDir
    Path folder;

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private RedisPeer server;
    private RedisSettings settings;
    private SharedRedis redis;

    @BeforeEach
    void start() {
        server = RedisPeer.start(folder);
        settings = RedisFixture.settings(server);
        redis = RedisFixture.connect(settings, RedisFixture.NO_TROUBLE);
    }

    @AfterEach
    void end() {
        redis.close();
        server.close();
    }

    @Test
    void admissionIsOneCommand() {
        RedisCalloutState state = state();
        admit(state, question("a@d1.test", "base@d1.test"));
        server.command("CONFIG", "RESETSTAT");
        admit(state, question("a@d1.test", "base@d1.test"));
        admit(state, question("b@d1.test", null));
        String calls = server.command("INFO", "commandstats");
        assertThat(calls).contains("cmdstat_evalsha:calls=2,").doesNotContain("cmdstat_eval:");
    }

    @Test
    void reloadsScriptsAfterRestartOfRedis() {
        RedisCalloutState state = state();
        server.command("SCRIPT", "FLUSH");
        assertThat(admit(state, question("a@d1.test", null))).isInstanceOf(Granted.class);
    }

    @Test
    void namesShowNothingAndEveryKeyEnds() throws Exception {
        RedisCalloutState state = state();
        learnAllThereIs(state);
        state.forgetDomain("d2.test");
        String[] keys = server.command("KEYS", "*").split("\n");
        assertThat(keys).hasSizeGreaterThan(10).allSatisfy(key -> {
            assertThat(key).matches("[\\w.-]+:(\\{[0-9a-f]{4}}:)?[a-z]+(:[\\w-]{22})?");
            assertThat(key).doesNotContain("d1.test", "alice", "198.51");
            assertThat(Long.parseLong(server.command("PTTL", key))).as(key).isPositive();
            long size = Long.parseLong(server.command("MEMORY", "USAGE", key));
            assertThat(size).as(key).isLessThan(2 * ValueCodec.MAX_LENGTH);
        });
    }

    @Test
    void storedValuesAreReadUnchanged() throws Exception {
        RedisCalloutState state = state();
        AddressEntry record = learnAllThereIs(state);
        assertThat(admit(state, question("alice@d1.test", null))).isEqualTo(new Known(record, false, false, null));
        ProbePermit grant = ((Granted) admit(state, question("bob@d1.test", null))).grant();
        assertThat(grant.facts()).isEqualTo(facts(null));
        HostAdmission host = state.admitHost(
                new MailServer(InetAddress.getByName("192.0.2.1"), "mx.test"),
                RedisFixture.permit(question("bob@d1.test", null)));
        assertThat(host).isEqualTo(new HostAdmission.Admitted(host()));
    }

    @Test
    void probesAgainForDamagedOrForeignValues() throws Exception {
        RedisCalloutState state = state();
        learnAllThereIs(state);
        for (String damaged : List.of(
                "",
                "2 1 2 3 4 5 D ACCEPTED 0 - ",
                "1 x",
                "1 99999999999999 99999999999999 99999999999999",
                "\u0000\u0001",
                "y".repeat(10_000))) {
            for (String key : server.command("KEYS", "*").split("\n")) {
                if (!key.endsWith(":start") && server.command("TYPE", key).equals("string")) {
                    server.command("SET", key, damaged);
                }
            }
            Admission admission = admit(state, question("alice@d1.test", null));
            assertThat(admission).as(damaged).isInstanceOf(Granted.class);
            state.release(((Granted) admission).grant());
            assertThat(state.admitHost(
                            new MailServer(InetAddress.getByName("192.0.2.1"), "mx.test"),
                            RedisFixture.permit(question("bob@d1.test", null))))
                    .as(damaged)
                    .isEqualTo(new HostAdmission.Admitted(HostEntry.NONE));
            clock.advance(Duration.ofHours(2));
        }
    }

    @Test
    void valuesOfAnotherTypeCountAsAbsentAndCauseNoOutage() throws Exception {
        RedisCalloutState state = state();
        learnAllThereIs(state);
        redis.replayLedger(clock)
                .increment("b:1", clock.instant().plusSeconds(60))
                .join();
        redis.serialNumbers().next(1);
        for (String key : server.command("KEYS", "*").split("\n")) {
            String type = server.command("TYPE", key);
            server.command("DEL", key);
            if (type.equals("hash")) {
                server.command("SET", key, "text");
            } else {
                server.command("HSET", key, "text", "text");
            }
        }
        admit(state, question("alice@d1.test", null));
        // What is known since now begins with empty rate limits.
        clock.advance(Duration.ofHours(2));
        ProbePermit grant = ((Granted) admit(state, question("alice@d1.test", null))).grant();
        state.release(grant);
        learnAllThereIs(state);
        assertThat(redis.replayLedger(clock)
                        .increment("b:1", clock.instant().plusSeconds(60))
                        .join())
                .isEqualTo(new ReplayLedger.UseCount.Counted(1));
        server.command("SET", server.command("KEYS", "*:s:*"), "no number");
        assertThat(redis.replayLedger(clock).read("b:1").join()).isEqualTo(new ReplayLedger.UseCount.Counted(0));
        assertThat(redis.isAvailable()).isTrue();
    }

    @Test
    void timesOfTheFarFutureCountAsAbsent() throws Exception {
        RedisCalloutState state = state();
        learnAllThereIs(state);
        // So that no answer is known any more.
        clock.advance(Duration.ofHours(2));
        String never = "9007199254740992";
        String breakers = (" " + never + " 0 0 1 " + never).repeat(3);
        for (String key : server.command("KEYS", "*").split("\n")) {
            String value = switch (key.substring(key.indexOf(':') + 1)
                    .replaceFirst("^\\{[0-9a-f]{4}}:", "")
                    .split(":")[0]) {
                case "overall", "reset" -> "1 " + never;
                case "l" -> "1 token " + never;
                case "b" -> "1 " + never + breakers.substring(0, breakers.length() / 3 * 2);
                case "m" -> "1 " + never + breakers;
                case "h" -> "1 UNREACHABLE " + never + " 0 0 0";
                default -> "";
            };
            if (!value.isEmpty()) {
                server.command("SET", key, value);
            }
        }
        assertThat(admit(state, question("carol@d1.test", null))).isInstanceOf(Granted.class);
        assertThat(state.admitHost(
                        new MailServer(InetAddress.getByName("192.0.2.1"), "mx.test"),
                        RedisFixture.permit(question("carol@d1.test", null))))
                .isInstanceOf(HostAdmission.Admitted.class);
    }

    @Test
    void neitherProbesNorReturnsUnknownAnswer() throws Exception {
        RedisCalloutState state = state();
        learnAllThereIs(state);
        for (String key : server.command("KEYS", "*:a:*").split("\n")) {
            server.command("SET", key, server.command("GET", key).replace("MAILBOX_FULL", "UNHEARD_OF"));
        }
        Admission admission = admit(state, question("alice@d1.test", null));
        assertThat(admission).isEqualTo(new Admission.Limited(CalloutLimiter.OVERALL));
        assertThat(redis.isAvailable()).isTrue();
    }

    @Test
    void hostsWithDifferentClocksAgree() {
        CalloutLimits limits = CalloutLimits.DEFAULT;
        ManualClock ahead = ManualClock.at(clock.instant().plus(Duration.ofDays(3)));
        RedisFixture.longThere(server, settings);
        RedisCalloutState one = redis.calloutState(limits, clock.monotonic());
        RedisCalloutState other = redis.calloutState(limits, ahead.monotonic());
        AdmissionRequest question = question("alice@d1.test", null);
        ProbePermit grant = ((Granted) admit(one, question)).grant();
        assertThat(admit(other, question)).isInstanceOf(Running.class);
        AddressEntry record = record(clock.instant(), Duration.ofHours(1));
        one.apply(new StateUpdate(
                grant, Map.of("alice@d1.test", record), null, Map.of(), Map.of(), StateUpdate.Tally.GOOD, false, null));
        one.release(grant);
        Admission seen = admit(other, question);
        assertThat(seen).isInstanceOf(Known.class);
        AddressEntry answer = ((Known) seen).answer();
        assertThat(answer.reply()).isEqualTo(record.reply());
        assertThat(answer.freshUntil())
                .isBetween(
                        ahead.instant().plus(Duration.ofMinutes(50)),
                        ahead.instant().plus(Duration.ofMinutes(61)));
    }

    private AddressEntry learnAllThereIs(RedisCalloutState state) throws Exception {
        AddressEntry record = record(clock.instant(), Duration.ofHours(1));
        for (String address : List.of("alice@d1.test", "carol@d1.test", "dave@d1.test", "eve@d1.test")) {
            // The first proofs make a pattern, and the last begins to prove another one.
            String pattern = address.startsWith("eve") ? "other@d1.test" : "pattern@d1.test";
            AdmissionRequest question = new AdmissionRequest(
                    address, "base@d1.test", pattern, "d1.test", "d1.test", "198.51.100.1", true, 1, true);
            state.admitHost(
                    new MailServer(InetAddress.getByName("192.0.2.1"), "mx.test"), RedisFixture.permit(question));
            ProbePermit grant = ((Granted) admit(state, question)).grant();
            state.apply(new StateUpdate(
                    grant,
                    Map.of(address, record),
                    facts(null),
                    Map.of(InetAddress.getByName("192.0.2.1"), host()),
                    Map.of(),
                    StateUpdate.Tally.BAD,
                    true,
                    record));
            state.release(grant);
        }
        ProbePermit running = ((Granted) admit(state, question("running@d9.test", null))).grant();
        state.apply(new StateUpdate(
                running, Map.of(), facts(record), Map.of(), Map.of(), StateUpdate.Tally.NONE, false, null));
        return record;
    }

    private DomainEntry facts(@Nullable AddressEntry standing) {
        return new DomainEntry(
                standing, ProbeReport.TriState.NO, clock.instant().plus(Duration.ofDays(7)));
    }

    private HostEntry host() {
        return new HostEntry(
                CalloutReason.HOST_BUSY, clock.instant(), 3, clock.instant().plus(Duration.ofDays(7)), Instant.EPOCH);
    }

    private static AddressEntry record(Instant now, Duration fresh) {
        return new AddressEntry(
                CalloutReason.MAILBOX_FULL,
                new TargetReply(452, "4.2.2", LONG_TEXT),
                now,
                now.plus(fresh),
                now,
                now.plus(Duration.ofDays(1)),
                2);
    }

    private RedisCalloutState state() {
        return RedisFixture.state(redis, settings, CalloutLimits.DEFAULT, clock.monotonic());
    }

    private static Admission admit(RedisCalloutState state, AdmissionRequest question) {
        return state.admit(question).toCompletableFuture().join();
    }

    private static AdmissionRequest question(String address, @Nullable String base) {
        String domain = address.substring(address.indexOf('@') + 1);
        return new AdmissionRequest(address, base, null, domain, domain, "198.51.100.1", true, 1, true);
    }
}

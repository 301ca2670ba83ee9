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
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.probe.ProbeRequest;
import org.senderauth.callout.probe.TargetReply;
import org.senderauth.callout.state.AddressRecord;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.Admission.Known;
import org.senderauth.callout.state.Admission.Running;
import org.senderauth.callout.state.DomainFacts;
import org.senderauth.callout.state.Grant;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.HostRecord;
import org.senderauth.callout.state.Lesson;
import org.senderauth.callout.state.Question;
import org.senderauth.testkit.RedisPeer;
import org.senderauth.testkit.SteppingClock;

/** What is to be seen in a real Redis: commands, names, values, and that everything ends. */
class StoredKeysTest {

    private static final String LONG_TEXT = "x".repeat(TargetReply.MAX_TEXT);

    @TempDir
    Path folder;

    private final SteppingClock clock = SteppingClock.at(Instant.parse("2026-03-01T12:00:00Z"));
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
    void anAdmissionIsOneCommand() {
        RedisCalloutState state = state();
        admit(state, question("a@d1.test", "base@d1.test"));
        server.command("CONFIG", "RESETSTAT");
        admit(state, question("a@d1.test", "base@d1.test"));
        admit(state, question("b@d1.test", null));
        String calls = server.command("INFO", "commandstats");
        assertThat(calls).contains("cmdstat_evalsha:calls=2,").doesNotContain("cmdstat_eval:");
    }

    @Test
    void aRestartedRedisIsGivenTheScriptsAnew() {
        RedisCalloutState state = state();
        server.command("SCRIPT", "FLUSH");
        assertThat(admit(state, question("a@d1.test", null))).isInstanceOf(Granted.class);
    }

    @Test
    void namesShowNothingAndEveryKeyEnds() throws Exception {
        RedisCalloutState state = state();
        learnAllThereIs(state);
        String[] keys = server.command("KEYS", "*").split("\n");
        assertThat(keys).hasSizeGreaterThan(10).allSatisfy(key -> {
            assertThat(key).matches("[\\w.-]+:(\\{[0-9a-f]{4}}:)?[a-z]+(:[\\w-]{22})?");
            assertThat(key).doesNotContain("d1.test", "alice", "198.51");
            assertThat(Long.parseLong(server.command("PTTL", key))).as(key).isPositive();
            long size = Long.parseLong(server.command("MEMORY", "USAGE", key));
            assertThat(size).as(key).isLessThan(2 * StoredValues.MAX_LENGTH);
        });
    }

    @Test
    void whatIsStoredComesBackWhole() throws Exception {
        RedisCalloutState state = state();
        AddressRecord record = learnAllThereIs(state);
        assertThat(admit(state, question("alice@d1.test", null))).isEqualTo(new Known(record, false, false, null));
        Grant grant = ((Granted) admit(state, question("bob@d1.test", null))).grant();
        assertThat(grant.facts()).isEqualTo(facts(null));
        HostAdmission host = state.enterHost(InetAddress.getByName("192.0.2.1"), question("bob@d1.test", null));
        assertThat(host).isEqualTo(new HostAdmission.Open(host()));
    }

    @Test
    void damagedValuesAndThoseOfAnotherReleaseAreAskedForAnew() throws Exception {
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
            assertThat(state.enterHost(InetAddress.getByName("192.0.2.1"), question("bob@d1.test", null)))
                    .as(damaged)
                    .isEqualTo(new HostAdmission.Open(HostRecord.NONE));
            clock.advance(Duration.ofHours(2));
        }
    }

    @Test
    void anAnswerThatOnlyAnotherReleaseKnowsIsNotAskedForAndNotGiven() throws Exception {
        RedisCalloutState state = state();
        learnAllThereIs(state);
        for (String key : server.command("KEYS", "*:a:*").split("\n")) {
            server.command("SET", key, server.command("GET", key).replace("MAILBOX_FULL", "UNHEARD_OF"));
        }
        Admission admission = admit(state, question("alice@d1.test", null));
        assertThat(admission).isEqualTo(new Admission.Limited(Admission.Limiter.OVERALL));
        assertThat(redis.isAvailable()).isTrue();
    }

    @Test
    void twoHostsWhoseClocksDifferAgree() {
        CalloutLimits limits = CalloutLimits.DEFAULT;
        SteppingClock ahead = SteppingClock.at(clock.instant().plus(Duration.ofDays(3)));
        RedisFixture.longThere(server, settings);
        RedisCalloutState one = redis.calloutState(limits, clock);
        RedisCalloutState other = redis.calloutState(limits, ahead);
        Question question = question("alice@d1.test", null);
        Grant grant = ((Granted) admit(one, question)).grant();
        assertThat(admit(other, question)).isInstanceOf(Running.class);
        AddressRecord record = record(clock.instant(), Duration.ofHours(1));
        one.learn(new Lesson(grant, Map.of("alice@d1.test", record), null, Map.of(), Lesson.Tally.GOOD, false, null));
        one.release(grant);
        Admission seen = admit(other, question);
        assertThat(seen).isInstanceOf(Known.class);
        AddressRecord answer = ((Known) seen).answer();
        assertThat(answer.reply()).isEqualTo(record.reply());
        assertThat(answer.freshUntil())
                .isBetween(
                        ahead.instant().plus(Duration.ofMinutes(50)),
                        ahead.instant().plus(Duration.ofMinutes(61)));
    }

    private AddressRecord learnAllThereIs(RedisCalloutState state) throws Exception {
        AddressRecord record = record(clock.instant(), Duration.ofHours(1));
        for (String address : List.of("alice@d1.test", "carol@d1.test", "dave@d1.test", "eve@d1.test")) {
            // The first proofs make a pattern, and the last begins to prove another one.
            String pattern = address.startsWith("eve") ? "other@d1.test" : "pattern@d1.test";
            Question question =
                    new Question(address, "base@d1.test", pattern, "d1.test", "d1.test", "198.51.100.1", true, 1, true);
            state.enterHost(InetAddress.getByName("192.0.2.1"), question);
            Grant grant = ((Granted) admit(state, question)).grant();
            state.learn(new Lesson(
                    grant,
                    Map.of(address, record),
                    facts(null),
                    Map.of(InetAddress.getByName("192.0.2.1"), host()),
                    Lesson.Tally.BAD,
                    true,
                    record));
            state.release(grant);
        }
        Grant running = ((Granted) admit(state, question("running@d9.test", null))).grant();
        state.learn(new Lesson(running, Map.of(), facts(record), Map.of(), Lesson.Tally.NONE, false, null));
        return record;
    }

    private DomainFacts facts(@Nullable AddressRecord standing) {
        return new DomainFacts(
                standing,
                ProbeRequest.Known.NO,
                clock.instant().plus(Duration.ofDays(7)),
                ProbeRequest.Known.YES,
                clock.instant().plus(Duration.ofDays(1)));
    }

    private HostRecord host() {
        return new HostRecord(
                CalloutReason.HOST_BUSY, clock.instant(), 3, clock.instant().plus(Duration.ofDays(7)), Instant.EPOCH);
    }

    private static AddressRecord record(Instant now, Duration fresh) {
        return new AddressRecord(
                CalloutReason.MAILBOX_FULL,
                new TargetReply(452, "4.2.2", LONG_TEXT),
                now,
                now.plus(fresh),
                now,
                now.plus(Duration.ofDays(1)),
                2);
    }

    private RedisCalloutState state() {
        return RedisFixture.state(redis, settings, CalloutLimits.DEFAULT, clock);
    }

    private static Admission admit(RedisCalloutState state, Question question) {
        return state.admit(question).toCompletableFuture().join();
    }

    private static Question question(String address, @Nullable String base) {
        String domain = address.substring(address.indexOf('@') + 1);
        return new Question(address, base, null, domain, domain, "198.51.100.1", true, 1, true);
    }
}

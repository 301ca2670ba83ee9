package org.senderauth.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.Admission.Granted;
import org.senderauth.callout.state.Admission.Known;
import org.senderauth.callout.state.Admission.Limited;
import org.senderauth.callout.state.Admission.Running;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.testkit.ManualClock;

/** The arguments of scripts and the parsing of their replies, without a Redis. */
class ScriptArgumentsTest {

    private static final CalloutLimits LIMITS = CalloutLimits.DEFAULT;
    private static final AdmissionRequest QUESTION =
            new AdmissionRequest("a+tag@d.test", "a@d.test", null, "d.test", "d.test", "198.51.100.1", true, 3, true);

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final RedisClock time = new RedisClock(clock.monotonic(), false);
    private final ValueCodec values = new ValueCodec(time);

    private AdmitScript admit(boolean cluster) {
        return new AdmitScript(
                new CalloutKeys(new KeyNames("p", cluster)),
                LIMITS,
                Duration.ofMillis(250),
                time,
                values,
                cluster ? new CrossSlotLimits(LIMITS, 1, clock.monotonic()) : null);
    }

    @Test
    void admissionUsesOneBucketOfACluster() {
        String tag = "p:{" + KeyNames.bucket("d.test") + "}:";
        List<String> single = admit(false).keys(QUESTION);
        assertThat(single).hasSize(12).doesNotHaveDuplicates();
        assertThat(single.get(0)).isEqualTo("p:start");
        assertThat(single.get(1)).isEqualTo(tag + "reset");
        assertThat(single.get(10)).isEqualTo("p:overall");
        assertThat(single.get(11)).startsWith("p:{" + KeyNames.bucket("198.51.100.1") + "}:c:");
        List<String> clustered = admit(true).keys(QUESTION);
        assertThat(clustered).hasSize(10).allMatch(key -> key.startsWith(tag));
        assertThat(clustered.get(0)).isEqualTo(tag + "start");
        List<String> kinds = new ArrayList<>();
        for (String key : clustered.subList(2, 10)) {
            assertThat(key).matches("\\Q" + tag + "\\E[a-z]:[0-9A-Za-z_-]{22}").doesNotContain("d.test");
            kinds.add(key.substring(tag.length(), tag.length() + 1));
        }
        assertThat(kinds).containsExactly("d", "b", "l", "r", "k", "f", "a", "a");
    }

    @Test
    void admissionPassesLimitsAndDeadline() {
        assertThat(admit(false).arguments(QUESTION, "token", false))
                .containsExactly(
                        "0",
                        "token",
                        "1",
                        "1",
                        "3",
                        "1",
                        "10000000",
                        "20",
                        "2",
                        "7200000",
                        "0",
                        "90000",
                        "20000",
                        "500",
                        "10",
                        "0",
                        "0",
                        "0",
                        "0",
                        "86400000");
        assertThat(time.replied(micros(clock.instant().plusSeconds(60)))).isTrue();
        List<String> later = admit(true).arguments(QUESTION, "token", true);
        // Empty budgets are full after 20 times 10 s; Redis' clock is a minute ahead.
        assertThat(later.get(10)).isEqualTo("200000");
        assertThat(later.get(17))
                .isEqualTo(micros(clock.instant().plusSeconds(60).plusMillis(250)));
    }

    @Test
    void hostKeepsCrossSlotLimitsOfCluster() {
        CrossSlotLimits across = new CrossSlotLimits(LIMITS, 1, clock.monotonic());
        AdmitScript script = new AdmitScript(
                new CalloutKeys(new KeyNames("p", true)), LIMITS, Duration.ofMillis(250), time, values, across);
        for (int i = 0; i < LIMITS.overall().burst(); i++) {
            assertThat(script.arguments(QUESTION, "t", false).get(18)).isEqualTo("0");
            assertThat(script.read(reply("GRANTED", "", "", "", 0), QUESTION, "t"))
                    .isInstanceOf(Granted.class);
        }
        assertThat(script.arguments(QUESTION, "t", false).get(18)).isEqualTo("1");
        across.exhausted(QUESTION.client(), clock.instant().plusSeconds(10));
        assertThat(script.arguments(QUESTION, "t", false).get(16)).isEqualTo("1");
        clock.advance(Duration.ofSeconds(10));
        assertThat(script.arguments(QUESTION, "t", false).get(18)).isEqualTo("0");
        assertThat(script.arguments(QUESTION, "t", false).get(16)).isEqualTo("0");
    }

    @Test
    void everyKindOfReplyIsAnAdmission() {
        AddressEntry good = record(CalloutReason.ACCEPTED);
        String answer = values.write(good);
        assertThat(read(reply("RUNNING", "", "", "", 0))).isEqualTo(new Running());
        assertThat(read(reply("LIMITED", "CLIENT", "", "", 0))).isEqualTo(new Limited(CalloutLimiter.CLIENT));
        assertThat(read(reply("LATE", "", "", "", 0))).isEqualTo(new Limited(CalloutLimiter.OVERALL));
        assertThat(read(reply("KNOWN", "", answer, "", 0))).isEqualTo(new Known(good, false, true, null));
        assertThat(read(reply("REFRESH", "", answer, answer, 1))).isInstanceOfSatisfying(Known.class, known -> {
            assertThat(known.answer()).isEqualTo(good);
            assertThat(known.refresh()).isNotNull();
            assertThat(known.refresh().token()).isEqualTo("token");
        });
        assertThat(read(reply("GRANTED", "", "", answer, 1))).isInstanceOfSatisfying(Granted.class, granted -> {
            assertThat(granted.grant().question()).isEqualTo(QUESTION);
            assertThat(granted.grant().family()).isEqualTo(new ProbePermit.PatternAnswer("a@d.test", good));
            assertThat(granted.grant().facts()).isEqualTo(DomainEntry.NONE);
        });
        assertThat(read(reply("GRANTED", "", "", "", 0)))
                .isInstanceOfSatisfying(
                        Granted.class,
                        granted -> assertThat(granted.grant().family()).isNull());
    }

    @Test
    void neitherProbesNorReturnsUnknownAnswer() {
        String unheard = values.write(record(CalloutReason.ACCEPTED)).replace("ACCEPTED", "UNHEARD_OF");
        assertThat(read(reply("KNOWN", "", unheard, "", 0))).isEqualTo(new Limited(CalloutLimiter.OVERALL));
        assertThat(read(reply("REFRESH", "", unheard, "", 0))).isEqualTo(new Limited(CalloutLimiter.OVERALL));
    }

    static List<List<Object>> noReplies() {
        List<List<Object>> none = new ArrayList<>(List.of(
                List.of(),
                List.of("GRANTED"),
                reply("UNHEARD", "", "", "", 0),
                reply("LIMITED", "NEVER", "", "", 0),
                reply("GRANTED", "", "", "", 2),
                reply("GRANTED", "", "", "", -1),
                reply("REFRESH", "", "", "", 2)));
        List<Object> good = reply("GRANTED", "", "", "", 0);
        for (int field : List.of(0, 1, 2, 3, 6, 7, 8, 9, 10)) {
            List<Object> damaged = new ArrayList<>(good);
            damaged.set(field, 1.5);
            none.add(damaged);
        }
        List<Object> longer = new ArrayList<>(good);
        longer.add("");
        none.add(longer);
        return none;
    }

    @ParameterizedTest
    @MethodSource("noReplies")
    void rejectsMalformedReplies(List<Object> reply) {
        assertThat(read(reply)).isNull();
    }

    @Test
    void onlyPermitsLeaveALease() {
        for (String kind : List.of("GRANTED", "REFRESH")) {
            assertThat(AdmitScript.isGrant(reply(kind, "", "", "", 0))).isTrue();
        }
        assertThat(AdmitScript.isGrant(reply("KNOWN", "", "", "", 0))).isFalse();
        assertThat(AdmitScript.isGrant(List.of())).isFalse();
    }

    @Test
    void hostNetworkHasItsBucket() throws Exception {
        CalloutKeys keys = new CalloutKeys(new KeyNames("p", true));
        AdmitHostScript script = new AdmitHostScript(keys, LIMITS, time, values);
        InetAddress host = InetAddress.getByName("192.0.2.1");
        String tag = "p:{" + CalloutKeys.bucket(host) + "}:";
        List<String> all = script.keys(host);
        assertThat(all).hasSize(4).doesNotHaveDuplicates().allMatch(key -> key.startsWith(tag));
        assertThat(all.get(2)).startsWith(tag + "h:");
        assertThat(all.get(3)).startsWith(tag + "m:");
        assertThat(keys.client(QUESTION)).startsWith("p:{" + KeyNames.bucket(QUESTION.client()) + "}:c:");
        Rate rate = LIMITS.hostRate();
        assertThat(script.arguments(RedisFixture.permit(QUESTION), false))
                .containsExactly(
                        "0",
                        "1",
                        Long.toString(rate.interval().toNanos() / 1000),
                        Integer.toString(rate.burst()),
                        "25200000",
                        "0",
                        "RESERVED");
        assertThat(script.arguments(RedisFixture.permit(QUESTION), true).get(5)).isEqualTo("200000");
        List<String> ofMxDomain = script.keys("mx.test");
        String mxTag = "p:{" + CalloutKeys.mxBucket("mx.test") + "}:";
        assertThat(ofMxDomain).hasSize(4).doesNotHaveDuplicates().allMatch(key -> key.startsWith(mxTag));
    }

    @Test
    void hostEntryDeterminesAdmission() {
        AdmitHostScript script = new AdmitHostScript(new CalloutKeys(new KeyNames("p", true)), LIMITS, time, values);
        assertThat(script.read(List.of("OPEN", "1", ""))).isInstanceOf(HostAdmission.Admitted.class);
        assertThat(script.read(List.of("ATTACKED", "1", ""))).isEqualTo(new HostAdmission.UnderAttack());
        assertThat(script.read(List.of("EXHAUSTED", "1", ""))).isInstanceOf(HostAdmission.RateLimited.class);
        assertThat(script.read(List.of("BLOCKED", "1", "1 UNREACHABLE 1 1 0 0")))
                .isEqualTo(new HostAdmission.BackingOff(CalloutReason.UNREACHABLE));
        assertThat(script.read(List.of("BLOCKED", "1", "1 UNHEARD_OF 1 1 0 0")))
                .isInstanceOf(HostAdmission.RateLimited.class);
        assertThat(script.read(List.of("UNHEARD", "1", ""))).isNull();
        assertThat(script.read(List.of("OPEN", "1"))).isNull();
        assertThat(script.read(List.of("OPEN", "x", ""))).isNull();
        assertThat(script.read(List.of(1L, "1", ""))).isNull();
        assertThat(script.read(List.of("OPEN", "1", 1L))).isNull();
    }

    @Test
    void updateHasEmptyValuesForUnknownParts() {
        CalloutKeys keys = new CalloutKeys(new KeyNames("p", true));
        ApplyScript script = new ApplyScript(keys, LIMITS, time, values);
        AddressEntry answer = record(CalloutReason.ACCEPTED);
        String[] stored = {values.write(answer), Long.toString(time.toRedis(answer.keepUntil()))};
        DomainEntry facts =
                new DomainEntry(null, ProbeReport.TriState.NO, clock.instant().plusSeconds(9));

        assertThat(script.arguments(update(null, Map.of(), null, null)))
                .containsExactly("0", "token", "BAD", "1", "15", "7200000", "", "", "", "", "", "3", "604800000");
        // A proof counts for a pattern only.
        assertThat(script.arguments(update(null, Map.of(), null, answer)).subList(8, 11))
                .containsExactly("", "", "");
        StateUpdate whole = update("pattern@d.test", Map.of("a@d.test", answer), facts, answer);
        assertThat(script.arguments(whole).subList(6, 15))
                .containsExactly(
                        values.write(facts),
                        Long.toString(time.toRedis(facts.keepUntil())),
                        KeyNames.member("a+tag@d.test"),
                        stored[0],
                        stored[1],
                        "3",
                        "604800000",
                        stored[0],
                        stored[1]);
        AdmissionRequest question = whole.grant().question();
        assertThat(script.keys(whole))
                .containsExactly(
                        keys.budget(question),
                        keys.lease(question),
                        keys.facts(question),
                        keys.proofs(question, "pattern@d.test"),
                        keys.answer(question, "pattern@d.test"),
                        keys.known(question),
                        keys.answer(question, "a@d.test"));
        assertThat(script.ofClient(question)).containsExactly("0", KeyNames.member("a+tag@d.test"), "10", "3600000");
    }

    private static StateUpdate update(
            @Nullable String pattern,
            Map<String, AddressEntry> addresses,
            @Nullable DomainEntry facts,
            @Nullable AddressEntry proof) {
        AdmissionRequest question = new AdmissionRequest(
                "a+tag@d.test", "a@d.test", pattern, "d.test", "d.test", "198.51.100.1", true, 3, true);
        ProbePermit grant = new ProbePermit(question, "token", null, null, DomainEntry.NONE, false);
        return new StateUpdate(grant, addresses, facts, Map.of(), Map.of(), StateUpdate.Tally.BAD, false, proof);
    }

    @Test
    void valueOfAnotherReleaseIsAbsentPieceByPiece() {
        Instant later = Instant.parse("2030-01-01T00:00:00Z");
        DomainEntry facts = new DomainEntry(record(CalloutReason.ACCEPTED), ProbeReport.TriState.NO, later);
        String text = values.write(facts);
        assertThat(values.readFacts(text)).isEqualTo(facts);
        assertThat(values.readFacts(text.replace(" NO ", " MAYBE "))).isEqualTo(DomainEntry.NONE);
        assertThat(values.readFacts(text.replace("ACCEPTED", "UNHEARD_OF")))
                .isEqualTo(new DomainEntry(null, ProbeReport.TriState.NO, later));
        assertThat(values.readFacts("1" + text.substring(1))).isEqualTo(DomainEntry.NONE);
    }

    @Test
    void valueLongerThanAnyIsAbsent() {
        String start = "1 1 2 3 4 5 D ACCEPTED 250 - ";
        int room = ValueCodec.MAX_LENGTH - start.length();
        assertThat(values.readRecord(start + "x".repeat(room))).isNotNull();
        assertThat(values.readRecord(start + "x".repeat(room + 1))).isNull();
        String facts = "2 NO 1 ";
        room = ValueCodec.MAX_LENGTH - facts.length();
        assertThat(values.readFacts(facts + "x".repeat(room)).catchAll()).isEqualTo(ProbeReport.TriState.NO);
        assertThat(values.readFacts(facts + "x".repeat(room + 1))).isEqualTo(DomainEntry.NONE);
    }

    @Test
    void timeHasEighteenDigitsAtMost() {
        assertThat(time.replied("999999999999999999")).isTrue();
        assertThat(time.toHost(999_999_999_999_999L)).isEqualTo(clock.instant());
    }

    @Test
    void rateLimitsAreKeptTwoHoursOrUntilFull() {
        assertThat(ScriptText.idle(new Rate(Duration.ofSeconds(1), 2))).isEqualTo("7200000");
        assertThat(ScriptText.idle(new Rate(Duration.ofHours(1), 3))).isEqualTo("10800000");
        assertThat(ScriptText.micros(new Rate(Duration.ofNanos(1), 2))).isEqualTo("1");
        assertThat(ScriptText.micros(new Rate(Duration.ofMillis(1), 2))).isEqualTo("1000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1234567890123456789", "-"})
    void malformedTimeLeavesClockUnchanged(String text) {
        assertThat(time.replied(text)).isFalse();
        assertThat(time.after(Duration.ZERO)).isEqualTo("0");
        assertThat(time.toRedis(clock.instant())).isEqualTo(clock.instant().toEpochMilli());
    }

    @Test
    void timesOfRedisAreThoseOfTheHostByTheirDifference() {
        assertThat(time.argument()).isEqualTo("0");
        assertThat(time.replied(micros(clock.instant().minusSeconds(5)))).isTrue();
        Instant moment = clock.instant().plusSeconds(100);
        assertThat(time.toRedis(moment)).isEqualTo(moment.minusSeconds(5).toEpochMilli());
        assertThat(time.toHost(time.toRedis(moment))).isEqualTo(moment);
        assertThat(time.toRedis(Instant.EPOCH)).isZero();
        assertThat(time.toHost(0)).isEqualTo(Instant.EPOCH);
        assertThat(time.toRedis(Instant.EPOCH.plusMillis(1))).isZero();
        RedisClock hosts = new RedisClock(clock.monotonic(), true);
        assertThat(hosts.argument()).isEqualTo(micros(clock.instant()));
        assertThat(hosts.replied("1")).isTrue();
        assertThat(hosts.after(Duration.ZERO)).isEqualTo("0");
    }

    private @Nullable Admission read(List<Object> reply) {
        return admit(false).read(reply, QUESTION, "token");
    }

    /** A reply as the script makes it, one second after 1970 by Redis' clock; what is known is stale. */
    private static List<Object> reply(String kind, String limiter, String answer, String familyAnswer, long family) {
        return List.of(kind, "1000000", limiter, answer, 0L, 1L, "", family, familyAnswer, "", 1L);
    }

    /** One that holds by the clocks of both. */
    private AddressEntry record(CalloutReason reason) {
        Instant later = Instant.parse("2030-01-01T00:00:00Z");
        time.replied("1000000");
        return new AddressEntry(reason, null, clock.instant(), later, later, later, 0);
    }

    private static String micros(Instant moment) {
        return Long.toString(moment.toEpochMilli() * 1_000);
    }
}

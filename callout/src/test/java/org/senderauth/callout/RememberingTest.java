package org.senderauth.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.callout.probe.HostFinding;
import org.senderauth.callout.probe.ProbeReport;
import org.senderauth.callout.probe.ProbeRequest.Known;
import org.senderauth.callout.probe.ProbeStage;
import org.senderauth.callout.probe.TargetReply;
import org.senderauth.callout.state.AddressRecord;
import org.senderauth.callout.state.DomainFacts;
import org.senderauth.callout.state.Grant;
import org.senderauth.callout.state.HostRecord;
import org.senderauth.callout.state.Lesson;
import org.senderauth.callout.state.Lesson.Tally;
import org.senderauth.callout.state.Question;

class RememberingTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final InetAddress HOST = InetAddress.getLoopbackAddress();

    /** No variation: the middle of the range. */
    private final Remembering remembering = new Remembering(CalloutLimits.DEFAULT, new Middle());

    private static final class Middle implements java.util.random.RandomGenerator {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long from, long to) {
            return (from + to - 1) / 2;
        }
    }

    @ParameterizedTest
    @CsvSource({
        // reason, stage, fresh, stale
        "ACCEPTED,             RCPT,   PT24H, P7D",
        "BACKUP_MX,            RCPT,   PT15M, PT0S",
        "MAILBOX_FULL,         RCPT,   PT1H,  PT0S",
        "NO_SUCH_MAILBOX,      RCPT,   PT3H,  PT0S",
        "NO_SUCH_MAILBOX,      CONTROL,PT3H,  PT0S",
        "MOVED,                RCPT,   PT3H,  PT0S",
        "DISABLED,             RCPT,   PT3H,  PT0S",
        "SMTPUTF8_UNSUPPORTED, EHLO,   P1D,   PT0S",
        "TEMPFAIL,             RCPT,   PT5M,  PT0S",
        "GREYLISTED,           RCPT,   PT5M,  PT0S",
        "MAILBOX_BUSY,         RCPT,   PT5M,  PT0S",
        "CANNOT_VERIFY,        RCPT,   PT1H,  PT0S",
        "TIMEOUT,              RCPT,   PT5M,  PT0S",
        "CONNECTION_LOST,      RCPT,   PT5M,  PT0S",
        "PROTOCOL_ERROR,       RCPT,   PT5M,  PT0S",
        "POLICY_REFUSED,       RCPT,   PT1H,  PT0S",
        "TOO_MANY_RECIPIENTS,  RCPT,   PT1H,  PT0S",
    })
    void whatWasSaidOfAnAddressIsRememberedOfIt(
            CalloutReason reason, ProbeStage stage, Duration fresh, Duration stale) {
        Lesson lesson = lesson(grant(null), report(reason, stage));
        AddressRecord record = lesson.addresses().get("address");
        assertThat(record.reason()).isEqualTo(reason);
        assertThat(record.since()).isEqualTo(NOW);
        assertThat(record.freshUntil()).isEqualTo(NOW.plus(fresh));
        assertThat(record.staleUntil()).isEqualTo(NOW.plus(stale));
        assertThat(record.repeats()).isZero();
        assertThat(lesson.addresses()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "NO_SUCH_DOMAIN, DNS,        , PT1H",
        "NO_SUCH_DOMAIN, DNS, PT20M, PT20M",
        "NO_SUCH_DOMAIN, DNS, PT1S,  PT1M",
        "NO_SUCH_DOMAIN, DNS, P3D,   PT1H",
        "NULL_MX,        DNS, PT30M, PT30M",
        "NO_MAIL_HOST,   DNS,      , PT1H",
        "MX_NOT_PUBLIC,  DNS,      , PT1H",
        "SELF_MX,        DNS,      , PT1H",
        "DNS_TEMPFAIL,   DNS,      , PT2M",
        "ACCEPTS_ANYTHING, RANDOM, , PT24H",
        // Its hosts' own times are longer; a domain may get other hosts.
        "UNREACHABLE,    CONNECT,  , PT10M",
        "HOST_BUSY,      GREETING, , PT5M",
        "POLICY_REFUSED, GREETING, , PT10M",
        "POLICY_REFUSED, EHLO,     , PT10M",
        "TLS_REQUIRED,   TLS,      , PT10M",
        "NULL_SENDER_REFUSED, MAIL,, PT10M",
        "LOOP,           GREETING, , PT10M",
    })
    void whatWasSaidOfADomainStandsForAllItsAddresses(
            CalloutReason reason, ProbeStage stage, @Nullable Duration ttl, Duration time) {
        Lesson lesson = lesson(grant(null), report(reason, stage, null, ttl, Known.UNKNOWN, Known.UNKNOWN, 1));
        assertThat(lesson.addresses()).isEmpty();
        assertThat(lesson.domain()).isNotNull();
        AddressRecord standing = lesson.domain().standing();
        assertThat(standing).isNotNull();
        assertThat(standing.reason()).isEqualTo(reason);
        assertThat(standing.freshUntil()).isEqualTo(NOW.plus(time));
        assertThat(standing.isServable(NOW.plusMillis(1))).isFalse();
    }

    @Test
    void aLimitIsNeverRemembered() {
        Lesson lesson = lesson(
                grant(null),
                report(CalloutReason.RATE_LIMITED, ProbeStage.DNS, null, null, Known.UNKNOWN, Known.UNKNOWN, 0));
        assertThat(lesson.addresses()).isEmpty();
        assertThat(lesson.domain()).isNull();
        assertThat(lesson.tally()).isEqualTo(Tally.NONE);
        assertThat(lesson.badSender()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "NO_SUCH_MAILBOX, NO_SUCH_MAILBOX, 0, 1, PT6H",
        "NO_SUCH_MAILBOX, DISABLED,        1, 2, PT12H",
        "NO_SUCH_MAILBOX, NO_SUCH_MAILBOX, 2, 3, PT24H",
        "NO_SUCH_MAILBOX, NO_SUCH_MAILBOX, 9, 10, PT24H",
        "TEMPFAIL,        GREYLISTED,      3, 4, PT1H",
        "TEMPFAIL,        NO_SUCH_MAILBOX, 5, 0, PT5M",
        "MOVED,           MOVED,           5, 6, PT3H",
    })
    void theSameAnswerAgainIsRememberedTwiceAsLong(
            CalloutReason reason, CalloutReason before, int repeats, int repeatsNow, Duration time) {
        AddressRecord prior = record(before, Duration.ofHours(-1), Duration.ofHours(-1), Duration.ofDays(1), repeats);
        AddressRecord record = lesson(grant(prior), report(reason, ProbeStage.RCPT))
                .addresses()
                .get("address");
        assertThat(record.repeats()).isEqualTo(repeatsNow);
        assertThat(record.freshUntil()).isEqualTo(NOW.plus(time));
    }

    @Test
    void whatIsForgottenIsNoRepeat() {
        AddressRecord prior =
                record(CalloutReason.TEMPFAIL, Duration.ofHours(-3), Duration.ofHours(-3), Duration.ZERO, 3);
        AddressRecord record = lesson(grant(prior), report(CalloutReason.TEMPFAIL, ProbeStage.RCPT))
                .addresses()
                .get("address");
        assertThat(record.repeats()).isZero();
    }

    @Test
    void anUnservedRecordIsKeptAWhileToSeeARepeat() {
        AddressRecord record = lesson(grant(null), report(CalloutReason.TEMPFAIL, ProbeStage.RCPT))
                .addresses()
                .get("address");
        assertThat(record.keepUntil()).isEqualTo(NOW.plus(Duration.ofMinutes(65)));
        AddressRecord good = lesson(grant(null), report(CalloutReason.ACCEPTED, ProbeStage.RCPT))
                .addresses()
                .get("address");
        assertThat(good.keepUntil()).isEqualTo(good.staleUntil());
    }

    @ParameterizedTest
    @CsvSource({"TEMPFAIL, RCPT", "UNREACHABLE, CONNECT", "POLICY_REFUSED, RCPT", "DNS_TEMPFAIL, DNS"})
    void anUndecidedAnswerNeverUndoesAGoodOne(CalloutReason reason, ProbeStage stage) {
        AddressRecord good = good();
        AddressRecord kept =
                lesson(grant(good), report(reason, stage)).addresses().get("address");
        assertThat(kept.reason()).isEqualTo(CalloutReason.ACCEPTED);
        assertThat(kept.since()).isEqualTo(good.since());
        assertThat(kept.freshUntil()).isEqualTo(NOW.plus(Duration.ofMinutes(15)));
        assertThat(kept.staleUntil()).isEqualTo(good.staleUntil());
    }

    @Test
    void oneRefusalMakesAGoodAnswerSuspectAndASecondUndoesIt() {
        AddressRecord suspect = lesson(grant(good()), report(CalloutReason.NO_SUCH_MAILBOX, ProbeStage.RCPT))
                .addresses()
                .get("address");
        assertThat(suspect.reason()).isEqualTo(CalloutReason.ACCEPTED);
        assertThat(suspect.freshUntil()).isEqualTo(NOW.plus(Duration.ofMinutes(15)));
        assertThat(suspect.isServable(suspect.freshUntil())).isFalse();

        Instant later = NOW.plus(Duration.ofMinutes(15));
        AddressRecord undone = remembering
                .lesson(grant(suspect), report(CalloutReason.NO_SUCH_MAILBOX, ProbeStage.RCPT), Map.of(), later)
                .addresses()
                .get("address");
        assertThat(undone.reason()).isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
        assertThat(undone.repeats()).isZero();
    }

    @Test
    void aGoodAnswerIsNotKeptLongerThanItMayBeServed() {
        AddressRecord nearlyOver =
                record(CalloutReason.ACCEPTED, Duration.ofHours(-1), Duration.ofMinutes(3), Duration.ofMinutes(3), 0);
        AddressRecord kept = lesson(grant(nearlyOver), report(CalloutReason.TEMPFAIL, ProbeStage.RCPT))
                .addresses()
                .get("address");
        assertThat(kept.freshUntil()).isEqualTo(NOW.plus(Duration.ofMinutes(3)));
    }

    @Test
    void aGoodAnswerForATaggedAddressIsRememberedForItsBase() {
        Lesson lesson = lesson(
                grant(null, "base", null, null, DomainFacts.NONE), report(CalloutReason.ACCEPTED, ProbeStage.RCPT));
        assertThat(lesson.addresses()).containsOnlyKeys("base");
    }

    @Test
    void aForgedTagSpoilsNothingForTheBase() {
        Grant.Family family = new Grant.Family("base", good());
        Lesson lesson = lesson(
                grant(null, "base", null, family, DomainFacts.NONE),
                report(CalloutReason.NO_SUCH_MAILBOX, ProbeStage.RCPT));
        assertThat(lesson.addresses()).containsOnlyKeys("base", "address");
        assertThat(lesson.addresses().get("address").reason()).isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
        AddressRecord base = lesson.addresses().get("base");
        assertThat(base.reason()).isEqualTo(CalloutReason.ACCEPTED);
        assertThat(base.staleUntil()).isEqualTo(good().staleUntil());
        assertThat(base.freshUntil()).isEqualTo(NOW.plus(Duration.ofMinutes(15)));
    }

    @Test
    void onlyAnAcceptedAddressProvesItsPattern() {
        Grant grant = grant(null, null, "pattern", null, DomainFacts.NONE);
        Lesson accepted = lesson(grant, report(CalloutReason.ACCEPTED, ProbeStage.RCPT));
        assertThat(accepted.patternProof()).isNotNull();
        assertThat(accepted.patternProof().freshUntil()).isEqualTo(NOW.plus(Duration.ofDays(7)));
        assertThat(lesson(grant, report(CalloutReason.BACKUP_MX, ProbeStage.RCPT))
                        .patternProof())
                .isNull();
        assertThat(lesson(grant(null), report(CalloutReason.ACCEPTED, ProbeStage.RCPT))
                        .patternProof())
                .isNull();
    }

    @Test
    void aServerThatBreaksSmtpTeachesNothing() {
        ProbeReport report = new ProbeReport(
                CalloutReason.NO_SUCH_MAILBOX,
                ProbeStage.RCPT,
                null,
                null,
                HOST,
                null,
                Known.NO,
                Known.YES,
                List.of(new HostFinding(HOST, CalloutReason.HOST_BUSY, ProbeStage.GREETING, false, true, true)),
                new ProbeReport.Sent(1, 1, 0, 0),
                true,
                List.of());
        Lesson lesson = lesson(grant(null, null, "pattern", null, DomainFacts.NONE), report);
        assertThat(lesson.addresses()).isEmpty();
        assertThat(lesson.domain()).isNull();
        assertThat(lesson.hosts()).isEmpty();
        assertThat(lesson.patternProof()).isNull();
        assertThat(lesson.tally()).isEqualTo(Tally.BAD);
        assertThat(lesson.badSender()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, 1, GOOD, false",
        "MAILBOX_FULL, 1, GOOD, false",
        "ACCEPTS_ANYTHING, 1, GOOD, false",
        "NO_SUCH_MAILBOX, 1, BAD, true",
        "TEMPFAIL, 1, BAD, true",
        "UNREACHABLE, 1, BAD, true",
        "UNREACHABLE, 0, NONE, false",
        "NO_SUCH_DOMAIN, 0, NONE, true",
        "DNS_TEMPFAIL, 0, NONE, false",
    })
    void anAnswerCountsForItsDomainAndItsClient(CalloutReason reason, int connections, Tally tally, boolean bad) {
        Lesson lesson = lesson(
                grant(null), report(reason, ProbeStage.RCPT, null, null, Known.UNKNOWN, Known.UNKNOWN, connections));
        assertThat(lesson.tally()).isEqualTo(tally);
        assertThat(lesson.badSender()).isEqualTo(bad);
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, NO, UNKNOWN, ,       NO, P7D",
        "ACCEPTED, UNDECIDED, UNKNOWN, , UNDECIDED, PT1H",
        "ACCEPTS_ANYTHING, YES, UNKNOWN, , YES, P1D",
        "NO_SUCH_MAILBOX, UNKNOWN, UNKNOWN, 5.1.1, NO, P1D",
        "NO_SUCH_MAILBOX, UNKNOWN, UNKNOWN, 5.1.10, NO, P1D",
    })
    void aDomainThatKnowsItsUsersTakesNotEverything(
            CalloutReason reason,
            Known reported,
            Known before,
            @Nullable String enhanced,
            Known catchAll,
            Duration time) {
        DomainFacts facts = new DomainFacts(null, before, Instant.EPOCH, Known.UNKNOWN, Instant.EPOCH);
        Lesson lesson = lesson(
                grant(null, null, null, null, facts),
                report(reason, ProbeStage.RCPT, enhanced, null, reported, Known.UNKNOWN, 1));
        assertThat(lesson.domain()).isNotNull();
        assertThat(lesson.domain().catchAll()).isEqualTo(catchAll);
        assertThat(lesson.domain().catchAllUntil()).isEqualTo(NOW.plus(time));
    }

    @ParameterizedTest
    @CsvSource({"NO_SUCH_MAILBOX, 5.1.3, UNKNOWN", "NO_SUCH_MAILBOX, 5.1.1, NO", "DISABLED, 5.1.1, UNKNOWN"})
    void otherRefusalsSayNothingOfTheRest(CalloutReason reason, String enhanced, Known before) {
        DomainFacts facts = new DomainFacts(null, before, NOW.plusSeconds(60), Known.UNKNOWN, Instant.EPOCH);
        Lesson lesson = lesson(
                grant(null, null, null, null, facts),
                report(reason, ProbeStage.RCPT, enhanced, null, Known.UNKNOWN, Known.UNKNOWN, 1));
        assertThat(lesson.domain()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"YES, P7D", "NO, PT6H", "UNDECIDED, PT1H"})
    void whetherPostmasterWasTakenIsRemembered(Known control, Duration time) {
        Lesson lesson = lesson(
                grant(null),
                report(CalloutReason.NO_SUCH_MAILBOX, ProbeStage.CONTROL, null, null, Known.UNKNOWN, control, 1));
        assertThat(lesson.domain()).isNotNull();
        assertThat(lesson.domain().control()).isEqualTo(control);
        assertThat(lesson.domain().controlUntil()).isEqualTo(NOW.plus(time));
    }

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE,         CONNECT,  0, PT10M",
        "UNREACHABLE,         CONNECT,  2, PT40M",
        "UNREACHABLE,         CONNECT,  9, PT2H",
        "HOST_BUSY,           GREETING, 0, PT5M",
        "POLICY_REFUSED,      GREETING, 0, PT6H",
        "TLS_REQUIRED,        TLS,      0, PT1H",
        "LOOP,                GREETING, 0, PT1H",
        "TEMPFAIL,            MAIL,     0, PT5M",
        "TOO_MANY_RECIPIENTS, RCPT,     0, PT5M",
        // One refusal at RCPT may be about the address; the third in a row is about us.
        "POLICY_REFUSED,      RCPT,     0, PT0S",
        "POLICY_REFUSED,      RCPT,     1, PT0S",
        "POLICY_REFUSED,      RCPT,     2, PT6H",
        "TIMEOUT,             RCPT,     1, PT0S",
        "TIMEOUT,             RCPT,     2, PT20M",
    })
    void aMailServerThatGivesTroubleIsLeftAlone(
            CalloutReason trouble, ProbeStage stage, int occurrencesBefore, Duration blocked) {
        HostRecord prior = occurrencesBefore == 0
                ? HostRecord.NONE
                : new HostRecord(trouble, NOW, occurrencesBefore - 1, Instant.EPOCH, Instant.EPOCH);
        HostRecord record = host(new HostFinding(HOST, trouble, stage, false, false, false), prior);
        assertThat(record.trouble()).isEqualTo(trouble);
        assertThat(record.repeats()).isEqualTo(occurrencesBefore);
        assertThat(record.blockedUntil()).isEqualTo(NOW.plus(blocked));
    }

    @Test
    void anotherTroubleIsNoRepeat() {
        HostRecord prior = new HostRecord(CalloutReason.HOST_BUSY, NOW, 5, Instant.EPOCH, Instant.EPOCH);
        assertThat(host(
                                new HostFinding(
                                        HOST, CalloutReason.UNREACHABLE, ProbeStage.CONNECT, false, false, false),
                                prior)
                        .repeats())
                .isZero();
    }

    @Test
    void whatAMailServerWantsIsRememberedAndItsTroubleForgottenWhenItAnswers() {
        HostRecord prior = new HostRecord(CalloutReason.HOST_BUSY, NOW, 2, NOW.plusSeconds(5), NOW.plusSeconds(6));
        HostRecord plain = host(new HostFinding(HOST, null, ProbeStage.RCPT, false, false, false), prior);
        assertThat(plain).isEqualTo(new HostRecord(null, Instant.EPOCH, 0, NOW.plusSeconds(5), NOW.plusSeconds(6)));
        HostRecord wanting = host(
                new HostFinding(HOST, CalloutReason.NULL_SENDER_REFUSED, ProbeStage.MAIL, false, true, true), prior);
        assertThat(wanting)
                .isEqualTo(new HostRecord(
                        null, Instant.EPOCH, 0, NOW.plus(Duration.ofDays(7)), NOW.plus(Duration.ofHours(24))));
    }

    @Test
    void aMailServerWithoutNewsIsNotWritten() {
        Lesson lesson = lesson(grant(null), report(CalloutReason.ACCEPTED, ProbeStage.RCPT));
        assertThat(lesson.hosts()).isEmpty();
    }

    @Test
    void timesVaryByATenth() {
        Remembering least = new Remembering(CalloutLimits.DEFAULT, new Edge(true));
        Remembering most = new Remembering(CalloutLimits.DEFAULT, new Edge(false));
        ProbeReport report = report(CalloutReason.NO_SUCH_MAILBOX, ProbeStage.RCPT);
        assertThat(least.lesson(grant(null), report, Map.of(), NOW)
                        .addresses()
                        .get("address")
                        .freshUntil())
                .isEqualTo(NOW.plus(Duration.ofMinutes(162)));
        assertThat(most.lesson(grant(null), report, Map.of(), NOW)
                        .addresses()
                        .get("address")
                        .freshUntil())
                .isEqualTo(NOW.plus(Duration.ofMinutes(198)));
    }

    private record Edge(boolean low) implements java.util.random.RandomGenerator {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public long nextLong(long from, long to) {
            return low ? from : to - 1;
        }
    }

    // ---- parts ----

    private Lesson lesson(Grant grant, ProbeReport report) {
        return remembering.lesson(grant, report, Map.of(), NOW);
    }

    private HostRecord host(HostFinding finding, HostRecord prior) {
        ProbeReport report = new ProbeReport(
                CalloutReason.UNREACHABLE,
                finding.stage(),
                null,
                null,
                null,
                null,
                Known.UNKNOWN,
                Known.UNKNOWN,
                List.of(finding),
                new ProbeReport.Sent(1, 0, 0, 0),
                false,
                List.of());
        return remembering
                .lesson(grant(null), report, Map.of(HOST, prior), NOW)
                .hosts()
                .get(HOST);
    }

    private static ProbeReport report(CalloutReason reason, ProbeStage stage) {
        return report(reason, stage, null, null, Known.UNKNOWN, Known.UNKNOWN, 1);
    }

    private static ProbeReport report(
            CalloutReason reason,
            ProbeStage stage,
            @Nullable String enhanced,
            @Nullable Duration ttl,
            Known catchAll,
            Known control,
            int connections) {
        return new ProbeReport(
                reason,
                stage,
                enhanced == null ? null : new TargetReply(550, enhanced, "text"),
                null,
                HOST,
                ttl,
                catchAll,
                control,
                List.of(new HostFinding(HOST, null, stage, false, false, false)),
                new ProbeReport.Sent(connections, connections, 0, 0),
                false,
                List.of());
    }

    private static Grant grant(@Nullable AddressRecord prior) {
        return grant(prior, null, null, null, DomainFacts.NONE);
    }

    private static Grant grant(
            @Nullable AddressRecord prior,
            @Nullable String base,
            @Nullable String pattern,
            Grant.@Nullable Family family,
            DomainFacts facts) {
        Question question = new Question("address", base, pattern, "domain", "domain", "client", false, 1, true);
        return new Grant(question, "1", prior, family, facts);
    }

    private static AddressRecord good() {
        return record(CalloutReason.ACCEPTED, Duration.ofHours(-1), Duration.ofDays(6), Duration.ofDays(6), 0);
    }

    private static AddressRecord record(
            CalloutReason reason, Duration fresh, Duration stale, Duration keep, int repeats) {
        return new AddressRecord(
                reason, null, NOW.minusSeconds(90_000), NOW.plus(fresh), NOW.plus(stale), NOW.plus(keep), repeats);
    }
}

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
import org.junit.jupiter.params.provider.EnumSource;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.HostReport;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.HostEntry;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.callout.state.StateUpdate.Tally;

class CachePolicyTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final InetAddress HOST = InetAddress.getLoopbackAddress();

    /** No variation: the middle of the range. */
    private final CachePolicy remembering = new CachePolicy(CalloutLimits.DEFAULT, new Middle());

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
    void cachesMailboxReasonForAddress(CalloutReason reason, ProbeStage stage, Duration fresh, Duration stale) {
        StateUpdate update = update(grant(null), report(reason, stage));
        AddressEntry record = update.addresses().get("address");
        assertThat(record.reason()).isEqualTo(reason);
        assertThat(record.since()).isEqualTo(NOW);
        assertThat(record.freshUntil()).isEqualTo(NOW.plus(fresh));
        assertThat(record.staleUntil()).isEqualTo(NOW.plus(stale));
        assertThat(record.repeats()).isZero();
        assertThat(update.addresses()).hasSize(1);
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
        "ACCEPTS_ALL, RANDOM, , PT27H",
        // Its hosts' own times are longer; a domain may get other hosts.
        "UNREACHABLE,    CONNECT,  , PT10M",
        "HOST_BUSY,      GREETING, , PT5M",
        "POLICY_REFUSED, GREETING, , PT10M",
        "POLICY_REFUSED, EHLO,     , PT10M",
        "TLS_REQUIRED,   TLS,      , PT10M",
        "NULL_SENDER_REFUSED, MAIL,, PT10M",
        "LOOP,           GREETING, , PT10M",
    })
    void appliesDomainEntryToAllItsAddresses(
            CalloutReason reason, ProbeStage stage, @Nullable Duration ttl, Duration time) {
        StateUpdate update =
                update(grant(null), report(reason, stage, null, ttl, TriState.UNKNOWN, TriState.UNKNOWN, 1));
        assertThat(update.addresses()).isEmpty();
        assertThat(update.domain()).isNotNull();
        AddressEntry standing = update.domain().standing();
        assertThat(standing).isNotNull();
        assertThat(standing.reason()).isEqualTo(reason);
        assertThat(standing.freshUntil()).isEqualTo(NOW.plus(time));
        assertThat(standing.isServable(NOW.plusMillis(1))).isFalse();
    }

    @Test
    void cachesNoLimit() {
        StateUpdate update = update(
                grant(null),
                report(CalloutReason.RATE_LIMITED, ProbeStage.DNS, null, null, TriState.UNKNOWN, TriState.UNKNOWN, 0));
        assertThat(update.addresses()).isEmpty();
        assertThat(update.domain()).isNull();
        assertThat(update.tally()).isEqualTo(Tally.NONE);
        assertThat(update.badSender()).isFalse();
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
    void doublesCacheTimeOfRepeatedResult(
            CalloutReason reason, CalloutReason before, int repeats, int repeatsNow, Duration time) {
        AddressEntry prior = record(before, Duration.ofHours(-1), Duration.ofHours(-1), Duration.ofDays(1), repeats);
        AddressEntry record = update(grant(prior), report(reason, ProbeStage.RCPT))
                .addresses()
                .get("address");
        assertThat(record.repeats()).isEqualTo(repeatsNow);
        assertThat(record.freshUntil()).isEqualTo(NOW.plus(time));
    }

    @Test
    void startsTimeAnewAfterEviction() {
        AddressEntry prior =
                record(CalloutReason.TEMPFAIL, Duration.ofHours(-3), Duration.ofHours(-3), Duration.ZERO, 3);
        AddressEntry record = update(grant(prior), report(CalloutReason.TEMPFAIL, ProbeStage.RCPT))
                .addresses()
                .get("address");
        assertThat(record.repeats()).isZero();
    }

    @Test
    void keepsExpiredEntryToCountRepeats() {
        AddressEntry record = update(grant(null), report(CalloutReason.TEMPFAIL, ProbeStage.RCPT))
                .addresses()
                .get("address");
        assertThat(record.keepUntil()).isEqualTo(NOW.plus(Duration.ofMinutes(65)));
        AddressEntry good = update(grant(null), report(CalloutReason.ACCEPTED, ProbeStage.RCPT))
                .addresses()
                .get("address");
        assertThat(good.keepUntil()).isEqualTo(good.staleUntil());
    }

    @ParameterizedTest
    @CsvSource({"TEMPFAIL, RCPT", "UNREACHABLE, CONNECT", "POLICY_REFUSED, RCPT", "DNS_TEMPFAIL, DNS"})
    void keepsPositiveEntryAfterUndecidedResult(CalloutReason reason, ProbeStage stage) {
        AddressEntry good = good();
        AddressEntry kept =
                update(grant(good), report(reason, stage)).addresses().get("address");
        assertThat(kept.reason()).isEqualTo(CalloutReason.ACCEPTED);
        assertThat(kept.since()).isEqualTo(good.since());
        assertThat(kept.freshUntil()).isEqualTo(NOW.plus(Duration.ofMinutes(15)));
        assertThat(kept.staleUntil()).isEqualTo(good.staleUntil());
    }

    @Test
    void evictsPositiveEntryAtSecondRejectionOnly() {
        AddressEntry suspect = update(grant(good()), report(CalloutReason.NO_SUCH_MAILBOX, ProbeStage.RCPT))
                .addresses()
                .get("address");
        assertThat(suspect.reason()).isEqualTo(CalloutReason.ACCEPTED);
        assertThat(suspect.freshUntil()).isEqualTo(NOW.plus(Duration.ofMinutes(15)));
        assertThat(suspect.isServable(suspect.freshUntil())).isFalse();

        Instant later = NOW.plus(Duration.ofMinutes(15));
        AddressEntry undone = remembering
                .update(grant(suspect), report(CalloutReason.NO_SUCH_MAILBOX, ProbeStage.RCPT), Map.of(), later)
                .addresses()
                .get("address");
        assertThat(undone.reason()).isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
        assertThat(undone.repeats()).isZero();
    }

    @Test
    void extendsPositiveEntryToItsExpiryAtMost() {
        AddressEntry nearlyOver =
                record(CalloutReason.ACCEPTED, Duration.ofHours(-1), Duration.ofMinutes(3), Duration.ofMinutes(3), 0);
        AddressEntry kept = update(grant(nearlyOver), report(CalloutReason.TEMPFAIL, ProbeStage.RCPT))
                .addresses()
                .get("address");
        assertThat(kept.freshUntil()).isEqualTo(NOW.plus(Duration.ofMinutes(3)));
    }

    @Test
    void cachesPositiveResultOfTaggedAddressForBase() {
        StateUpdate update = update(
                grant(null, "base", null, null, DomainEntry.NONE), report(CalloutReason.ACCEPTED, ProbeStage.RCPT));
        assertThat(update.addresses()).containsOnlyKeys("base");
    }

    @Test
    void keepsPositiveBaseAfterForgedTag() {
        ProbePermit.PatternAnswer family = new ProbePermit.PatternAnswer("base", good());
        StateUpdate update = update(
                grant(null, "base", null, family, DomainEntry.NONE),
                report(CalloutReason.NO_SUCH_MAILBOX, ProbeStage.RCPT));
        assertThat(update.addresses()).containsOnlyKeys("base", "address");
        assertThat(update.addresses().get("address").reason()).isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
        AddressEntry base = update.addresses().get("base");
        assertThat(base.reason()).isEqualTo(CalloutReason.ACCEPTED);
        assertThat(base.staleUntil()).isEqualTo(good().staleUntil());
        assertThat(base.freshUntil()).isEqualTo(NOW.plus(Duration.ofMinutes(15)));
    }

    @Test
    void provesPatternByAcceptedAddressOnly() {
        ProbePermit grant = grant(null, null, "pattern", null, DomainEntry.NONE);
        StateUpdate accepted = update(grant, report(CalloutReason.ACCEPTED, ProbeStage.RCPT));
        assertThat(accepted.patternProof()).isNotNull();
        assertThat(accepted.patternProof().freshUntil()).isEqualTo(NOW.plus(Duration.ofDays(7)));
        assertThat(update(grant, report(CalloutReason.BACKUP_MX, ProbeStage.RCPT))
                        .patternProof())
                .isNull();
        assertThat(update(grant(null), report(CalloutReason.ACCEPTED, ProbeStage.RCPT))
                        .patternProof())
                .isNull();
    }

    @Test
    void cachesNothingFromServerThatViolatesSmtp() {
        ProbeReport report = new ProbeReport(
                CalloutReason.NO_SUCH_MAILBOX,
                ProbeStage.RCPT,
                null,
                null,
                HOST,
                null,
                TriState.NO,
                TriState.YES,
                List.of(new HostReport(HOST, CalloutReason.HOST_BUSY, ProbeStage.GREETING, false, true, true)),
                new ProbeReport.Sent(1, 1, 0, 0),
                true,
                List.of());
        StateUpdate update = update(grant(null, null, "pattern", null, DomainEntry.NONE), report);
        assertThat(update.addresses()).isEmpty();
        assertThat(update.domain()).isNull();
        assertThat(update.hosts()).isEmpty();
        assertThat(update.patternProof()).isNull();
        assertThat(update.tally()).isEqualTo(Tally.BAD);
        assertThat(update.badSender()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, 1, GOOD, false",
        "MAILBOX_FULL, 1, GOOD, false",
        "ACCEPTS_ALL, 1, GOOD, false",
        "NO_SUCH_MAILBOX, 1, BAD, true",
        "TEMPFAIL, 1, BAD, true",
        "UNREACHABLE, 1, BAD, true",
        "UNREACHABLE, 0, NONE, false",
        "NO_SUCH_DOMAIN, 0, NONE, true",
        "DNS_TEMPFAIL, 0, NONE, false",
    })
    void countsResultForDomainAndClient(CalloutReason reason, int connections, Tally tally, boolean bad) {
        StateUpdate update = update(
                grant(null),
                report(reason, ProbeStage.RCPT, null, null, TriState.UNKNOWN, TriState.UNKNOWN, connections));
        assertThat(update.tally()).isEqualTo(tally);
        assertThat(update.badSender()).isEqualTo(bad);
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPTED, NO, UNKNOWN, ,       NO, P7D",
        "ACCEPTED, UNDECIDED, UNKNOWN, , UNDECIDED, PT1H",
        "ACCEPTS_ALL, YES, UNKNOWN, , YES, PT27H",
        "NO_SUCH_MAILBOX, UNKNOWN, UNKNOWN, 5.1.1, UNDECIDED, P1D",
        "NO_SUCH_MAILBOX, UNKNOWN, UNKNOWN, 5.1.10, UNDECIDED, P1D",
    })
    void cachesThatDomainIsNotCatchAll(
            CalloutReason reason,
            TriState reported,
            TriState before,
            @Nullable String enhanced,
            TriState catchAll,
            Duration time) {
        DomainEntry facts = new DomainEntry(null, before, Instant.EPOCH);
        StateUpdate update = update(
                grant(null, null, null, null, facts),
                report(reason, ProbeStage.RCPT, enhanced, null, reported, TriState.UNKNOWN, 1));
        assertThat(update.domain()).isNotNull();
        assertThat(update.domain().catchAll()).isEqualTo(catchAll);
        assertThat(update.domain().catchAllUntil()).isEqualTo(NOW.plus(time));
    }

    @ParameterizedTest
    @CsvSource({"NO_SUCH_MAILBOX, 5.1.3, UNKNOWN", "NO_SUCH_MAILBOX, 5.1.1, NO", "DISABLED, 5.1.1, UNKNOWN"})
    void infersCatchAllFromUnknownUserOnly(CalloutReason reason, String enhanced, TriState before) {
        DomainEntry facts = new DomainEntry(null, before, NOW.plusSeconds(60));
        StateUpdate update = update(
                grant(null, null, null, null, facts),
                report(reason, ProbeStage.RCPT, enhanced, null, TriState.UNKNOWN, TriState.UNKNOWN, 1));
        assertThat(update.domain()).isNull();
    }

    @ParameterizedTest
    @EnumSource(TriState.class)
    void cachesNoPostmasterCheck(TriState control) {
        StateUpdate update = update(
                grant(null),
                report(CalloutReason.NO_SUCH_MAILBOX, ProbeStage.CONTROL, null, null, TriState.UNKNOWN, control, 1));
        assertThat(update.domain()).isNull();
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
    void backsOffFromFailingServer(CalloutReason trouble, ProbeStage stage, int occurrencesBefore, Duration blocked) {
        HostEntry prior = occurrencesBefore == 0
                ? HostEntry.NONE
                : new HostEntry(trouble, NOW, occurrencesBefore - 1, Instant.EPOCH, Instant.EPOCH);
        HostEntry record = host(new HostReport(HOST, trouble, stage, false, false, false), prior);
        assertThat(record.trouble()).isEqualTo(trouble);
        assertThat(record.repeats()).isEqualTo(occurrencesBefore);
        assertThat(record.blockedUntil()).isEqualTo(NOW.plus(blocked));
    }

    @ParameterizedTest
    @EnumSource(
            value = CalloutReason.class,
            names = {"POLICY_REFUSED", "POLICY_DEFERRED", "HOST_BUSY", "TEMPFAIL", "TIMEOUT", "GREYLISTED"})
    void keepsServerOpenWhenUnprovenDomainFailsAtRcpt(CalloutReason trouble) {
        HostEntry entry = new HostEntry(trouble, NOW, 5, Instant.EPOCH, Instant.EPOCH);
        ProbeReport report = report(
                trouble, ProbeStage.RCPT, List.of(new HostReport(HOST, trouble, ProbeStage.RCPT, false, false, false)));
        StateUpdate update =
                remembering.update(grant(null), report, Map.of(new MailServer(HOST, "example.net"), entry), NOW);
        assertThat(update.hosts()).isEmpty();
        assertThat(update.probed()).containsValue(StateUpdate.Tally.BAD);
    }

    @Test
    void keepsServerOpenWhenMailboxesAreGreylisted() {
        HostEntry prior = new HostEntry(CalloutReason.GREYLISTED, NOW, 5, Instant.EPOCH, Instant.EPOCH);
        HostReport finding = new HostReport(HOST, CalloutReason.GREYLISTED, ProbeStage.RCPT, false, false, false);
        ProbeReport report = report(CalloutReason.GREYLISTED, ProbeStage.RCPT, List.of(finding));
        assertThat(remembering
                        .update(proven(), report, Map.of(new MailServer(HOST, "example.net"), prior), NOW)
                        .hosts())
                .isEmpty();
    }

    @Test
    void restsUnprovenDomainThatIsRejectedByPolicyAtRcpt() {
        DomainEntry rested = update(grant(null), report(CalloutReason.POLICY_REFUSED, ProbeStage.RCPT))
                .domain();
        assertThat(rested).isNotNull();
        assertThat(rested.standing().reason()).isEqualTo(CalloutReason.POLICY_REFUSED);
        assertThat(rested.standing().freshUntil()).isEqualTo(NOW.plus(CachePolicy.DOMAIN_REST));
        assertThat(update(proven(), report(CalloutReason.POLICY_REFUSED, ProbeStage.RCPT))
                        .domain())
                .isNull();
    }

    @Test
    void countsOtherFailureAsFirst() {
        HostEntry prior = new HostEntry(CalloutReason.HOST_BUSY, NOW, 5, Instant.EPOCH, Instant.EPOCH);
        assertThat(host(new HostReport(HOST, CalloutReason.UNREACHABLE, ProbeStage.CONNECT, false, false, false), prior)
                        .repeats())
                .isZero();
    }

    @Test
    void keepsHostFactsAndClearsFailureWhenItReplies() {
        HostEntry prior = new HostEntry(CalloutReason.HOST_BUSY, NOW, 2, NOW.plusSeconds(5), NOW.plusSeconds(6));
        HostEntry plain = host(new HostReport(HOST, null, ProbeStage.RCPT, false, false, false), prior);
        assertThat(plain).isEqualTo(new HostEntry(null, Instant.EPOCH, 0, NOW.plusSeconds(5), NOW.plusSeconds(6)));
        HostEntry wanting = host(
                new HostReport(HOST, CalloutReason.NULL_SENDER_REFUSED, ProbeStage.MAIL, false, true, true), prior);
        assertThat(wanting)
                .isEqualTo(new HostEntry(
                        null, Instant.EPOCH, 0, NOW.plus(Duration.ofDays(7)), NOW.plus(Duration.ofHours(24))));
    }

    @Test
    void updatesNoUnchangedServer() {
        StateUpdate update = update(grant(null), report(CalloutReason.ACCEPTED, ProbeStage.RCPT));
        assertThat(update.hosts()).isEmpty();
    }

    @Test
    void variesCacheTimesByOneTenth() {
        CachePolicy least = new CachePolicy(CalloutLimits.DEFAULT, new Edge(true));
        CachePolicy most = new CachePolicy(CalloutLimits.DEFAULT, new Edge(false));
        ProbeReport report = report(CalloutReason.NO_SUCH_MAILBOX, ProbeStage.RCPT);
        assertThat(least.update(grant(null), report, Map.of(), NOW)
                        .addresses()
                        .get("address")
                        .freshUntil())
                .isEqualTo(NOW.plus(Duration.ofMinutes(162)));
        assertThat(most.update(grant(null), report, Map.of(), NOW)
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

    private StateUpdate update(ProbePermit grant, ProbeReport report) {
        return remembering.update(grant, report, Map.of(), NOW);
    }

    private HostEntry host(HostReport finding, HostEntry prior) {
        ProbeReport report = new ProbeReport(
                CalloutReason.UNREACHABLE,
                finding.stage(),
                null,
                null,
                null,
                null,
                TriState.UNKNOWN,
                TriState.UNKNOWN,
                List.of(finding),
                new ProbeReport.Sent(1, 0, 0, 0),
                false,
                List.of());
        return remembering
                .update(proven(), report, Map.of(new MailServer(HOST, "example.net"), prior), NOW)
                .hosts()
                .get(HOST);
    }

    private static ProbeReport report(CalloutReason reason, ProbeStage stage) {
        return report(reason, stage, null, null, TriState.UNKNOWN, TriState.UNKNOWN, 1);
    }

    private static ProbeReport report(
            CalloutReason reason,
            ProbeStage stage,
            @Nullable String enhanced,
            @Nullable Duration ttl,
            TriState catchAll,
            TriState control,
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
                List.of(new HostReport(HOST, null, stage, false, false, false)),
                new ProbeReport.Sent(connections, connections, 0, 0),
                false,
                List.of());
    }

    private static ProbeReport report(CalloutReason reason, ProbeStage stage, List<HostReport> hosts) {
        return new ProbeReport(
                reason,
                stage,
                null,
                null,
                HOST,
                null,
                TriState.UNKNOWN,
                TriState.UNKNOWN,
                hosts,
                new ProbeReport.Sent(1, 1, 0, 0),
                false,
                List.of());
    }

    private static ProbePermit proven() {
        return grant(null, null, null, null, new DomainEntry(null, TriState.NO, NOW.plusSeconds(60)));
    }

    private static ProbePermit grant(@Nullable AddressEntry prior) {
        return grant(prior, null, null, null, DomainEntry.NONE);
    }

    private static ProbePermit grant(
            @Nullable AddressEntry prior,
            @Nullable String base,
            @Nullable String pattern,
            ProbePermit.@Nullable PatternAnswer family,
            DomainEntry facts) {
        AdmissionRequest question =
                new AdmissionRequest("address", base, pattern, "domain", "domain", "client", false, 1, true);
        return new ProbePermit(question, "1", prior, family, facts, false);
    }

    private static AddressEntry good() {
        return record(CalloutReason.ACCEPTED, Duration.ofHours(-1), Duration.ofDays(6), Duration.ofDays(6), 0);
    }

    private static AddressEntry record(
            CalloutReason reason, Duration fresh, Duration stale, Duration keep, int repeats) {
        return new AddressEntry(
                reason, null, NOW.minusSeconds(90_000), NOW.plus(fresh), NOW.plus(stale), NOW.plus(keep), repeats);
    }
}

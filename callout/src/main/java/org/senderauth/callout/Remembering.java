package org.senderauth.callout;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutReason.Scope;
import org.senderauth.callout.probe.HostFinding;
import org.senderauth.callout.probe.ProbeReport;
import org.senderauth.callout.probe.ProbeRequest.Known;
import org.senderauth.callout.probe.ProbeStage;
import org.senderauth.callout.state.AddressRecord;
import org.senderauth.callout.state.DomainFacts;
import org.senderauth.callout.state.Grant;
import org.senderauth.callout.state.HostRecord;
import org.senderauth.callout.state.Lesson;
import org.senderauth.callout.state.Lesson.Tally;

/** Decides what is to be remembered of a probe, where and for how long. No I/O, no clock. Thread-safe. */
final class Remembering {

    /** How long a domain is left alone, whatever its mail servers' own times are: it may get new ones meanwhile. */
    static final Duration DOMAIN_REST = Duration.ofMinutes(10);

    /** How long an answer of the DNS is kept at least. */
    static final Duration LEAST_DNS_TTL = Duration.ofMinutes(1);

    /** After one refusal of an address that was good, how long until the second question that settles it. */
    static final Duration SUSPICION = Duration.ofMinutes(15);

    static final Duration CATCH_ALL_YES = Duration.ofDays(1);
    static final Duration CATCH_ALL_NO = Duration.ofDays(7);
    static final Duration CATCH_ALL_NO_INFERRED = Duration.ofDays(1);
    static final Duration CATCH_ALL_UNDECIDED = Duration.ofHours(1);
    static final Duration CONTROL_YES = Duration.ofDays(7);
    static final Duration CONTROL_NO = Duration.ofHours(6);
    static final Duration CONTROL_UNDECIDED = Duration.ofHours(1);
    static final Duration NEEDS_TLS = Duration.ofDays(7);
    static final Duration PATTERN_FRESH = Duration.ofDays(7);

    /** How long an address is not asked about again that was refused because of us. */
    static final Duration REFUSED_AT_RCPT = Duration.ofHours(1);

    /** This many refusals of us in a row, each of one address, mean that a mail server wants none of us. */
    static final int REFUSALS_IN_A_ROW = 3;

    /** Times vary by up to this share, so that what was learnt together is not forgotten together. */
    static final double JITTER = 0.1;

    /** Codes that say "no such mailbox" and so, since the domain says that, "not every mailbox" (RFC 3463, RFC 7505). */
    private static final Set<String> UNKNOWN_USER = Set.of("5.1.1", "5.1.10");

    private final CalloutLimits limits;
    private final RandomGenerator random;

    Remembering(CalloutLimits limits, RandomGenerator random) {
        this.limits = limits;
        this.random = random;
    }

    /** What a probe teaches; {@code before} is what was remembered of the hosts that it entered. */
    Lesson lesson(Grant grant, ProbeReport report, Map<InetAddress, HostRecord> before, Instant now) {
        Tally tally = tally(report);
        boolean bad = report.reason().verdict() == CalloutVerdict.UNDELIVERABLE || tally == Tally.BAD;
        // The word of a server that breaks SMTP is not remembered; that it breaks SMTP is, and a greeting has no word
        // of an address.
        boolean trusted = !report.protocolViolation()
                || report.reason() == CalloutReason.PROTOCOL_ERROR
                || report.stage() == ProbeStage.GREETING;
        if (!trusted) {
            return new Lesson(grant, Map.of(), null, Map.of(), tally, bad, null);
        }
        AddressRecord proof =
                report.reason() == CalloutReason.ACCEPTED && grant.question().pattern() != null
                        ? record(report, now, PATTERN_FRESH, PATTERN_FRESH, 0)
                        : null;
        return new Lesson(
                grant,
                addresses(grant, report, now),
                domain(grant.facts(), report, now),
                hosts(report, before, now),
                tally,
                bad,
                proof);
    }

    private static Tally tally(ProbeReport report) {
        if (report.sent().connections() == 0) {
            return Tally.NONE;
        }
        CalloutVerdict verdict = report.reason().verdict();
        return verdict == CalloutVerdict.DELIVERABLE || verdict == CalloutVerdict.CATCH_ALL ? Tally.GOOD : Tally.BAD;
    }

    private Map<String, AddressRecord> addresses(Grant grant, ProbeReport report, Instant now) {
        Map<String, AddressRecord> records = new HashMap<>();
        Grant.Family family = grant.family();
        if (family != null && report.reason().verdict() != CalloutVerdict.DELIVERABLE) {
            records.put(family.key(), keptGood(family.answer(), now, false));
        }
        String key = grant.question().address();
        AddressRecord prior = grant.prior();
        boolean good = prior != null && prior.isPositive() && prior.isServable(now);
        switch (report.reason().verdict()) {
            case DELIVERABLE -> {
                String base = grant.question().base();
                records.put(base == null ? key : base, positive(report, now));
            }
            case UNDELIVERABLE -> {
                if (report.reason().scope() == Scope.ADDRESS) {
                    records.put(key, good ? keptGood(prior, now, true) : negative(report, prior, now));
                }
            }
            case UNDECIDED -> {
                if (good) {
                    records.put(key, keptGood(prior, now, false));
                } else if (isAboutAddress(report)) {
                    records.put(key, negative(report, prior, now));
                }
            }
            case CATCH_ALL, SKIPPED -> {}
        }
        return records;
    }

    private static boolean isAboutAddress(ProbeReport report) {
        // A host that is left alone for what another address met there says nothing of this one.
        return switch (report.reason().scope()) {
            case ADDRESS -> report.stage() != ProbeStage.NONE;
            case HOST -> report.stage().compareTo(ProbeStage.RCPT) >= 0;
            case DOMAIN, NONE -> false;
        };
    }

    private AddressRecord positive(ProbeReport report, Instant now) {
        return report.reason() == CalloutReason.ACCEPTED
                ? record(report, now, limits.positiveFresh(), limits.positiveStale(), 0)
                : record(report, now, report.reason().shortest(), Duration.ZERO, 0);
    }

    private AddressRecord negative(ProbeReport report, @Nullable AddressRecord prior, Instant now) {
        boolean again = prior != null
                && prior.reason().verdict() == report.reason().verdict()
                && now.isBefore(prior.keepUntil());
        int repeats = again ? prior.repeats() + 1 : 0;
        Duration time = report.reason().scope() == Scope.HOST ? REFUSED_AT_RCPT : doubled(report.reason(), repeats);
        return record(report, now, time, Duration.ZERO, repeats);
    }

    private AddressRecord record(ProbeReport report, Instant now, Duration fresh, Duration stale, int repeats) {
        Instant freshUntil = now.plus(varied(fresh));
        Instant staleUntil = now.plus(stale);
        // What is not served stale is kept a while longer, so that the same answer is seen to be a repeated one.
        Instant keepUntil = staleUntil.isAfter(freshUntil)
                ? staleUntil
                : freshUntil.plus(report.reason().longest());
        return new AddressRecord(report.reason(), report.reply(), now, freshUntil, staleUntil, keepUntil, repeats);
    }

    /**
     * A good answer that a later probe did not confirm: nothing but a second refusal undoes it. A suspected one is not
     * served past its time, so that the second question is asked before anything else is said.
     */
    private AddressRecord keptGood(AddressRecord good, Instant now, boolean suspected) {
        Instant again = now.plus(varied(SUSPICION));
        Instant freshUntil = again.isBefore(good.staleUntil()) ? again : good.staleUntil();
        Instant staleUntil = suspected ? freshUntil : good.staleUntil();
        return new AddressRecord(
                good.reason(), good.reply(), good.since(), freshUntil, staleUntil, good.keepUntil(), good.repeats());
    }

    private @Nullable DomainFacts domain(DomainFacts facts, ProbeReport report, Instant now) {
        Known catchAll = facts.catchAll();
        Instant catchAllUntil = facts.catchAllUntil();
        Known learntCatchAll = learntCatchAll(facts, report);
        if (learntCatchAll != Known.UNKNOWN) {
            catchAll = learntCatchAll;
            catchAllUntil = now.plus(varied(catchAllTime(report, learntCatchAll)));
        }
        Known control = facts.control();
        Instant controlUntil = facts.controlUntil();
        if (report.control() != Known.UNKNOWN) {
            control = report.control();
            controlUntil = now.plus(varied(
                    switch (control) {
                        case YES -> CONTROL_YES;
                        case NO -> CONTROL_NO;
                        case UNDECIDED, UNKNOWN -> CONTROL_UNDECIDED;
                    }));
        }
        AddressRecord standing = standing(report, now);
        if (standing == null && learntCatchAll == Known.UNKNOWN && report.control() == Known.UNKNOWN) {
            return null;
        }
        return new DomainFacts(
                standing == null ? facts.standing() : standing, catchAll, catchAllUntil, control, controlUntil);
    }

    private static Known learntCatchAll(DomainFacts facts, ProbeReport report) {
        if (report.catchAll() != Known.UNKNOWN) {
            return report.catchAll();
        }
        boolean saidUnknownUser = report.reason() == CalloutReason.NO_SUCH_MAILBOX
                && report.reply() != null
                && UNKNOWN_USER.contains(report.reply().enhancedCode());
        return saidUnknownUser && facts.catchAll() == Known.UNKNOWN ? Known.NO : Known.UNKNOWN;
    }

    private static Duration catchAllTime(ProbeReport report, Known learnt) {
        return switch (learnt) {
            case YES -> CATCH_ALL_YES;
            case NO -> report.catchAll() == Known.NO ? CATCH_ALL_NO : CATCH_ALL_NO_INFERRED;
            case UNDECIDED, UNKNOWN -> CATCH_ALL_UNDECIDED;
        };
    }

    /** The answer for all addresses of the domain, if there is one. */
    private @Nullable AddressRecord standing(ProbeReport report, Instant now) {
        Duration time = switch (report.reason().scope()) {
            case NONE, ADDRESS -> null;
            case DOMAIN -> domainTime(report);
            case HOST -> isAboutAddress(report) ? null : least(report.reason().shortest(), DOMAIN_REST);
        };
        return time == null ? null : record(report, now, time, Duration.ZERO, 0);
    }

    private static Duration domainTime(ProbeReport report) {
        Duration ttl = report.dnsTtl();
        if (ttl == null) {
            return report.reason().shortest();
        }
        Duration atMost = least(ttl, report.reason().longest());
        return atMost.compareTo(LEAST_DNS_TTL) < 0 ? LEAST_DNS_TTL : atMost;
    }

    private Map<InetAddress, HostRecord> hosts(ProbeReport report, Map<InetAddress, HostRecord> before, Instant now) {
        Map<InetAddress, HostRecord> records = new HashMap<>();
        for (HostFinding finding : report.hosts()) {
            HostRecord prior = before.getOrDefault(finding.address(), HostRecord.NONE);
            HostRecord next = host(finding, prior, now);
            if (!next.equals(prior)) {
                records.put(finding.address(), next);
            }
        }
        return records;
    }

    private HostRecord host(HostFinding finding, HostRecord prior, Instant now) {
        Instant needsTlsUntil = finding.needsTls() ? now.plus(varied(NEEDS_TLS)) : prior.needsTlsUntil();
        Instant refusesNullUntil = finding.refusesNullSender()
                ? now.plus(varied(CalloutReason.NULL_SENDER_REFUSED.shortest()))
                : prior.refusesNullUntil();
        CalloutReason trouble = finding.trouble();
        // That it refuses the null sender is a fact about it; whoever has another sender may still ask.
        if (trouble == null || trouble == CalloutReason.NULL_SENDER_REFUSED) {
            return new HostRecord(null, Instant.EPOCH, 0, needsTlsUntil, refusesNullUntil);
        }
        int repeats = prior.trouble() == trouble ? prior.repeats() + 1 : 0;
        boolean maybeTheAddress = finding.stage().compareTo(ProbeStage.RCPT) >= 0
                && trouble != CalloutReason.TOO_MANY_RECIPIENTS
                && repeats + 1 < REFUSALS_IN_A_ROW;
        Instant blockedUntil = maybeTheAddress ? now : now.plus(varied(doubled(trouble, repeats)));
        return new HostRecord(trouble, blockedUntil, repeats, needsTlsUntil, refusesNullUntil);
    }

    private static Duration doubled(CalloutReason reason, int repeats) {
        Duration time = reason.shortest();
        for (int i = 0; i < repeats && time.compareTo(reason.longest()) < 0; i++) {
            time = time.multipliedBy(2);
        }
        return least(time, reason.longest());
    }

    private Duration varied(Duration time) {
        long spread = (long) (time.toMillis() * JITTER);
        return spread == 0 ? time : time.plusMillis(random.nextLong(-spread, spread + 1));
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

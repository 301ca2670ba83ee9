package org.senderauth.callout;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutReason.Scope;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.outcome.HostReport;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.DomainEntry;
import org.senderauth.callout.state.HostEntry;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.callout.state.StateUpdate.Tally;

/** Decides which results of a probe are cached, where and for how long. No I/O, no clock. Thread-safe. */
final class CachePolicy {

    /** The maximum time of a domain entry after a failure of its mail servers: the domain may get other servers. */
    static final Duration DOMAIN_REST = Duration.ofMinutes(10);

    /** The minimum time for which a DNS answer is cached. */
    static final Duration LEAST_DNS_TTL = Duration.ofMinutes(1);

    /** The time between the first rejection of a deliverable address and the second probe, which decides. */
    static final Duration SUSPICION = Duration.ofMinutes(15);

    // A day at least, whatever the jitter.
    static final Duration CATCH_ALL_YES = Duration.ofHours(27);
    static final Duration CATCH_ALL_NO = Duration.ofDays(7);
    static final Duration UNKNOWN_USER_TIME = Duration.ofDays(1);
    static final Duration CATCH_ALL_UNDECIDED = Duration.ofHours(1);
    static final Duration NEEDS_TLS = Duration.ofDays(7);
    static final Duration PATTERN_FRESH = Duration.ofDays(7);

    /** The time for which an address is not probed again after a rejection that may be about us. */
    static final Duration REFUSED_AT_RCPT = Duration.ofHours(1);

    /** The number of rejections of us in a row, each for one address, that stop probes at a mail server. */
    static final int REFUSALS_IN_A_ROW = 3;

    /** The share by which times vary, so entries do not expire together. */
    static final double JITTER = 0.1;

    /** Codes of an unknown user: they also show that the domain does not accept all recipients (RFC 3463, RFC 7505). */
    private static final Set<String> UNKNOWN_USER = Set.of("5.1.1", "5.1.10");

    private final CalloutLimits limits;
    private final RandomGenerator random;

    CachePolicy(CalloutLimits limits, RandomGenerator random) {
        this.limits = limits;
        this.random = random;
    }

    /** Returns the update of a probe; {@code before} contains the cached entries of the hosts that it connected to. */
    StateUpdate update(ProbePermit grant, ProbeReport report, Map<MailServer, HostEntry> before, Instant now) {
        Tally tally = tally(report);
        boolean bad = report.reason().verdict() == CalloutVerdict.UNDELIVERABLE || tally == Tally.BAD;
        // Nothing that a server says while it violates SMTP is cached. The violation is, and a rejected banner,
        // which does not concern an address.
        boolean trusted = !report.protocolViolation()
                || report.reason() == CalloutReason.PROTOCOL_ERROR
                || report.stage() == ProbeStage.GREETING;
        if (!trusted) {
            return new StateUpdate(grant, Map.of(), null, Map.of(), probed(report, before), tally, bad, null);
        }
        AddressEntry proof =
                report.reason() == CalloutReason.ACCEPTED && grant.question().pattern() != null
                        ? record(report, now, PATTERN_FRESH, PATTERN_FRESH, 0)
                        : null;
        return new StateUpdate(
                grant,
                addresses(grant, report, now),
                domain(grant, report, now),
                hosts(grant, report, before, now),
                probed(report, before),
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

    /** Returns how the result counts for each mail server: without a reply about the address it counts as failed. */
    private static Map<MailServer, Tally> probed(ProbeReport report, Map<MailServer, HostEntry> before) {
        CalloutVerdict verdict = report.reason().verdict();
        boolean good = verdict == CalloutVerdict.DELIVERABLE || verdict == CalloutVerdict.CATCH_ALL;
        Map<MailServer, Tally> tallies = new HashMap<>();
        for (HostReport host : report.hosts()) {
            for (MailServer server : before.keySet()) {
                if (server.address().equals(host.address())) {
                    tallies.put(server, good && host.trouble() == null ? Tally.GOOD : Tally.BAD);
                }
            }
        }
        return tallies;
    }

    private Map<String, AddressEntry> addresses(ProbePermit grant, ProbeReport report, Instant now) {
        Map<String, AddressEntry> records = new HashMap<>();
        ProbePermit.PatternAnswer family = grant.family();
        if (family != null && report.reason().verdict() != CalloutVerdict.DELIVERABLE) {
            records.put(family.key(), keptGood(family.answer(), now, false));
        }
        String key = grant.question().address();
        AddressEntry prior = grant.prior();
        AddressEntry good = prior != null && prior.isPositive() && prior.isServable(now) ? prior : null;
        switch (report.reason().verdict()) {
            case DELIVERABLE -> {
                String base = grant.question().base();
                records.put(base == null ? key : base, positive(report, now));
            }
            case UNDELIVERABLE -> {
                if (report.reason().scope() == Scope.ADDRESS) {
                    records.put(key, good != null ? keptGood(good, now, true) : negative(report, prior, now));
                }
            }
            case UNDECIDED -> {
                if (good != null) {
                    records.put(key, keptGood(good, now, false));
                } else if (isAboutAddress(report)) {
                    records.put(key, negative(report, prior, now));
                }
            }
            case CATCH_ALL, SKIPPED -> {}
        }
        return records;
    }

    private static boolean isAboutAddress(ProbeReport report) {
        // A host may be in backoff after a reply about another address, which does not determine this one.
        return switch (report.reason().scope()) {
            case ADDRESS -> report.stage() != ProbeStage.NONE;
            case HOST -> report.stage().compareTo(ProbeStage.RCPT) >= 0;
            case DOMAIN, NONE -> false;
        };
    }

    private AddressEntry positive(ProbeReport report, Instant now) {
        return report.reason() == CalloutReason.ACCEPTED
                ? record(report, now, limits.positiveRefreshTime(), limits.positiveExpireTime(), 0)
                : record(report, now, report.reason().shortest(), Duration.ZERO, 0);
    }

    private AddressEntry negative(ProbeReport report, @Nullable AddressEntry prior, Instant now) {
        int repeats = prior != null
                        && prior.reason().verdict() == report.reason().verdict()
                        && now.isBefore(prior.keepUntil())
                ? prior.repeats() + 1
                : 0;
        Duration time = report.reason().scope() == Scope.HOST ? REFUSED_AT_RCPT : doubled(report.reason(), repeats);
        return record(report, now, time, Duration.ZERO, repeats);
    }

    private AddressEntry record(ProbeReport report, Instant now, Duration fresh, Duration stale, int repeats) {
        Instant freshUntil = now.plus(varied(fresh));
        Instant staleUntil = now.plus(stale);
        // An entry that is never served stale is kept longer, so a repeated result is recognized as one.
        Instant keepUntil = staleUntil.isAfter(freshUntil)
                ? staleUntil
                : freshUntil.plus(report.reason().longest());
        return new AddressEntry(report.reason(), report.reply(), now, freshUntil, staleUntil, keepUntil, repeats);
    }

    /**
     * A positive entry that a later probe did not confirm: only a second rejection evicts it. A suspected one is not served
     * stale, so that the second probe comes first.
     */
    private AddressEntry keptGood(AddressEntry good, Instant now, boolean suspected) {
        Instant again = now.plus(varied(SUSPICION));
        Instant freshUntil = again.isBefore(good.staleUntil()) ? again : good.staleUntil();
        Instant staleUntil = suspected ? freshUntil : good.staleUntil();
        return new AddressEntry(
                good.reason(), good.reply(), good.since(), freshUntil, staleUntil, good.keepUntil(), good.repeats());
    }

    private @Nullable DomainEntry domain(ProbePermit grant, ProbeReport report, Instant now) {
        DomainEntry facts = grant.facts();
        TriState catchAll = facts.catchAll();
        Instant catchAllUntil = facts.catchAllUntil();
        TriState learntCatchAll = learntCatchAll(facts, report);
        if (learntCatchAll != TriState.UNKNOWN) {
            catchAll = learntCatchAll;
            catchAllUntil = now.plus(varied(catchAllTime(report, learntCatchAll)));
        }
        AddressEntry standing = standing(grant, report, now);
        if (standing == null && learntCatchAll == TriState.UNKNOWN) {
            return null;
        }
        return new DomainEntry(standing == null ? facts.standing() : standing, catchAll, catchAllUntil);
    }

    private static TriState learntCatchAll(DomainEntry facts, ProbeReport report) {
        if (report.catchAll() != TriState.UNKNOWN) {
            return report.catchAll();
        }
        boolean saidUnknownUser = report.reason() == CalloutReason.NO_SUCH_MAILBOX
                && report.reply() != null
                && UNKNOWN_USER.contains(report.reply().enhancedCode());
        // Undecided, not "no": that would need an accepted mailbox as well (ProbePermit.scope).
        return saidUnknownUser && facts.catchAll() == TriState.UNKNOWN ? TriState.UNDECIDED : TriState.UNKNOWN;
    }

    private static Duration catchAllTime(ProbeReport report, TriState learnt) {
        return switch (learnt) {
            case YES -> CATCH_ALL_YES;
            case NO -> CATCH_ALL_NO;
            case UNDECIDED, UNKNOWN -> report.catchAll() == TriState.UNKNOWN ? UNKNOWN_USER_TIME : CATCH_ALL_UNDECIDED;
        };
    }

    /** Returns the entry for all addresses of the domain, if there is one. */
    private @Nullable AddressEntry standing(ProbePermit grant, ProbeReport report, Instant now) {
        Duration time = switch (report.reason().scope()) {
            case NONE, ADDRESS -> null;
            case DOMAIN -> domainTime(report);
            // Rejected at RCPT for a domain that the server may not host: backoff for the domain, not for the server.
            case HOST ->
                isAboutAddress(report) && grant.isProven()
                        ? null
                        : least(report.reason().shortest(), DOMAIN_REST);
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

    private Map<InetAddress, HostEntry> hosts(
            ProbePermit grant, ProbeReport report, Map<MailServer, HostEntry> before, Instant now) {
        Map<InetAddress, HostEntry> priors = new HashMap<>();
        before.forEach((server, entry) -> priors.put(server.address(), entry));
        Map<InetAddress, HostEntry> records = new HashMap<>();
        for (HostReport finding : report.hosts()) {
            HostEntry prior = priors.getOrDefault(finding.address(), HostEntry.NONE);
            HostEntry next = host(grant, finding, prior, now);
            if (!next.equals(prior)) {
                records.put(finding.address(), next);
            }
        }
        return records;
    }

    private HostEntry host(ProbePermit grant, HostReport finding, HostEntry prior, Instant now) {
        Instant needsTlsUntil = finding.needsTls() ? now.plus(varied(NEEDS_TLS)) : prior.needsTlsUntil();
        Instant refusesNullUntil = finding.refusesNullSender()
                ? now.plus(varied(CalloutReason.NULL_SENDER_REFUSED.shortest()))
                : prior.refusesNullUntil();
        CalloutReason trouble = finding.trouble();
        // A rejected null sender does not stop probes with another sender.
        if (trouble == null || trouble == CalloutReason.NULL_SENDER_REFUSED) {
            return new HostEntry(null, Instant.EPOCH, 0, needsTlsUntil, refusesNullUntil);
        }
        boolean rcpt = finding.stage().compareTo(ProbeStage.RCPT) >= 0 && trouble != CalloutReason.TOO_MANY_RECIPIENTS;
        if (rcpt && (!grant.isProven() || !isAboutUs(trouble))) {
            // Any domain may name this server in its MX records: what it replies to a domain that it may not serve, or
            // about one mailbox, must not stop probes for the domains that it serves. The circuit breakers count it.
            return new HostEntry(
                    prior.trouble(), prior.blockedUntil(), prior.repeats(), needsTlsUntil, refusesNullUntil);
        }
        int repeats = prior.trouble() == trouble ? prior.repeats() + 1 : 0;
        boolean maybeTheAddress = rcpt && repeats + 1 < REFUSALS_IN_A_ROW;
        Instant blockedUntil = maybeTheAddress ? now : now.plus(varied(doubled(trouble, repeats)));
        return new HostEntry(trouble, blockedUntil, repeats, needsTlsUntil, refusesNullUntil);
    }

    /** {@return true if a failure at RCPT is about us or the connection, not about the mailbox} */
    private static boolean isAboutUs(CalloutReason trouble) {
        return switch (trouble) {
            case TIMEOUT, CONNECTION_LOST, PROTOCOL_ERROR -> true;
            default -> trouble.scope() == Scope.HOST;
        };
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

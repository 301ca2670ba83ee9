package org.senderauth.callout.inmemory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Weigher;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.BreakerScope;
import org.senderauth.callout.state.Gcra;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateConstants;
import org.senderauth.callout.state.StateEntry;
import org.senderauth.callout.state.StateUpdate;
import org.senderauth.callout.state.StateUpdate.Tally;
import org.senderauth.core.Ascii;

/** The rate limits and circuit breakers of domains, mail servers, clients and all probes. Not thread-safe. */
final class RateLimits {

    /** The time for which an unused limit is kept: longer than its refill takes. */
    private static final Duration IDLE = Duration.ofHours(2);

    /** The same for mail servers: as long as a circuit breaker may be open. */
    private static final Duration HOST_IDLE = Duration.ofHours(7);

    // Four rate limits, two circuit breakers.
    private static final int BUDGET_BYTES = 256;

    private static final class DomainBudget {
        final Gcra probes = new Gcra();
        final DomainBreaker preferred = new DomainBreaker();
        final DomainBreaker others = new DomainBreaker();

        DomainBreaker watch(AdmissionRequest question) {
            return question.preferred() ? preferred : others;
        }
    }

    /** The rate limit and the circuit breakers of a mail server's network, or of an MX registrable domain. */
    private static final class HostBudget {
        final Gcra connections = new Gcra();
        final Map<BreakerScope, DomainBreaker> breakers = new EnumMap<>(BreakerScope.class);

        DomainBreaker breaker(BreakerScope scope) {
            return breakers.computeIfAbsent(scope, DomainBreaker::new);
        }
    }

    /** A decision on a connection. */
    enum HostDecision {
        ADMITTED,
        RATE_LIMITED,
        BREAKER_OPEN
    }

    private final CalloutLimits limits;
    private final Cache<String, DomainBudget> domains;
    private final Cache<String, HostBudget> hosts;

    /** The first sight of each registrable domain. */
    private final Cache<String, Instant> firstSeen;

    private final ClientFailureCounter clients;
    private final Gcra overall = new Gcra();
    private @Nullable Instant emptied;

    /**
     * Creates limits with unused bursts.
     *
     * @param tables creates tables on the state's clock
     */
    RateLimits(CalloutLimits limits, CacheFactory tables) {
        this.limits = limits;
        int half = Math.max(1, limits.cacheSize() / 2);
        Weigher<String, DomainBudget> domainBytes = (key, budget) -> CacheFactory.bytes(key) + BUDGET_BYTES;
        Weigher<String, HostBudget> hostBytes = (key, budget) -> CacheFactory.bytes(key) + BUDGET_BYTES;
        Weigher<String, Instant> seenBytes = (key, time) -> CacheFactory.bytes(key);
        this.firstSeen = tables.bounded(half, seenBytes)
                .expireAfterAccess(StateConstants.KNOWN_DOMAIN)
                .build();
        this.domains = tables.bounded(half, domainBytes).expireAfterAccess(IDLE).build();
        this.hosts =
                tables.bounded(half, hostBytes).expireAfterAccess(HOST_IDLE).build();
        this.clients = new ClientFailureCounter(tables, half, limits.clientFailureLimit());
    }

    /**
     * Takes a probe from all limits, or from none of them if one denies it.
     *
     * @param reserved whether the reserved half of the global limit is open to it
     * @param catchAll whether the domain accepts all recipients, if that is cached
     * @param running the number of probes of the registrable domain in flight
     * @return the limit that denies it
     */
    Optional<CalloutLimiter> take(
            AdmissionRequest question, boolean reserved, ProbeReport.TriState catchAll, int running, Instant now) {
        if (!question.mayProbe()) {
            return Optional.of(CalloutLimiter.OVERALL);
        }
        if (clients.isExhausted(question.client())) {
            return Optional.of(CalloutLimiter.CLIENT);
        }
        // A single probe finds out whether the domain accepts all recipients; a second one would double the cost.
        int atOnce = catchAll == ProbeReport.TriState.UNKNOWN ? 1 : limits.probesPerDomain() * question.boost();
        if (running >= atOnce) {
            return Optional.of(CalloutLimiter.DOMAIN_PROBES);
        }
        DomainBudget domain = domain(question);
        if (!domain.probes.allows(limits.domainRate(), question.preferred(), question.boost(), now)) {
            return Optional.of(CalloutLimiter.DOMAIN);
        }
        if (!overall.allows(limits.overall(), reserved, 1, now)) {
            return Optional.of(CalloutLimiter.OVERALL);
        }
        // Last, since it takes from the trickle.
        if (!domain.watch(question).admits(now)) {
            return Optional.of(CalloutLimiter.FORGERY);
        }
        overall.take(limits.overall(), reserved, 1, now);
        domain.probes.take(limits.domainRate(), question.preferred(), question.boost(), now);
        return Optional.empty();
    }

    /** Records that a domain was seen, and returns whether its mail may use the reserve of shared limits. */
    boolean isReserved(AdmissionRequest question, Instant now) {
        Instant first = firstSeen.get(question.registrable(), key -> now);
        return question.preferred() && !now.isBefore(first.plus(StateConstants.NEW_DOMAIN));
    }

    /** Marks a domain as seen at a time, unless it was seen before. */
    void seen(String registrable, Instant time) {
        firstSeen.asMap().merge(registrable, time, (one, other) -> one.isBefore(other) ? one : other);
    }

    HostDecision takeHost(MailServer server, ProbePermit permit, Instant now) {
        // The MX domain first: a request that its open breaker rejects must not use the limit of the address.
        for (String key : keys(server)) {
            HostDecision decision = takeHost(host(key), permit, now);
            if (decision != HostDecision.ADMITTED) {
                return decision;
            }
        }
        return HostDecision.ADMITTED;
    }

    private HostDecision takeHost(HostBudget host, ProbePermit permit, Instant now) {
        if (!host.connections.allows(limits.hostRate(), permit.reserved(), 1, now)) {
            return HostDecision.RATE_LIMITED;
        }
        if (!host.breaker(permit.scope()).admits(now)) {
            return HostDecision.BREAKER_OPEN;
        }
        host.connections.take(limits.hostRate(), permit.reserved(), 1, now);
        return HostDecision.ADMITTED;
    }

    /** The keys under which a mail server is counted: addresses are grouped only below one MX registrable domain. */
    private static List<String> keys(MailServer server) {
        String address = MailServer.addressKey(server.address());
        String mxDomain = server.mxDomain();
        return mxDomain == null ? List.of(address) : List.of(MailServer.mxDomainKey(mxDomain), address);
    }

    private HostBudget host(String key) {
        return hosts.get(key, absent -> {
            HostBudget budget = new HostBudget();
            emptied(budget.connections, limits.hostRate());
            return budget;
        });
    }

    /** Counts a result for its domain and against its client. */
    void count(StateUpdate update, Instant now) {
        AdmissionRequest question = update.grant().question();
        domain(question).watch(question).count(update.tally(), limits.forgeryThreshold(), now);
        BreakerScope scope = update.grant().scope();
        Map<String, Tally> tallies = new LinkedHashMap<>();
        update.probed()
                .forEach((server, tally) -> keys(server)
                        .forEach(key -> tallies.merge(
                                key,
                                tally,
                                (one, other) -> one == Tally.GOOD || other == Tally.GOOD ? Tally.GOOD : one)));
        tallies.forEach((key, tally) -> host(key).breaker(scope).count(tally, limits.forgeryThreshold(), now));
        if (update.badSender()) {
            clients.count(question.client(), question.address());
        }
    }

    /** Takes all bursts; limits that are created later start without one, from the same time. */
    void empty(Instant now) {
        emptied = now;
        emptied(overall, limits.overall());
        domains.asMap().values().forEach(domain -> emptied(domain.probes, limits.domainRate()));
        hosts.asMap().values().forEach(host -> emptied(host.connections, limits.hostRate()));
    }

    long openHostBreakers(Instant now) {
        return hosts.asMap().values().stream()
                .filter(host -> host.breakers.values().stream().anyMatch(breaker -> breaker.isForged(now)))
                .count();
    }

    long forgedDomains(Instant now) {
        return domains.asMap().values().stream()
                .filter(domain -> domain.others.isForged(now) || domain.preferred.isForged(now))
                .count();
    }

    private DomainBudget domain(AdmissionRequest question) {
        return domains.get(question.registrable(), key -> {
            DomainBudget budget = new DomainBudget();
            emptied(budget.probes, limits.domainRate());
            return budget;
        });
    }

    private Gcra emptied(Gcra budget, Rate rate) {
        if (emptied != null) {
            budget.empty(rate, emptied);
        }
        return budget;
    }

    /** Returns the open circuit breakers, at most so many. */
    List<StateEntry> openBreakers(Instant now, int max) {
        List<StateEntry> open = new ArrayList<>();
        domains.asMap().forEach((key, domain) -> {
            addOpen(open, "domain", key, StateEntry.DOMAIN_BREAKERS.get(0), domain.preferred, now);
            addOpen(open, "domain", key, StateEntry.DOMAIN_BREAKERS.get(1), domain.others, now);
        });
        hosts.asMap()
                .forEach((key, host) -> host.breakers.forEach(
                        (scope, breaker) -> addOpen(open, "host", key, Ascii.text(scope), breaker, now)));
        return first(open, max);
    }

    private static void addOpen(
            List<StateEntry> open, String kind, String key, String what, DomainBreaker breaker, Instant now) {
        if (breaker.isForged(now)) {
            open.add(StateEntry.ofBreaker(kind, key, what, breaker.openUntil()));
        }
    }

    private static String name(String key) {
        return key.substring(key.indexOf(':') + 1);
    }

    /** Returns the rate limits that are in use, at most so many. */
    List<StateEntry> used(Instant now, int max) {
        List<StateEntry> used = new ArrayList<>();
        used(used, "global", "all probes", overall, limits.overall(), now);
        domains.asMap().forEach((key, domain) -> used(used, "domain", key, domain.probes, limits.domainRate(), now));
        hosts.asMap().forEach((key, host) -> used(used, "host", key, host.connections, limits.hostRate(), now));
        used.addAll(clients.entries(now));
        return first(used, max);
    }

    private static void used(List<StateEntry> used, String kind, String key, Gcra limit, Rate rate, Instant now) {
        StateEntry.ofLimit(kind, key, limit.used(rate, now), limit.fullAgain(), rate)
                .ifPresent(used::add);
    }

    private static List<StateEntry> first(List<StateEntry> entries, int max) {
        return entries.size() <= max ? entries : entries.subList(0, max);
    }

    /** Closes the circuit breakers of a registrable domain; its rate limit stays as it is. */
    int closeBreakers(String registrable, Instant now) {
        int closed = 0;
        for (Map.Entry<String, DomainBudget> entry : domains.asMap().entrySet()) {
            if (name(entry.getKey()).equals(registrable)) {
                for (DomainBreaker breaker : List.of(entry.getValue().preferred, entry.getValue().others)) {
                    closed += breaker.isForged(now) ? 1 : 0;
                    breaker.close(now);
                }
            }
        }
        return closed;
    }
}

package org.senderauth.callout.state;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutLimits.Rate;
import org.senderauth.callout.probe.ProbeRequest;
import org.senderauth.callout.state.Admission.Limiter;

/** What may still be asked: of a domain, of a mail server, on a client's account, and altogether. Not thread-safe. */
final class Budgets {

    /** How long a budget is kept that nobody uses: longer than it takes to fill up again. */
    private static final Duration IDLE = Duration.ofHours(2);

    private static final class DomainBudget {
        final Gcra probes = new Gcra();
        final ForgeryWatch preferred = new ForgeryWatch();
        final ForgeryWatch others = new ForgeryWatch();

        ForgeryWatch watch(Question question) {
            return question.preferred() ? preferred : others;
        }
    }

    private final CalloutLimits limits;
    private final Cache<String, DomainBudget> domains;
    private final Cache<String, Gcra> hosts;
    private final ClientWatch clients;
    private final Gcra overall = new Gcra();
    private @Nullable Instant emptied;

    /**
     * Full budgets.
     *
     * @param bounded makes a table of so many entries at most, which goes by the state's clock
     */
    Budgets(CalloutLimits limits, IntFunction<Caffeine<Object, Object>> bounded) {
        this.limits = limits;
        int half = Math.max(1, limits.addresses() / 2);
        this.domains = bounded.apply(half).expireAfterAccess(IDLE).build();
        this.hosts = bounded.apply(half).expireAfterAccess(IDLE).build();
        this.clients = new ClientWatch(
                bounded.apply(half).expireAfterWrite(StateRules.CLIENT_WINDOW).build(), limits.badSendersPerClient());
    }

    /**
     * Takes a probe from the budgets, or from none of them if one does not allow it.
     *
     * @param catchAll what is known of the domain
     * @param running how many probes of the registrable domain are running
     * @return what does not allow it
     */
    Optional<Limiter> take(Question question, ProbeRequest.Known catchAll, int running, Instant now) {
        if (!question.mayProbe()) {
            return Optional.of(Limiter.OVERALL);
        }
        if (clients.isExhausted(question.client())) {
            return Optional.of(Limiter.CLIENT);
        }
        // One probe alone finds out whether the domain takes anything; two would cost its owner twice.
        int atOnce = catchAll == ProbeRequest.Known.UNKNOWN ? 1 : limits.probesPerDomain() * question.boost();
        if (running >= atOnce) {
            return Optional.of(Limiter.DOMAIN_PROBES);
        }
        DomainBudget domain = domain(question);
        if (!domain.probes.allows(limits.perDomain(), question.preferred(), question.boost(), now)) {
            return Optional.of(Limiter.DOMAIN);
        }
        if (!overall.allows(limits.overall(), question.preferred(), 1, now)) {
            return Optional.of(Limiter.OVERALL);
        }
        // The last one asked, since it takes from the trickle.
        if (!domain.watch(question).admits(now)) {
            return Optional.of(Limiter.FORGERY);
        }
        overall.take(limits.overall(), question.preferred(), 1, now);
        domain.probes.take(limits.perDomain(), question.preferred(), question.boost(), now);
        return Optional.empty();
    }

    boolean takeHost(InetAddress address, Question question, Instant now) {
        return hosts.get(HostKeys.budget(address), key -> emptied(new Gcra(), limits.perHost()))
                .take(limits.perHost(), question.preferred(), 1, now);
    }

    /** Counts an answer for its domain and against its client. */
    void count(Lesson lesson, Instant now) {
        Question question = lesson.grant().question();
        domain(question).watch(question).count(lesson.tally(), limits.forgeriesPerDomain(), now);
        if (lesson.badSender()) {
            clients.count(question.client(), question.address());
        }
    }

    /** Takes all that there is; budgets that are made later are empty at the same time. */
    void empty(Instant now) {
        emptied = now;
        emptied(overall, limits.overall());
        domains.asMap().values().forEach(domain -> emptied(domain.probes, limits.perDomain()));
        hosts.asMap().values().forEach(host -> emptied(host, limits.perHost()));
    }

    long forgedDomains(Instant now) {
        return domains.asMap().values().stream()
                .filter(domain -> domain.others.isForged(now) || domain.preferred.isForged(now))
                .count();
    }

    private DomainBudget domain(Question question) {
        return domains.get(question.registrable(), key -> {
            DomainBudget budget = new DomainBudget();
            emptied(budget.probes, limits.perDomain());
            return budget;
        });
    }

    private Gcra emptied(Gcra budget, Rate rate) {
        if (emptied != null) {
            budget.empty(rate, emptied);
        }
        return budget;
    }
}

package org.senderauth.spf;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.spf.EvaluationAbortedException.AnswerPendingException;
import org.senderauth.spf.EvaluationAbortedException.SpfErrorException;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Modifier;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Prefetches DNS answers. When an evaluation waits for the first time, the queries of all later terms are sent at once,
 * and those of the records that they refer to as these arrive: waiting grows with the depth of includes, not with their
 * number. It follows no more terms than the limit of DNS lookups (RFC 7208 section 4.6.4), and no terms after one that is
 * certain to match. It never changes a result. Thread-safe.
 */
final class Prefetch {

    private final CheckContext check;
    private @Nullable Set<Name> records;
    private int terms;

    Prefetch(CheckContext check) {
        this.check = check;
    }

    /** Prefetches what the open records need after the terms that they have reached. */
    synchronized void from(@Nullable OpenRecord innermost, int lookupsSoFar) {
        if (!check.prefetches()) {
            return;
        }
        terms = Math.max(terms, lookupsSoFar);
        for (OpenRecord open = innermost; open != null; open = open.outer) {
            record(open.record, open.next(), open.domain);
        }
    }

    private synchronized void record(PreparedRecord record, int first, TargetDomain domain) {
        // Created when it is needed: most checks find all answers in a cache, and never wait.
        records = records == null ? new HashSet<>() : records;
        if (domain.name() == null || !records.add(domain.name())) {
            return;
        }
        for (int i = first; i < record.size(); i++) {
            Mechanism mechanism = record.mechanism(i);
            if (isSureToMatch(mechanism)) {
                return;
            }
            if (mechanism.countsAsLookup()) {
                DomainSpec spec = mechanism.domain();
                TargetDomain fixed = record.fixedTarget(i);
                TargetDomain target = fixed != null ? fixed : spec == null ? domain : expanded(spec, domain);
                if (target != null && target.name() != null && !ask(mechanism, target)) {
                    return;
                }
            }
        }
        Modifier.Redirect redirect = record.redirect();
        TargetDomain target = redirect == null ? null : expanded(redirect.domain(), domain);
        if (target != null && target.name() != null && terms < check.limits().lookups()) {
            terms++;
            follow(target, target.name());
        }
    }

    private boolean isSureToMatch(Mechanism mechanism) {
        return mechanism instanceof Mechanism.All
                || mechanism instanceof Mechanism.Ip4 ip4
                        && ip4.network().contains(check.sender().client())
                || mechanism instanceof Mechanism.Ip6 ip6
                        && ip6.network().contains(check.sender().client());
    }

    // A domain with the client's name needs answers itself: left to the evaluation.
    private @Nullable TargetDomain expanded(DomainSpec spec, TargetDomain domain) {
        if (spec.macros().uses('p') || check.macros().cannotMatch(spec)) {
            return null;
        }
        try {
            return check.macros().domain(spec, domain, () -> "");
        } catch (AnswerPendingException | SpfErrorException e) {
            throw new IllegalStateException("no answer was needed", e);
        }
    }

    // False if the limit of DNS lookups is reached.
    private boolean ask(Mechanism mechanism, TargetDomain target) {
        Name name = target.name();
        if (name == null || terms >= check.limits().lookups()) {
            return false;
        }
        terms++;
        switch (mechanism.query()) {
            case TXT -> follow(target, name);
            case ADDRESS -> start(name, check.sender().addressType());
            case MX -> start(name, Type.MX).thenAccept(this::exchangers);
            case PTR ->
                start(ValidatedClientNames.reverseName(check.sender()), Type.PTR)
                        .thenAccept(answer -> clientNames(answer, name));
            default -> start(name, Type.A);
        }
        return true;
    }

    private void follow(TargetDomain target, Name name) {
        if (target.text().indexOf('.') < 0) {
            return;
        }
        start(name, Type.TXT).thenAccept(answer -> {
            List<TXTRecord> found = RecordCache.spfRecords(answer);
            PreparedRecord record = found.size() == 1 ? check.records().read(found.get(0)) : null;
            if (record != null && record.parse().problems().isEmpty()) {
                record(record, 0, target);
            }
        });
    }

    private void exchangers(DnsAnswer answer) {
        if (answer instanceof Records records) {
            List<MXRecord> exchangers = MechanismMatcher.exchangers(records);
            exchangers.stream()
                    .limit(check.limits().mxNames())
                    .forEach(mx -> start(mx.getTarget(), check.sender().addressType()));
        }
    }

    private void clientNames(DnsAnswer reverse, Name domain) {
        for (Name name : ValidatedClientNames.names(reverse, check.limits().ptrNames())) {
            if (name.subdomain(domain)) {
                start(name, check.sender().addressType());
            }
        }
    }

    private CompletableFuture<DnsAnswer> start(Name name, int type) {
        return check.answers().ahead(name, type);
    }
}

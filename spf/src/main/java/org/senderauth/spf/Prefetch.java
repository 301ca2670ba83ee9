package org.senderauth.spf;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Records;
import org.senderauth.spf.Halt.Pending;
import org.senderauth.spf.Halt.Stopped;
import org.senderauth.spf.syntax.DomainSpec;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Modifier;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Asks ahead. When an evaluation has to wait for the first time, the questions of all terms behind are asked at once, and
 * those of the records that these lead to as they arrive; so waiting grows with the depth of includes, not with their
 * number. Not more terms are followed than the check may have (RFC 7208 section 4.6.4), and none behind a term that is
 * sure to match. It decides nothing: what it asks in vain is not looked at. Thread-safe.
 */
final class Prefetch {

    private final Check check;
    private final Set<Name> records = new HashSet<>();
    private int terms;

    Prefetch(Check check) {
        this.check = check;
    }

    /** Asks what the open records need behind the terms that they have reached. */
    synchronized void from(Evaluation.@Nullable Frame innermost, int lookupsSoFar) {
        terms = Math.max(terms, lookupsSoFar);
        for (Evaluation.Frame frame = innermost; frame != null; frame = frame.outer) {
            record(frame.record, frame.next, frame.domain);
        }
    }

    private synchronized void record(PreparedRecord record, int first, Target domain) {
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
                Target fixed = record.fixedTarget(i);
                Target target = fixed != null ? fixed : spec == null ? domain : expanded(spec, domain);
                if (target != null && target.name() != null && !ask(mechanism, target)) {
                    return;
                }
            }
        }
        Modifier.Redirect redirect = record.redirect();
        Target target = redirect == null ? null : expanded(redirect.domain(), domain);
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

    // A domain that holds the client's name needs answers itself, so it is left to the evaluation.
    private @Nullable Target expanded(DomainSpec spec, Target domain) {
        if (spec.macros().uses('p') || check.macros().cannotMatch(spec)) {
            return null;
        }
        try {
            return check.macros().domain(spec, domain, () -> "");
        } catch (Pending | Stopped e) {
            throw new IllegalStateException("no answer was needed", e);
        }
    }

    // False if the check may have no more terms that ask.
    private boolean ask(Mechanism mechanism, Target target) {
        Name name = target.name();
        if (name == null || terms >= check.limits().lookups()) {
            return false;
        }
        terms++;
        if (mechanism instanceof Mechanism.Include) {
            follow(target, name);
        } else if (mechanism instanceof Mechanism.A) {
            start(name, check.sender().addressType());
        } else if (mechanism instanceof Mechanism.Exists) {
            start(name, Type.A);
        } else if (mechanism instanceof Mechanism.Mx) {
            start(name, Type.MX).thenAccept(this::exchangers);
        } else {
            start(ClientNames.reverseName(check.sender()), Type.PTR).thenAccept(answer -> clientNames(answer, name));
        }
        return true;
    }

    private void follow(Target target, Name name) {
        if (target.text().indexOf('.') < 0) {
            return;
        }
        start(name, Type.TXT).thenAccept(answer -> {
            List<TXTRecord> found = RecordCache.spfRecords(answer);
            if (found.size() == 1) {
                PreparedRecord record = check.records().read(found.get(0));
                if (record.parse().problems().isEmpty()) {
                    record(record, 0, target);
                }
            }
        });
    }

    private void exchangers(DnsAnswer answer) {
        if (answer instanceof Records records) {
            List<MXRecord> exchangers = Matcher.exchangers(records);
            if (exchangers.size() <= check.limits().mxNames()) {
                exchangers.forEach(mx -> start(mx.getTarget(), check.sender().addressType()));
            }
        }
    }

    private void clientNames(DnsAnswer reverse, Name domain) {
        for (Name name : ClientNames.names(reverse, check.limits().ptrNames())) {
            if (name.subdomain(domain)) {
                start(name, check.sender().addressType());
            }
        }
    }

    private CompletableFuture<DnsAnswer> start(Name name, int type) {
        return check.answers().to(name, type);
    }
}

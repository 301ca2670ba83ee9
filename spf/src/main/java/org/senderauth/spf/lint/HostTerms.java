package org.senderauth.spf.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.lint.WorstCase.Family;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Qualifier;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** What {@code a}, {@code mx}, {@code ptr} and {@code exists} cost, and whether their names are alive. */
final class HostTerms {

    private static final int MOST_QUOTED = 3;

    private final Questions questions;
    private final WorstCase worst;

    HostTerms(Questions questions, WorstCase worst) {
        this.questions = questions;
        this.worst = worst;
    }

    /** Counts what a term costs, and says what came back; empty if there is nothing to say. */
    String check(Visit visit, Mechanism mechanism) {
        worst.lookup();
        boolean grants = visit.grants() && mechanism.qualifier() == Qualifier.PASS;
        if (mechanism instanceof Mechanism.Ptr) {
            worst.empty("PTR of the client");
            return unknown(grants, "the client's own name decides");
        }
        Target target = Target.of(mechanism.domain(), visit.name());
        if (target instanceof Target.Unknown) {
            // The worst case is a client that the name does not exist for.
            worst.empty(mechanism.name() + ":"
                    + Objects.requireNonNull(mechanism.domain()).text());
            return unknown(grants, "depends on the client or sender");
        }
        if (!(target instanceof Target.Known known)) {
            return "no domain name: matches nobody";
        }
        if (mechanism instanceof Mechanism.A) {
            return a(visit, mechanism, known.name(), grants);
        }
        return mechanism instanceof Mechanism.Mx
                ? mx(visit, mechanism, known.name(), grants)
                : exists(visit, mechanism, known.name(), grants);
    }

    private String unknown(boolean grants, String remark) {
        if (grants) {
            worst.grants();
        }
        return remark;
    }

    private String a(Visit visit, Mechanism term, Name name, boolean grants) {
        Addresses found = addresses(name, grants);
        if (found.trouble() != null) {
            return noAnswer(visit, term, name, found.trouble());
        }
        if (found.isEmpty()) {
            dead(visit, term, found.says(name));
        }
        return found.remark();
    }

    private String mx(Visit visit, Mechanism term, Name name, boolean grants) {
        DnsAnswer answer = questions.answer(name, Type.MX);
        if (answer instanceof DnsAnswer.Unavailable trouble) {
            return noAnswer(visit, term, name, trouble);
        }
        if (!(answer instanceof DnsAnswer.Records records)) {
            worst.empty("MX of " + DomainNames.text(name));
            dead(visit, term, nothing(name, answer, "MX record"));
            return nothing(answer, "MX");
        }
        List<Name> hosts = new ArrayList<>();
        for (Record record : records.records()) {
            Name host = ((MXRecord) record).getTarget();
            if (!host.equals(Name.root)) {
                hosts.add(host);
            }
        }
        if (hosts.isEmpty()) {
            dead(visit, term, "\"" + DomainNames.text(name) + "\" has a null MX record: it takes no mail");
            return "null MX";
        }
        if (hosts.size() > SpfLinter.MX_LIMIT) {
            visit.findings()
                    .add(
                            LintRule.TOO_MANY_MX,
                            term.span(),
                            "\"" + DomainNames.text(name) + "\" has " + hosts.size() + " MX hosts, more than "
                                    + SpfLinter.MX_LIMIT + ": receivers answer permerror",
                            "list the networks with ip4 and ip6");
        }
        return hosts(visit, term, hosts.subList(0, Math.min(hosts.size(), SpfLinter.MX_LIMIT)), grants);
    }

    private String hosts(Visit visit, Mechanism term, List<Name> hosts, boolean grants) {
        for (Name host : hosts) {
            questions.prepare(host, Type.A);
            questions.prepare(host, Type.AAAA);
        }
        List<String> lacking = new ArrayList<>();
        for (Name host : hosts) {
            Addresses found = addresses(host, grants);
            if (found.trouble() != null) {
                return noAnswer(visit, term, host, found.trouble());
            }
            if (found.isEmpty()) {
                dead(visit, term, "its MX host " + found.says(host));
            }
            if (!found.remark().isEmpty()) {
                lacking.add(DomainNames.text(host) + " " + found.remark());
            }
        }
        String quoted = String.join("; ", lacking.subList(0, Math.min(lacking.size(), MOST_QUOTED)));
        return lacking.size() > MOST_QUOTED ? quoted + "; and " + (lacking.size() - MOST_QUOTED) + " more" : quoted;
    }

    private String exists(Visit visit, Mechanism term, Name name, boolean grants) {
        DnsAnswer answer = questions.answer(name, Type.A);
        if (answer instanceof DnsAnswer.Unavailable trouble) {
            return noAnswer(visit, term, name, trouble);
        }
        if (answer instanceof DnsAnswer.Records) {
            if (grants) {
                visit.findings()
                        .add(
                                LintRule.PASSES_EVERYBODY,
                                term.span(),
                                "\"" + DomainNames.text(name) + "\" has an address, so that this matches every client",
                                "use a macro such as %{i} in the name, or another mechanism");
                worst.grants();
            }
            return "matches everybody";
        }
        worst.empty("A of " + DomainNames.text(name));
        dead(visit, term, nothing(name, answer, "A record"));
        return nothing(answer, "A");
    }

    /** The two answers about a host's addresses, or the trouble that kept one away. */
    private record Addresses(DnsAnswer a, DnsAnswer aaaa, DnsAnswer.@Nullable Unavailable trouble) {

        boolean isEmpty() {
            return a.isVoid() && aaaa.isVoid();
        }

        String remark() {
            if (isEmpty()) {
                return nothing(a, "address");
            }
            return a.isVoid() ? "no A" : aaaa.isVoid() ? "no AAAA" : "";
        }

        String says(Name name) {
            return nothing(name, a, "address");
        }
    }

    private Addresses addresses(Name name, boolean grants) {
        DnsAnswer a = questions.answer(name, Type.A);
        DnsAnswer aaaa = questions.answer(name, Type.AAAA);
        count(Family.IP4, a, name, grants);
        count(Family.IP6, aaaa, name, grants);
        Optional<DnsAnswer.Unavailable> trouble = java.util.stream.Stream.of(a, aaaa)
                .filter(DnsAnswer.Unavailable.class::isInstance)
                .map(DnsAnswer.Unavailable.class::cast)
                .findFirst();
        return new Addresses(a, aaaa, trouble.orElse(null));
    }

    private void count(Family family, DnsAnswer answer, Name name, boolean grants) {
        if (answer.isVoid()) {
            worst.empty(family, family.recordType() + " of " + DomainNames.text(name));
        } else if (answer instanceof DnsAnswer.Records && grants) {
            worst.grants(family);
        }
    }

    private String noAnswer(Visit visit, Mechanism term, Name name, DnsAnswer.Unavailable trouble) {
        worst.incomplete();
        IncludeRules.noAnswer(visit, term, name, trouble, "mend the name servers or remove the term");
        return "no answer";
    }

    private static void dead(Visit visit, Mechanism term, String what) {
        visit.findings()
                .add(
                        LintRule.DEAD_NAME,
                        term.span(),
                        what + ": the term matches nobody, and is one of the empty answers that only "
                                + SpfLinter.VOID_LIMIT + " may be",
                        "correct the name, or remove the term");
    }

    private static String nothing(Name name, DnsAnswer answer, String what) {
        return "\"" + DomainNames.text(name) + "\" "
                + (answer instanceof DnsAnswer.NoSuchDomain ? "does not exist" : "has no " + what);
    }

    private static String nothing(DnsAnswer answer, String what) {
        return answer instanceof DnsAnswer.NoSuchDomain ? "no such name" : "no " + what;
    }
}

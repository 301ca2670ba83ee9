package org.senderauth.spf.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.lint.WorstCase.Family;
import org.senderauth.spf.syntax.IpAddress;
import org.senderauth.spf.syntax.Mechanism;
import org.senderauth.spf.syntax.Qualifier;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Checks what {@code a}, {@code mx}, {@code ptr} and {@code exists} cost, and whether their names resolve. */
final class HostTermRules {

    private static final int MOST_QUOTED = 3;

    private final LintResolver questions;
    private final WorstCase worst;

    HostTermRules(LintResolver questions, WorstCase worst) {
        this.questions = questions;
        this.worst = worst;
    }

    /** Counts what a term costs and returns a remark on the DNS answers; empty if there is none. */
    String check(RecordVisit visit, Mechanism mechanism) {
        worst.lookup();
        boolean grants = visit.grants() && mechanism.qualifier() == Qualifier.PASS;
        if (mechanism instanceof Mechanism.Ptr) {
            return unknown(grants, "depends on the client's PTR records");
        }
        TermTarget target = TermTarget.of(mechanism.domain(), visit);
        if (target instanceof TermTarget.Unknown) {
            // The worst case is a client for which the name does not exist.
            worst.voidTerm();
            worst.empty(mechanism.name() + ":"
                    + Objects.requireNonNull(mechanism.domain()).text());
            return unknown(grants, "depends on the client or sender");
        }
        if (!(target instanceof TermTarget.Known known)) {
            return "not a valid domain name: matches no client";
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

    private String a(RecordVisit visit, Mechanism term, Name name, boolean grants) {
        Addresses found = addresses(name, grants);
        if (found.failure() != null) {
            return noAnswer(visit, term, name, found.failure());
        }
        if (found.isEmpty()) {
            worst.voidTerm();
            dead(visit, term, found.says(name));
        }
        return found.remark();
    }

    private String mx(RecordVisit visit, Mechanism term, Name name, boolean grants) {
        DnsAnswer answer = questions.answer(name, Type.MX);
        if (answer instanceof DnsAnswer.Unavailable failure) {
            return noAnswer(visit, term, name, failure);
        }
        if (!(answer instanceof DnsAnswer.Records records)) {
            worst.voidTerm();
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
            nullMx(visit, term, name);
            return "null MX";
        }
        if (hosts.size() > LintLimits.MX_HOSTS) {
            visit.findings()
                    .add(
                            LintRule.TOO_MANY_MX,
                            term.span(),
                            "\"" + DomainNames.text(name) + "\" has " + hosts.size() + " MX hosts (limit "
                                    + LintLimits.MX_HOSTS + "); clients that match none of the first "
                                    + LintLimits.MX_HOSTS + " get permerror",
                            "list the networks with ip4 and ip6");
        }
        return hosts(visit, term, hosts.subList(0, Math.min(hosts.size(), LintLimits.MX_HOSTS)), grants);
    }

    private String hosts(RecordVisit visit, Mechanism term, List<Name> hosts, boolean grants) {
        for (Name host : hosts) {
            questions.prepare(host, Type.A);
            questions.prepare(host, Type.AAAA);
        }
        List<String> lacking = new ArrayList<>();
        for (Name host : hosts) {
            Addresses found = addresses(host, grants);
            if (found.failure() != null) {
                return noAnswer(visit, term, host, found.failure());
            }
            if (found.isEmpty()) {
                worst.voidTerm();
                deadHost(visit, term, host, found.says(host));
            }
            if (!found.remark().isEmpty()) {
                lacking.add(DomainNames.text(host) + " " + found.remark());
            }
        }
        String quoted = String.join("; ", lacking.subList(0, Math.min(lacking.size(), MOST_QUOTED)));
        return lacking.size() > MOST_QUOTED ? quoted + "; and " + (lacking.size() - MOST_QUOTED) + " more" : quoted;
    }

    private String exists(RecordVisit visit, Mechanism term, Name name, boolean grants) {
        DnsAnswer answer = questions.answer(name, Type.A);
        if (answer instanceof DnsAnswer.Unavailable failure) {
            return noAnswer(visit, term, name, failure);
        }
        if (answer instanceof DnsAnswer.Records) {
            if (grants) {
                visit.findings()
                        .add(
                                LintRule.ALLOWS_EVERYONE,
                                term.span(),
                                "\"" + DomainNames.text(name) + "\" has an address: this term matches every client",
                                "use a macro such as %{i} in the name, or another mechanism");
                worst.grants();
            }
            return "matches every client";
        }
        worst.voidTerm();
        worst.empty("A of " + DomainNames.text(name));
        dead(visit, term, nothing(name, answer, "A record"));
        return nothing(answer, "A");
    }

    /** The two answers about a host's addresses, or the failure of one. */
    private record Addresses(DnsAnswer a, DnsAnswer aaaa, DnsAnswer.@Nullable Unavailable failure) {

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
        Optional<DnsAnswer.Unavailable> failure = java.util.stream.Stream.of(a, aaaa)
                .filter(DnsAnswer.Unavailable.class::isInstance)
                .map(DnsAnswer.Unavailable.class::cast)
                .findFirst();
        return new Addresses(a, aaaa, failure.orElse(null));
    }

    private void count(Family family, DnsAnswer answer, Name name, boolean grants) {
        if (answer.isVoid()) {
            worst.empty(family, family.recordType() + " of " + DomainNames.text(name));
        } else if (answer instanceof DnsAnswer.Records && grants) {
            worst.grants(family);
        }
    }

    private String noAnswer(RecordVisit visit, Mechanism term, Name name, DnsAnswer.Unavailable failure) {
        worst.incomplete();
        IncludeRules.noAnswer(visit, term, name, failure, "fix the domain's name servers or remove the term");
        return "no response";
    }

    private static void deadHost(RecordVisit visit, Mechanism term, Name host, String what) {
        String text = DomainNames.text(host);
        if (IpAddress.parse(text).isEmpty()) {
            dead(visit, term, "its MX host " + what);
            return;
        }
        visit.findings()
                .add(
                        LintRule.UNRESOLVABLE_NAME,
                        term.span(),
                        "an MX record points to the address " + text + "; it must name a host (RFC 5321 section 5.1),"
                                + " so the term matches no client there",
                        "point the MX record to a host name with an A or AAAA record");
    }

    private static void dead(RecordVisit visit, Mechanism term, String what) {
        visit.findings()
                .add(
                        LintRule.UNRESOLVABLE_NAME,
                        term.span(),
                        what + "; the term matches no client and costs a void lookup (limit " + LintLimits.VOID_LOOKUPS
                                + ")",
                        "correct the name, or remove the term");
    }

    private static void nullMx(RecordVisit visit, Mechanism term, Name name) {
        visit.findings()
                .add(
                        LintRule.UNRESOLVABLE_NAME,
                        term.span(),
                        "\"" + DomainNames.text(name) + "\" has a null MX (RFC 7505); mx matches no client",
                        "remove the term");
    }

    private static String nothing(Name name, DnsAnswer answer, String what) {
        return "\"" + DomainNames.text(name) + "\" "
                + (answer instanceof DnsAnswer.NoSuchDomain ? "does not exist" : "has no " + what);
    }

    private static String nothing(DnsAnswer answer, String what) {
        return answer instanceof DnsAnswer.NoSuchDomain ? "NXDOMAIN" : "no " + what;
    }
}

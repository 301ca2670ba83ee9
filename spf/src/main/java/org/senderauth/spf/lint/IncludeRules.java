package org.senderauth.spf.lint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.syntax.Modifier;
import org.senderauth.spf.syntax.SpfParser;
import org.senderauth.spf.syntax.Term;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;

/** Checks the target of an include, a redirect or an exp. */
final class IncludeRules {

    /** The end that is never suggested: it authorizes every client. */
    private static final String PASS_ALL = "+all";

    private IncludeRules() {}

    static String dead(RecordVisit visit, Term term, Name name, DnsAnswer answer, TxtRecordSet published) {
        boolean absent = answer instanceof DnsAnswer.NoSuchDomain;
        String quoted = "\"" + DomainNames.text(name) + "\"";
        String why = absent
                ? quoted + " does not exist"
                : published.lookAlikes().isEmpty()
                        ? quoted + " has no SPF record"
                        : quoted + " has a TXT record that only resembles SPF";
        dead(visit, term, why, DomainNames.text(name));
        return absent ? "NXDOMAIN" : "no SPF record";
    }

    static void dead(RecordVisit visit, Term term, String why, String name) {
        boolean blankMissing = name.matches("(?i).*[^.](-|~)all");
        visit.findings()
                .add(
                        LintRule.UNRESOLVABLE_INCLUDE,
                        term.span(),
                        why + "; receivers return permerror",
                        blankMissing
                                ? "insert a space before \"" + name.substring(name.length() - 4) + "\""
                                : "correct the name, or remove the term");
    }

    static void loop(RecordVisit visit, Term term, Name name) {
        visit.findings()
                .add(
                        LintRule.INCLUDE_LOOP,
                        term.span(),
                        "include loop (" + String.join(" > ", visit.path()) + " > " + DomainNames.text(name)
                                + "); receivers return permerror",
                        "remove the term");
    }

    static void noAnswer(RecordVisit visit, Term term, Name name, DnsAnswer.Unavailable failure) {
        noAnswer(visit, term, name, failure, "fix the domain's name servers");
    }

    static void noAnswer(RecordVisit visit, Term term, Name name, DnsAnswer.Unavailable failure, String fix) {
        visit.findings()
                .add(
                        LintRule.DNS_ERROR,
                        term.span(),
                        "no DNS response for \"" + DomainNames.text(name) + "\": " + failure.detail()
                                + "; receivers return temperror",
                        "try again; if it persists, " + fix);
    }

    static void severalRecords(RecordVisit visit, Term term, Name name, TxtRecordSet published) {
        visit.findings()
                .add(
                        LintRule.MULTIPLE_RECORDS,
                        term.span(),
                        "\"" + DomainNames.text(name) + "\" has "
                                + published.records().size()
                                + " SPF records; receivers return permerror (RFC 7208 section 4.5)",
                        "ask its operator to merge them");
    }

    /**
     * Reports a record that is evaluated again.
     *
     * @param both whether both terms authorize its clients
     */
    static void twice(WorstCase.@Nullable Blame blame, Name name, boolean both) {
        if (blame != null) {
            blame.findings()
                    .add(
                            LintRule.DUPLICATE_INCLUDE,
                            blame.span(),
                            "\"" + DomainNames.text(name) + "\" is included twice; its DNS lookups are counted twice",
                            both
                                    ? "remove one of the two terms"
                                    : "include it once, in the term that is to decide about its clients");
        }
    }

    static void empty(RecordVisit visit, Term term, Name name) {
        visit.findings()
                .add(
                        LintRule.EMPTY_INCLUDE,
                        term.span(),
                        "\"" + DomainNames.text(name) + "\" authorizes no clients; the lookup is wasted",
                        "remove the term");
    }

    static void explanation(RecordVisit visit, Modifier.Explanation term, Name name, DnsAnswer answer) {
        if (answer instanceof DnsAnswer.Unavailable) {
            return;
        }
        String quoted = "\"" + DomainNames.text(name) + "\"";
        String why = "";
        List<TXTRecord> texts = new ArrayList<>();
        if (answer instanceof DnsAnswer.Records records) {
            for (Record record : records.records()) {
                if (record instanceof TXTRecord txt) {
                    texts.add(txt);
                }
            }
        }
        if (texts.size() != 1) {
            why = texts.isEmpty() ? quoted + " has no TXT record" : quoted + " has " + texts.size() + " TXT records";
        } else {
            String text = new String(DnsAnswer.Records.text(texts.get(0)), StandardCharsets.ISO_8859_1);
            try {
                SpfParser.parseExplanation(text);
            } catch (IllegalArgumentException e) {
                why = "the text at " + quoted + " is unusable: " + e.getMessage();
            }
        }
        if (!why.isEmpty()) {
            visit.findings()
                    .add(
                            LintRule.UNRESOLVABLE_EXP,
                            term.span(),
                            why + "; receivers use their own explanation",
                            "publish one TXT record with the explanation, or remove the term");
        }
    }

    /**
     * Returns one record with the terms of several and the strictest of their ends: a merged record must not authorize
     * clients that one of them rejects.
     */
    static String joined(List<TxtRecordSet.Text> records) {
        Set<String> terms = new LinkedHashSet<>();
        String end = "";
        for (TxtRecordSet.Text record : records) {
            for (String term : record.octets().substring("v=spf1".length()).split(" +")) {
                boolean all = term.matches("(?i)[+?~-]?all");
                if (all) {
                    end = stricter(end, term);
                } else if (!all && !term.isEmpty()) {
                    terms.add(term);
                }
            }
        }
        return "v=spf1 " + String.join(" ", terms) + (end.isEmpty() ? "" : " " + (end.equals(PASS_ALL) ? "-all" : end));
    }

    private static String stricter(String end, String all) {
        for (String sign : List.of("-", "~", "?")) {
            if (end.startsWith(sign) || all.startsWith(sign)) {
                return sign + "all";
            }
        }
        return PASS_ALL;
    }
}

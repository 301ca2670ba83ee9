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

/** What an include, a redirect or an exp leads to. */
final class IncludeRules {

    private IncludeRules() {}

    static String dead(Visit visit, Term term, Name name, DnsAnswer answer, Publication published) {
        boolean absent = answer instanceof DnsAnswer.NoSuchDomain;
        String quoted = "\"" + DomainNames.text(name) + "\"";
        String why = absent
                ? quoted + " does not exist"
                : published.lookAlikes().isEmpty()
                        ? quoted + " has no SPF record"
                        : quoted + " has a TXT record that only looks like SPF";
        dead(visit, term, why, DomainNames.text(name));
        return absent ? "no such name" : "no SPF record";
    }

    static void dead(Visit visit, Term term, String why, String name) {
        boolean blankMissing = name.matches("(?i).*[^.](-|~)all");
        visit.findings()
                .add(
                        LintRule.DEAD_INCLUDE,
                        term.span(),
                        why + ": receivers answer permerror",
                        blankMissing
                                ? "a blank is missing in front of \"" + name.substring(name.length() - 4) + "\""
                                : "correct the name, or remove the term");
    }

    static void loop(Visit visit, Term term, Name name) {
        visit.findings()
                .add(
                        LintRule.LOOP,
                        term.span(),
                        "\"" + DomainNames.text(name) + "\" is being read already ("
                                + String.join(" > ", visit.path()) + " > " + DomainNames.text(name)
                                + "): receivers answer permerror",
                        "remove the term");
    }

    static void noAnswer(Visit visit, Term term, Name name, DnsAnswer.Unavailable trouble) {
        noAnswer(visit, term, name, trouble, "the name servers of that domain need mending");
    }

    static void noAnswer(Visit visit, Term term, Name name, DnsAnswer.Unavailable trouble, String lastingRemedy) {
        visit.findings()
                .add(
                        LintRule.NO_ANSWER,
                        term.span(),
                        "the DNS gave no answer about \"" + DomainNames.text(name) + "\": " + trouble.detail()
                                + "; receivers answer temperror",
                        "try again later; if it stays, " + lastingRemedy);
    }

    static void severalRecords(Visit visit, Term term, Name name, Publication published) {
        visit.findings()
                .add(
                        LintRule.SEVERAL_RECORDS,
                        term.span(),
                        "\"" + DomainNames.text(name) + "\" has "
                                + published.records().size() + " SPF records: receivers answer permerror",
                        "have its operator join them");
    }

    static void twice(WorstCase.@Nullable Blame blame, Name name) {
        if (blame != null) {
            blame.findings()
                    .add(
                            LintRule.INCLUDED_TWICE,
                            blame.span(),
                            "this leads to \"" + DomainNames.text(name)
                                    + "\" again; a client that it did not match before costs its lookups twice",
                            "remove the include that the other one covers");
        }
    }

    static void empty(Visit visit, Term term, Name name) {
        visit.findings()
                .add(
                        LintRule.EMPTY_INCLUDE,
                        term.span(),
                        "the record of \"" + DomainNames.text(name)
                                + "\" authorises nobody, so that this costs lookups for nothing",
                        "remove the term");
    }

    static void explanation(Visit visit, Modifier.Explanation term, Name name, DnsAnswer answer) {
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
                why = "the text at " + quoted + " cannot be used: " + e.getMessage();
            }
        }
        if (!why.isEmpty()) {
            visit.findings()
                    .add(
                            LintRule.DEAD_EXPLANATION,
                            term.span(),
                            why + "; receivers give their own explanation",
                            "publish one TXT record with the text there, or remove the term");
        }
    }

    /** One record that says what several say together, with the first one's end. */
    static String joined(List<Publication.Text> records) {
        Set<String> terms = new LinkedHashSet<>();
        String end = "";
        for (Publication.Text record : records) {
            for (String term : record.octets().substring("v=spf1".length()).split(" +")) {
                boolean all = term.matches("(?i)[+?~-]?all");
                if (all && end.isEmpty()) {
                    end = " " + term;
                } else if (!all && !term.isEmpty()) {
                    terms.add(term);
                }
            }
        }
        return "v=spf1 " + String.join(" ", terms) + end;
    }
}

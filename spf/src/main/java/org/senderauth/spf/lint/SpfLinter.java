package org.senderauth.spf.lint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.syntax.SpfParser;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * A linter for SPF records and all that they include. It finds syntax errors and suggests what was meant, terms without
 * effect, unresolvable names, and the worst case of DNS lookups and void lookups for IPv4 and IPv6 clients. {@link
 * LintRule} lists the rules. A fix never authorizes more clients than the record does.
 *
 * <p>Thread-safe. A run sends at most {@value #MAX_QUESTIONS} queries.
 */
public final class SpfLinter {

    /** The maximum number of queries of one run; a hostile tree could need any number. */
    public static final int MAX_QUESTIONS = 1000;

    private static final long DRAFT_TTL = 0;

    private final DnsClient dns;

    SpfLinter(DnsClient dns) {
        this.dns = dns;
    }

    /**
     * Returns a linter that uses a DNS client.
     *
     * @param dns the client
     * @return the linter
     */
    public static SpfLinter of(DnsClient dns) {
        return new SpfLinter(DnsClient.guarded(Objects.requireNonNull(dns, "dns")));
    }

    /**
     * Checks the record that a domain publishes; waits for the DNS.
     *
     * @param domain the domain
     * @return the findings
     * @throws IllegalArgumentException if the text is not a valid domain name
     */
    public LintReport lint(String domain) {
        return lint(DomainNames.of(Objects.requireNonNull(domain, "domain")), dns);
    }

    /**
     * Checks a draft as if it were the domain's only record; waits for the DNS.
     *
     * @param domain the domain
     * @param record the record's text; characters beyond ASCII become UTF-8
     * @return the findings
     * @throws IllegalArgumentException if the domain is not a valid domain name
     */
    public LintReport lintDraft(String domain, String record) {
        Name name = DomainNames.of(Objects.requireNonNull(domain, "domain"));
        DnsAnswer draft = new DnsAnswer.Records(
                List.of(txt(name, Objects.requireNonNull(record, "record"))), DRAFT_TTL, List.of(), List.of());
        return lint(
                name,
                (asked, type) -> type == Type.TXT && asked.equals(name)
                        ? CompletableFuture.completedFuture(draft)
                        : dns.query(asked, type));
    }

    /**
     * Checks the text of a record alone, without the DNS.
     *
     * @param domain the domain that the record is for
     * @param record the record's text, one char for each byte
     * @return the findings, the most severe first
     */
    public static List<LintFinding> lintText(String domain, String record) {
        List<LintFinding> found = new ArrayList<>();
        text(new TxtRecordSet.Text(record, List.of()), List.of(domain), found);
        return sorted(found);
    }

    private static LintReport lint(Name name, DnsClient dns) {
        LintResolver questions = new LintResolver(dns, MAX_QUESTIONS);
        questions.prepare(name, Type.TXT);
        questions.prepare(name, Type.SPF);
        String domain = DomainNames.text(name);
        DnsAnswer answer = questions.answer(name, Type.TXT);
        TxtRecordSet published = TxtRecordSet.of(name, answer);
        List<LintFinding> found = new ArrayList<>();
        RecordFindings general = new RecordFindings(found, List.of(domain), "", false, true);
        if (answer instanceof DnsAnswer.Unavailable failure) {
            general.add(
                    LintRule.DNS_ERROR,
                    null,
                    "no DNS response: " + failure.detail() + "; receivers return temperror",
                    "try again; if it persists, fix the domain's name servers");
            return new LintReport(domain, List.of(), null, found, false);
        }
        SizeRules.checkAnswer(published.answerOctets(), published.txtRecords(), general);
        for (TxtRecordSet.Text lookAlike : published.lookAlikes()) {
            lookAlike(lookAlike, List.of(domain), found, published.records().isEmpty());
        }
        LeftoverRules.check(published, answer, questions.answer(name, Type.SPF), general);
        List<String> records =
                published.records().stream().map(TxtRecordSet.Text::octets).toList();
        if (records.isEmpty()) {
            if (published.lookAlikes().isEmpty()) {
                noRecord(answer instanceof DnsAnswer.NoSuchDomain, general);
            }
            return new LintReport(domain, records, null, sorted(found), true);
        }
        if (records.size() > 1) {
            general.add(
                    LintRule.MULTIPLE_RECORDS,
                    null,
                    records.size() + " SPF records; receivers return permerror (RFC 7208 section 4.5)",
                    "merge them into one: \"" + IncludeRules.joined(published.records()) + "\"");
            for (TxtRecordSet.Text other : published.records().subList(1, records.size())) {
                text(other, List.of(domain), found);
            }
        }
        IncludeTreeWalker walk = new IncludeTreeWalker(name, questions, found);
        LookupCost tree = walk.walk(published.records().get(0));
        return new LintReport(domain, records, tree, sorted(found), walk.isComplete());
    }

    private static void noRecord(boolean noSuchDomain, RecordFindings general) {
        general.add(
                LintRule.NO_RECORD,
                null,
                noSuchDomain ? "domain not found" : "no SPF record; anyone can forge this domain",
                noSuchDomain
                        ? "check the spelling"
                        : "publish a TXT record \"v=spf1 ... -all\"; for a domain that sends no mail, \"v=spf1 -all\"");
    }

    private static void text(TxtRecordSet.Text record, List<String> path, List<LintFinding> found) {
        if (SpfParser.isSpf(record.octets())) {
            RecordRules.check(
                    SpfParser.parse(record.octets()),
                    record.borders(),
                    new RecordFindings(found, path, record.octets(), false, true));
        } else {
            lookAlike(record, path, found, true);
        }
    }

    private static void lookAlike(TxtRecordSet.Text text, List<String> path, List<LintFinding> found, boolean only) {
        RecordFindings findings = new RecordFindings(found, path, text.octets(), false, true);
        Suggestion diagnosis = IgnoredRecordRules.diagnose(text.octets());
        if (diagnosis == null) {
            findings.add(LintRule.NO_RECORD, null, "not an SPF record", "start it with \"v=spf1\" and a space");
        } else {
            findings.add(
                    diagnosis.rule(),
                    only ? Severity.ERROR : Severity.WARNING,
                    diagnosis.span(),
                    diagnosis.reason(),
                    diagnosis.fix());
        }
    }

    private static List<LintFinding> sorted(List<LintFinding> findings) {
        return findings.stream()
                .sorted(Comparator.comparing(LintFinding::severity))
                .toList();
    }

    private static TXTRecord txt(Name name, String record) {
        byte[] octets = record.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream strings = new ByteArrayOutputStream();
        for (int at = 0; at == 0 || at < octets.length; at += SizeRules.ONE_STRING) {
            int length = Math.min(SizeRules.ONE_STRING, octets.length - at);
            strings.write(length);
            strings.write(octets, at, length);
        }
        return (TXTRecord) Record.newRecord(name, Type.TXT, DClass.IN, DRAFT_TTL, strings.toByteArray());
    }
}

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
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.syntax.SpfParser;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * Finds what is wrong with a domain's SPF record, and with all that it includes: mistakes of syntax and what was meant,
 * terms that do nothing, names that are dead, and the worst case of lookups and of empty answers, for IPv4 and for IPv6
 * clients. {@link LintRule} is the list of what is looked for.
 *
 * <p>Thread-safe. A run asks at most {@value #MAX_QUESTIONS} questions.
 */
public final class SpfLinter {

    /** Most questions of one run; a hostile tree could need any number. */
    public static final int MAX_QUESTIONS = 1000;

    /** Most terms that ask the DNS in one check (RFC 7208 section 4.6.4). */
    static final int LOOKUP_LIMIT = SpfLimits.RFC_7208.lookups();

    /** Most empty answers in one check (RFC 7208 section 4.6.4). */
    static final int VOID_LIMIT = SpfLimits.RFC_7208.voidLookups();

    /** Most MX hosts of one name (RFC 7208 section 4.6.4). */
    static final int MX_LIMIT = SpfLimits.RFC_7208.mxNames();

    private static final long DRAFT_TTL = 0;

    private final DnsClient dns;

    private SpfLinter(DnsClient dns) {
        this.dns = dns;
    }

    /**
     * A linter that asks the DNS through a client.
     *
     * @param dns the client
     * @return the linter
     */
    public static SpfLinter over(DnsClient dns) {
        return new SpfLinter(Objects.requireNonNull(dns, "dns"));
    }

    /**
     * Looks at the record that a domain publishes; waits for the DNS.
     *
     * @param domain the domain
     * @return what was found
     * @throws IllegalArgumentException if the text is no domain name
     */
    public LintReport lint(String domain) {
        return lint(DomainNames.of(domain), dns);
    }

    /**
     * Looks at a record that a domain might publish, as if it were its only one; waits for the DNS.
     *
     * @param domain the domain
     * @param record the record's text; characters beyond ASCII stand for their UTF-8 octets
     * @return what was found
     * @throws IllegalArgumentException if the first text is no domain name
     */
    public LintReport lintDraft(String domain, String record) {
        Name name = DomainNames.of(domain);
        DnsAnswer draft = new DnsAnswer.Records(List.of(txt(name, record)), DRAFT_TTL, List.of(), List.of());
        return lint(
                name,
                (asked, type) -> type == Type.TXT && asked.equals(name)
                        ? CompletableFuture.completedFuture(draft)
                        : dns.query(asked, type));
    }

    /**
     * Looks at the text of a record alone, without the DNS.
     *
     * @param domain the domain that the record is for
     * @param record the record's text, one char for each octet
     * @return what was found, the most severe first
     */
    public static List<LintFinding> lintText(String domain, String record) {
        List<LintFinding> found = new ArrayList<>();
        text(new Publication.Text(record, List.of()), List.of(domain), found);
        return sorted(found);
    }

    private static LintReport lint(Name name, DnsClient dns) {
        Questions questions = new Questions(dns);
        String domain = DomainNames.text(name);
        DnsAnswer answer = questions.answer(name, Type.TXT);
        Publication published = Publication.of(name, answer);
        List<LintFinding> found = new ArrayList<>();
        RecordFindings general = new RecordFindings(found, List.of(domain), "", false);
        if (answer instanceof DnsAnswer.Unavailable trouble) {
            general.add(
                    LintRule.NO_ANSWER,
                    null,
                    "the DNS gave no answer: " + trouble.detail() + "; receivers answer temperror",
                    "try again later; if it stays, the name servers of the domain need mending");
            return new LintReport(domain, List.of(), null, found, false);
        }
        SizeRules.checkAnswer(published.answerOctets(), published.txtRecords(), general);
        for (Publication.Text lookAlike : published.lookAlikes()) {
            lookAlike(lookAlike, List.of(domain), found, published.records().isEmpty());
        }
        List<String> records =
                published.records().stream().map(Publication.Text::octets).toList();
        if (records.isEmpty()) {
            if (published.lookAlikes().isEmpty()) {
                noRecord(answer instanceof DnsAnswer.NoSuchDomain, general);
            }
            return new LintReport(domain, records, null, sorted(found), true);
        }
        if (records.size() > 1) {
            general.add(
                    LintRule.SEVERAL_RECORDS,
                    null,
                    records.size() + " SPF records stand here: receivers use none, and answer permerror",
                    "publish one, such as \"" + IncludeRules.joined(published.records()) + "\"");
            for (Publication.Text other : published.records().subList(1, records.size())) {
                text(other, List.of(domain), found);
            }
        }
        TreeWalk walk = new TreeWalk(name, questions, found);
        LintNode tree = walk.walk(published.records().get(0));
        return new LintReport(domain, records, tree, sorted(found), walk.isComplete());
    }

    private static void noRecord(boolean noSuchDomain, RecordFindings general) {
        general.add(
                LintRule.NO_RECORD,
                null,
                noSuchDomain
                        ? "there is no such domain"
                        : "the domain publishes no SPF record; anyone can use its name",
                noSuchDomain
                        ? "check the spelling"
                        : "publish a TXT record \"v=spf1 ... -all\"; for a domain that sends no mail, \"v=spf1 -all\"");
    }

    private static void text(Publication.Text record, List<String> path, List<LintFinding> found) {
        if (SpfParser.isSpf(record.octets())) {
            RecordRules.check(
                    SpfParser.parse(record.octets()),
                    record.borders(),
                    new RecordFindings(found, path, record.octets(), false));
        } else {
            lookAlike(record, path, found, true);
        }
    }

    private static void lookAlike(Publication.Text text, List<String> path, List<LintFinding> found, boolean only) {
        RecordFindings findings = new RecordFindings(found, path, text.octets(), false);
        Diagnosis diagnosis = LookAlikes.diagnose(text.octets());
        if (diagnosis == null) {
            findings.add(LintRule.NO_RECORD, null, "this is no SPF record", "start it with \"v=spf1\" and a blank");
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

package org.senderauth.spf.lint;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.spf.syntax.SpfParser;
import org.xbill.DNS.Record;
import org.xbill.DNS.SPFRecord;
import org.xbill.DNS.TXTRecord;

/**
 * Checks records of discontinued kinds that some receivers still read: the SPF type 99 (RFC 7208 section 3.1) and Sender
 * ID (RFC 4406). One that says the same as the SPF record is harmless.
 */
final class LeftoverRules {

    private static final Pattern SENDER_ID =
            Pattern.compile("(?is)spf2\\.0/(?:mfrom|pra)(?:,(?:mfrom|pra))*(?= |$)(.*)");
    private static final int VERSION = "v=spf1".length();

    private LeftoverRules() {}

    /**
     * Checks the records of a name.
     *
     * @param published its TXT records
     * @param txt the answer with them
     * @param type99 the answer with its records of type 99; any other answer has none
     * @param findings collects the findings
     */
    static void check(TxtRecordSet published, DnsAnswer txt, DnsAnswer type99, RecordFindings findings) {
        List<String> terms = published.records().stream()
                .map(record -> terms(record.octets().substring(VERSION)))
                .toList();
        if (type99 instanceof DnsAnswer.Records records) {
            for (Record record : records.records()) {
                if (record instanceof SPFRecord old) {
                    type99(text(old.getStringsAsByteArrays()), terms, findings);
                }
            }
        }
        if (txt instanceof DnsAnswer.Records records) {
            for (Record record : records.records()) {
                if (record instanceof TXTRecord text) {
                    senderId(text(text.getStringsAsByteArrays()), terms, findings);
                }
            }
        }
    }

    private static void type99(String text, List<String> terms, RecordFindings findings) {
        boolean same = SpfParser.isSpf(text) && terms.contains(terms(text.substring(VERSION)));
        if (!same) {
            findings.add(
                    LintRule.LEFTOVER_RECORD,
                    null,
                    "a record of the discontinued type SPF (99) differs from the TXT record; a few receivers still read"
                            + " it",
                    "remove the record of type SPF");
        }
    }

    private static void senderId(String text, List<String> terms, RecordFindings findings) {
        Matcher senderId = SENDER_ID.matcher(text);
        if (senderId.matches() && !terms.contains(terms(senderId.group(1)))) {
            findings.add(
                    LintRule.LEFTOVER_RECORD,
                    null,
                    "the Sender ID record (\"spf2.0\", RFC 4406) differs from the SPF record; a few receivers still read"
                            + " it",
                    "remove the \"spf2.0\" record");
        }
    }

    private static String terms(String text) {
        return text.strip().replaceAll(" +", " ").toLowerCase(Locale.ROOT);
    }

    private static String text(List<byte[]> strings) {
        StringBuilder text = new StringBuilder();
        strings.forEach(string -> text.append(new String(string, StandardCharsets.ISO_8859_1)));
        return text.toString();
    }
}

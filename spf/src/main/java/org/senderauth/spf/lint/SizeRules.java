package org.senderauth.spf.lint;

import org.senderauth.spf.SpfLimits;

/** Checks the length of records and responses. */
final class SizeRules {

    /** The maximum length of a TXT string (RFC 1035 section 3.3.14); longer records need several (section 3.3). */
    static final int ONE_STRING = 255;

    /** With its name, a longer record makes the DNS message longer than the next limit (RFC 7208 section 3.4). */
    static final int ADVISED = 450;

    /** The maximum DNS message over UDP without EDNS (RFC 1035 section 2.3.4). */
    static final int PLAIN_UDP = 512;

    /** The maximum DNS message over UDP with EDNS (DNS flag day 2020). */
    static final int EDNS_UDP = 1232;

    private SizeRules() {}

    static void check(String record, RecordFindings findings) {
        int size = record.length();
        if (size > SpfLimits.MAX_RECORD_BYTES) {
            findings.add(
                    LintRule.RECORD_SIZE,
                    Severity.ERROR,
                    null,
                    "the record has " + size + " bytes; over " + SpfLimits.MAX_RECORD_BYTES
                            + " this verifier and others with such a limit return permerror",
                    "move some terms to another name and include it");
        } else if (size > PLAIN_UDP) {
            findings.add(
                    LintRule.RECORD_SIZE,
                    Severity.WARNING,
                    null,
                    "the record has " + size + " bytes; over " + PLAIN_UDP
                            + " the DNS response needs EDNS or TCP, which some resolvers and firewalls do not support",
                    "move some terms to another name and include it");
        } else if (size > ADVISED) {
            findings.add(
                    LintRule.RECORD_SIZE,
                    Severity.WARNING,
                    null,
                    "the record has " + size + " bytes; over " + ADVISED
                            + " the DNS response may not fit into a plain UDP message of " + PLAIN_UDP,
                    "move some terms to another name and include it");
        } else if (size > ONE_STRING) {
            findings.add(
                    LintRule.RECORD_SIZE,
                    null,
                    "the record has " + size + " bytes; a TXT string has at most " + ONE_STRING
                            + ", so it needs several, which are joined without a space",
                    "split it into several strings, with each space inside a string, if your DNS provider does not");
        }
    }

    /** Checks all TXT records of a name together, since one response contains them all. */
    static void checkAnswer(int octets, int records, RecordFindings findings) {
        if (octets > EDNS_UDP) {
            findings.add(
                    LintRule.ANSWER_SIZE,
                    null,
                    "the " + records + " TXT records of this name need a DNS response of about " + octets
                            + " bytes; over " + EDNS_UDP + " it needs TCP",
                    "remove TXT records that are no longer needed, such as old verification tokens");
        }
    }
}

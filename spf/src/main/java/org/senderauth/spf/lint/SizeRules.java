package org.senderauth.spf.lint;

/** Whether a record is too long to travel well. */
final class SizeRules {

    /** A TXT record's string holds no more (RFC 1035 section 3.3.14); longer records need several (section 3.3). */
    static final int ONE_STRING = 255;

    /** With its name, a longer record makes the DNS message longer than the next limit (RFC 7208 section 3.4). */
    static final int ADVISED = 450;

    /** What a DNS message over UDP holds without EDNS (RFC 1035 section 2.3.4). */
    static final int PLAIN_UDP = 512;

    /** What resolvers take over UDP with EDNS (DNS flag day 2020). */
    static final int EDNS_UDP = 1232;

    private SizeRules() {}

    static void check(String record, RecordFindings findings) {
        int size = record.length();
        if (size > PLAIN_UDP) {
            findings.add(
                    LintRule.RECORD_SIZE,
                    Severity.WARNING,
                    null,
                    "the record has " + size + " octets; over " + PLAIN_UDP
                            + " the answer needs EDNS or TCP, which some resolvers and firewalls fail at",
                    "move some terms into a record of their own, and include it");
        } else if (size > ADVISED) {
            findings.add(
                    LintRule.RECORD_SIZE,
                    Severity.WARNING,
                    null,
                    "the record has " + size + " octets; over " + ADVISED
                            + " the answer may not fit into a plain UDP message of " + PLAIN_UDP,
                    "move some terms into a record of their own, and include it");
        } else if (size > ONE_STRING) {
            findings.add(
                    LintRule.RECORD_SIZE,
                    null,
                    "the record has " + size + " octets; a TXT string holds " + ONE_STRING
                            + ", so that it needs several, which are joined without a blank",
                    "nothing, if the zone or the provider's form splits it; keep each blank within a string");
        }
    }

    /** Looks at all TXT records of a name together, since they travel together. */
    static void checkAnswer(int octets, int records, RecordFindings findings) {
        if (octets > EDNS_UDP) {
            findings.add(
                    LintRule.ANSWER_SIZE,
                    null,
                    "all " + records + " TXT records of this name make an answer of about " + octets + " octets; over "
                            + EDNS_UDP + " it needs TCP",
                    "remove TXT records that are no longer needed, such as old verification tokens");
        }
    }
}

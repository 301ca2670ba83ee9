package org.senderauth.spf.lint;

/** The rules of {@link SpfLinter}. The codes are stable: scripts may depend on them. */
public enum LintRule {
    // The record and its name.
    /** The domain publishes no SPF record. */
    NO_RECORD("no-record", Severity.ERROR, "4.5"),
    /** A TXT record that was meant to be an SPF record but is not one: receivers ignore it. */
    IGNORED_RECORD("ignored-record", Severity.ERROR, "4.5"),
    /** More than one SPF record at one name: permerror. */
    MULTIPLE_RECORDS("multiple-records", Severity.ERROR, "3.2"),
    /** An SPF record of type 99 or a Sender ID record (spf2.0) that differs from the SPF record. */
    LEFTOVER_RECORD("leftover-record", Severity.WARNING, "3.1"),
    /** A DNS lookup failed: a part of the record was not checked. */
    DNS_ERROR("dns-error", Severity.WARNING, "4.4"),
    /** The record is longer than one TXT string (255 bytes), than 450 bytes, or than 512. */
    RECORD_SIZE("record-size", Severity.NOTE, "3.4"),
    /** All TXT records of the name together need a response of more than 1232 bytes. */
    ANSWER_SIZE("answer-size", Severity.NOTE, "3.4"),

    // Syntax.
    /** An invalid term without a more precise rule. */
    SYNTAX("syntax", Severity.ERROR, "12"),
    /** A character that resembles a space or a hyphen, or is invisible. */
    INVALID_CHARACTER("invalid-character", Severity.ERROR, "12"),
    /** Quotation marks, commas, semicolons or dots around a term. */
    STRAY_PUNCTUATION("stray-punctuation", Severity.ERROR, "12"),
    /** {@code ip4=} for {@code ip4:}, {@code redirect:} for {@code redirect=}. */
    WRONG_SEPARATOR("wrong-separator", Severity.ERROR, "4.6.1"),
    /** {@code ipv4:}, {@code inlcude:}, {@code prt}. */
    MISSPELLED_TERM("misspelled-term", Severity.ERROR, "4.6.1"),
    /** An address or a host name without a mechanism. */
    BARE_VALUE("bare-value", Severity.ERROR, "4.6.1"),
    /** Two terms without a space between them. */
    MISSING_SPACE("missing-space", Severity.ERROR, "4.6.1"),
    /** A space within a term, as in {@code include: host}. */
    STRAY_SPACE("stray-space", Severity.ERROR, "4.6.1"),
    /** {@code ip4:ip4:192.0.2.1}, {@code include:mx:example.org}. */
    DOUBLED_PREFIX("doubled-prefix", Severity.ERROR, "4.6.1"),
    /** An address where a domain name belongs, as in {@code a:192.0.2.1}. */
    IP_AS_DOMAIN("ip-as-domain", Severity.ERROR, "7.1"),
    /** A domain name of one label, as in {@code a:mail}. */
    SINGLE_LABEL("single-label", Severity.ERROR, "7.1"),
    /** Not a valid domain name: a URL, an email address, nothing. */
    BAD_NAME("bad-name", Severity.ERROR, "7.1"),
    /** Not a valid address or network, or one of the other family. */
    BAD_ADDRESS("bad-address", Severity.ERROR, "5.6"),
    /** A second {@code v=spf1}: two records were joined into one. */
    SECOND_VERSION("second-version", Severity.ERROR, "3.2"),
    /** Text that belongs in its own TXT record, such as a site verification token. */
    UNRELATED_TOKEN("unrelated-token", Severity.WARNING, "6"),
    /** An unknown modifier; receivers ignore it. */
    UNKNOWN_MODIFIER("unknown-modifier", Severity.NOTE, "6"),

    // Terms.
    /** Every client passes: {@code +all}, a prefix length of 0, networks that together are everything. */
    ALLOWS_EVERYONE("allows-everyone", Severity.ERROR, "5.1"),
    /** {@code ?all}: other clients get neutral, in the record or its redirect target. */
    NEUTRAL_ALL("neutral-all", Severity.NOTE, "8.2"),
    /** No final {@code all} or {@code redirect}, in the record or its redirect target: other clients get neutral. */
    NO_ALL("no-all", Severity.WARNING, "4.7"),
    /** A mechanism after {@code all}: it is ignored. */
    TERM_AFTER_ALL("term-after-all", Severity.ERROR, "5.1"),
    /** A {@code redirect} in a record that has {@code all}: it is ignored. */
    REDIRECT_BESIDE_ALL("redirect-beside-all", Severity.ERROR, "6.1"),
    /** {@code ptr}: slow, unreliable, and a burden on reverse DNS. */
    PTR("ptr", Severity.WARNING, "5.5"),
    /** The macro {@code %{p}}, for the same reasons. */
    P_MACRO("p-macro", Severity.WARNING, "7.2"),
    /** A {@code redirect} before a mechanism: valid, but some receivers misread it. */
    MODIFIER_ORDER("modifier-order", Severity.NOTE, "6"),
    /** A term that is written twice. */
    DUPLICATE_TERM("duplicate-term", Severity.NOTE, "4.6.2"),
    /** A network inside another network of the record. */
    OVERLAPPING_NETWORK("overlapping-network", Severity.NOTE, "5.6"),
    /** A network that never matches, because an earlier one with another qualifier contains it. */
    SHADOWED_NETWORK("shadowed-network", Severity.ERROR, "4.6.2"),
    /** Host bits set after the prefix, as in {@code ip4:192.0.2.5/24}. */
    HOST_BITS("host-bits", Severity.WARNING, "5.6"),
    /** A private, loopback, link-local or otherwise special network: no public receiver sees such a client. */
    SPECIAL_NETWORK("special-network", Severity.WARNING, "5.6"),
    /** A network too wide for one organization. */
    WIDE_NETWORK("wide-network", Severity.WARNING, "5.6"),
    /** A {@code *} in a name: exactly that label is queried. */
    WILDCARD_NAME("wildcard-name", Severity.WARNING, "7.1"),

    // Terms and the DNS.
    /** The worst case needs more than 10 DNS lookups: permerror. */
    TOO_MANY_LOOKUPS("too-many-lookups", Severity.ERROR, "4.6.4"),
    /** The worst case needs 9 or 10 of the 10 DNS lookups. */
    LOOKUPS_NEAR_LIMIT("lookups-near-limit", Severity.NOTE, "4.6.4"),
    /** The worst case has more than 2 void lookups: permerror at receivers that count each query. */
    TOO_MANY_VOID_LOOKUPS("too-many-void-lookups", Severity.ERROR, "4.6.4"),
    /** A term whose name does not exist or has no such record. */
    UNRESOLVABLE_NAME("unresolvable-name", Severity.WARNING, "4.6.4"),
    /** More than 10 MX hosts: permerror. */
    TOO_MANY_MX("too-many-mx", Severity.ERROR, "4.6.4"),
    /** An include or redirect to a name without an SPF record: permerror. */
    UNRESOLVABLE_INCLUDE("unresolvable-include", Severity.ERROR, "5.2"),
    /** Includes or redirects that form a loop: permerror. */
    INCLUDE_LOOP("include-loop", Severity.ERROR, "4.6.4"),
    /** One record is included more than once; its lookups are counted each time. */
    DUPLICATE_INCLUDE("duplicate-include", Severity.WARNING, "4.6.4"),
    /** An included record that authorizes no clients. */
    EMPTY_INCLUDE("empty-include", Severity.NOTE, "5.2"),
    /** An include or redirect that depends on the sender or the client, and is not followed. */
    DYNAMIC_INCLUDE("dynamic-include", Severity.NOTE, "7"),
    /** The explanation of {@code exp} is unusable. */
    UNRESOLVABLE_EXP("unresolvable-exp", Severity.WARNING, "6.2");

    private final String code;
    private final Severity severity;
    private final String section;

    LintRule(String code, Severity severity, String section) {
        this.code = code;
        this.severity = severity;
        this.section = section;
    }

    /**
     * Returns the name of the rule in output.
     *
     * @return a few lower-case words joined by hyphens
     */
    public String code() {
        return code;
    }

    /**
     * Returns the severity of most findings of this rule.
     *
     * @return the severity; {@link LintFinding#severity} is the one that counts
     */
    public Severity severity() {
        return severity;
    }

    /**
     * Returns the section of RFC 7208.
     *
     * @return a section number
     */
    public String section() {
        return section;
    }
}

package org.senderauth.spf.lint;

/** What {@link SpfLinter} looks for. The codes are stable: scripts may depend on them. */
public enum LintRule {
    // The record and its place in the DNS.
    /** The domain publishes no SPF record. */
    NO_RECORD("no-record", Severity.ERROR, "4.5"),
    /** A TXT record that was meant to be an SPF record and is none: receivers pass it over. */
    LOOK_ALIKE_RECORD("look-alike-record", Severity.ERROR, "4.5"),
    /** More than one SPF record at one name: permerror. */
    SEVERAL_RECORDS("several-records", Severity.ERROR, "3.2"),
    /** The DNS gave no answer, so that a part of the record could not be looked at. */
    NO_ANSWER("no-answer", Severity.WARNING, "4.4"),
    /** The record is longer than one TXT string (255 octets), than 450 octets, or than 512. */
    RECORD_SIZE("record-size", Severity.NOTE, "3.4"),
    /** All TXT records of the name together make an answer of more than 1232 octets. */
    ANSWER_SIZE("answer-size", Severity.NOTE, "3.4"),

    // Syntax.
    /** A term that the grammar does not know, where nothing more precise can be said. */
    SYNTAX("syntax", Severity.ERROR, "12"),
    /** A character that looks like a blank or a hyphen and is none, or that cannot be seen at all. */
    ODD_CHARACTER("odd-character", Severity.ERROR, "12"),
    /** Quotation marks, commas, semicolons or dots around a term. */
    STRAY_PUNCTUATION("stray-punctuation", Severity.ERROR, "12"),
    /** {@code ip4=} for {@code ip4:}, {@code redirect:} for {@code redirect=}. */
    WRONG_SEPARATOR("wrong-separator", Severity.ERROR, "4.6.1"),
    /** {@code ipv4:}, {@code inlcude:}, {@code prt}. */
    MISSPELT_TERM("misspelt-term", Severity.ERROR, "4.6.1"),
    /** An address or a host name that stands alone. */
    BARE_VALUE("bare-value", Severity.ERROR, "4.6.1"),
    /** Two terms without a blank between them. */
    MISSING_BLANK("missing-blank", Severity.ERROR, "4.6.1"),
    /** A blank within a term, as in {@code include: host}. */
    STRAY_BLANK("stray-blank", Severity.ERROR, "4.6.1"),
    /** {@code ip4:ip4:192.0.2.1}, {@code include:mx:example.org}. */
    DOUBLED_PREFIX("doubled-prefix", Severity.ERROR, "4.6.1"),
    /** An address where a domain name belongs, as in {@code a:192.0.2.1}. */
    ADDRESS_AS_NAME("address-as-name", Severity.ERROR, "7.1"),
    /** A domain name of one label, as in {@code a:mail}. */
    SINGLE_LABEL("single-label", Severity.ERROR, "7.1"),
    /** Something that is no domain name: a URL, a mail address, nothing at all. */
    BAD_NAME("bad-name", Severity.ERROR, "7.1"),
    /** Something that is no address or network, or one of the other family. */
    BAD_ADDRESS("bad-address", Severity.ERROR, "5.6"),
    /** A second {@code v=spf1}: two records were joined into one. */
    SECOND_VERSION("second-version", Severity.ERROR, "3.2"),
    /** Something that belongs in a TXT record of its own, such as a site verification token. */
    FOREIGN_TOKEN("foreign-token", Severity.WARNING, "6"),
    /** A modifier that no one knows; receivers ignore it. */
    UNKNOWN_MODIFIER("unknown-modifier", Severity.NOTE, "6"),

    // What the terms say.
    /** Everybody passes: {@code +all}, a network of length 0, or an include that passes everybody. */
    PASSES_EVERYBODY("passes-everybody", Severity.ERROR, "5.1"),
    /** {@code ?all}: the record says nothing about strangers. */
    NEUTRAL_ALL("neutral-all", Severity.NOTE, "8.2"),
    /** Neither {@code all} nor {@code redirect} ends the record: strangers are neutral. */
    NO_ALL("no-all", Severity.WARNING, "4.7"),
    /** A mechanism after {@code all}: it is ignored. */
    TERM_AFTER_ALL("term-after-all", Severity.ERROR, "5.1"),
    /** A {@code redirect} in a record that has {@code all}: it is ignored. */
    REDIRECT_BESIDE_ALL("redirect-beside-all", Severity.ERROR, "6.1"),
    /** {@code ptr}: slow, unreliable, and a burden on the servers of the arpa zones. */
    PTR("ptr", Severity.WARNING, "5.5"),
    /** The macro {@code %{p}}, for the same reasons. */
    P_MACRO("p-macro", Severity.WARNING, "7.2"),
    /** A term that stands there twice. */
    DUPLICATE_TERM("duplicate-term", Severity.NOTE, "4.6.2"),
    /** A network inside another network of the record. */
    OVERLAPPING_NETWORK("overlapping-network", Severity.NOTE, "5.6"),
    /** A network that can never match, because an earlier one with another qualifier holds all of it. */
    SHADOWED_NETWORK("shadowed-network", Severity.ERROR, "4.6.2"),
    /** Host bits set behind the prefix, as in {@code ip4:192.0.2.5/24}. */
    HOST_BITS("host-bits", Severity.WARNING, "5.6"),
    /** A private, loopback, link-local or otherwise special network: no such client comes from the Internet. */
    SPECIAL_NETWORK("special-network", Severity.WARNING, "5.6"),
    /** A network so wide that hardly one organisation has it. */
    WIDE_NETWORK("wide-network", Severity.WARNING, "5.6"),
    /** A {@code *} in a name: the DNS is asked for exactly that label. */
    WILDCARD_NAME("wildcard-name", Severity.WARNING, "7.1"),

    // What the DNS says to the terms.
    /** The worst case needs more lookups than the 10 allowed: permerror. */
    TOO_MANY_LOOKUPS("too-many-lookups", Severity.ERROR, "4.6.4"),
    /** The worst case needs 9 or 10 of the 10 lookups. */
    LOOKUPS_NEAR_LIMIT("lookups-near-limit", Severity.NOTE, "4.6.4"),
    /** The worst case meets more empty answers than the 2 allowed: permerror. */
    TOO_MANY_VOIDS("too-many-voids", Severity.ERROR, "4.6.4"),
    /** A term asks for a name that has nothing to give. */
    DEAD_NAME("dead-name", Severity.WARNING, "4.6.4"),
    /** More than 10 MX hosts: permerror. */
    TOO_MANY_MX("too-many-mx", Severity.ERROR, "4.6.4"),
    /** An include or redirect to a name without an SPF record: permerror. */
    DEAD_INCLUDE("dead-include", Severity.ERROR, "5.2"),
    /** Includes or redirects that lead back to a record on the way: permerror. */
    LOOP("loop", Severity.ERROR, "4.6.4"),
    /** One record is included more than once; each costs its lookups again. */
    INCLUDED_TWICE("included-twice", Severity.WARNING, "4.6.4"),
    /** An included record that can match nobody. */
    EMPTY_INCLUDE("empty-include", Severity.NOTE, "5.2"),
    /** An include or redirect that depends on the sender or the client, so that it cannot be followed beforehand. */
    UNKNOWN_TARGET("unknown-target", Severity.NOTE, "7"),
    /** The explanation that {@code exp} names cannot be used. */
    DEAD_EXPLANATION("dead-explanation", Severity.WARNING, "6.2");

    private final String code;
    private final Severity severity;
    private final String section;

    LintRule(String code, Severity severity, String section) {
        this.code = code;
        this.severity = severity;
        this.section = section;
    }

    /**
     * The name of the rule in output.
     *
     * @return a few lower-case words joined by hyphens
     */
    public String code() {
        return code;
    }

    /**
     * The severity of most findings of this rule.
     *
     * @return the severity; {@link LintFinding#severity} is the one that counts
     */
    public Severity severity() {
        return severity;
    }

    /**
     * Where RFC 7208 says so.
     *
     * @return a section number
     */
    public String section() {
        return section;
    }
}

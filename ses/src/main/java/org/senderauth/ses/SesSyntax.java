package org.senderauth.ses;

import org.senderauth.core.MailAddress;

/**
 * An address read as SES writes it; the first layer, without any key.
 *
 * <pre>{@code
 * ses-address = "SES=" sig "=" local-part "@" domain
 * sig         = sig-first *sig-char           ; base 38, most significant digit first
 * sig-first   = %x42-5A / DIGIT / "_" / "-"   ; never "A", the digit zero
 * sig-char    = ALPHA / DIGIT / "_" / "-"     ; without regard to case
 * local-part  = dot-atom                      ; may contain "="
 * }</pre>
 */
public sealed interface SesSyntax {

    /** Longest signature that is read, in digits; a number that long has more than 200 bits. */
    int MAX_DIGITS = 40;

    /** The address does not begin with {@code SES=}. */
    record NotSes() implements SesSyntax {}

    /**
     * It begins like a signed address and is none.
     *
     * @param reason what is wrong
     */
    record Malformed(String reason) implements SesSyntax {}

    /** The signature begins with the digit zero: the same number in another spelling, which nobody signs. */
    record NonCanonical() implements SesSyntax {}

    /**
     * A signed address; its signature may be of anybody.
     *
     * @param digits the signature as written
     * @param localPart the local part of the original address as written
     * @param domain the domain as written
     */
    record Signed(String digits, String localPart, String domain) implements SesSyntax {}

    /**
     * Reads an address.
     *
     * @param address any text
     * @return what it is
     */
    static SesSyntax parse(String address) {
        if (!startsWithTag(address)) {
            return new NotSes();
        }
        int at = address.lastIndexOf('@');
        if (at < 0 || at == address.length() - 1) {
            return new Malformed("no domain");
        }
        int end = address.indexOf('=', Base38.TAG.length());
        if (end < 0 || end > at) {
            return new Malformed("no '=' behind the signature");
        }
        int start = Base38.TAG.length();
        if (end == start || end - start > MAX_DIGITS) {
            return new Malformed("a signature has 1 to " + MAX_DIGITS + " digits");
        }
        String localPart = address.substring(end + 1, at);
        String domain = address.substring(at + 1);
        if (localPart.isEmpty() || !MailAddress.isSendable(localPart) || !MailAddress.isSendable(domain)) {
            return new Malformed("no local part, or what no address can hold");
        }
        for (int i = start; i < end; i++) {
            if (Base38.value(address.charAt(i)) < 0) {
                return new Malformed("not a digit of a signature");
            }
        }
        if (Base38.value(address.charAt(start)) == 0) {
            return new NonCanonical();
        }
        return new Signed(address.substring(start, end), localPart, domain);
    }

    private static boolean startsWithTag(String address) {
        // Not regionMatches: its idea of case would take U+017F for an S.
        return address.length() >= 4
                && (address.charAt(0) | 0x20) == 's'
                && (address.charAt(1) | 0x20) == 'e'
                && (address.charAt(2) | 0x20) == 's'
                && address.charAt(3) == '=';
    }
}

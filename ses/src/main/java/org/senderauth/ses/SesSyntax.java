package org.senderauth.ses;

import java.util.Objects;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;

/**
 * The syntax of a signed address, parsed without any key.
 *
 * <pre>{@code
 * ses-address = "SES=" sig "=" local-part "@" domain
 * sig         = sig-first *sig-char           ; base 38, most significant digit first
 * sig-first   = %x42-5A / DIGIT / "_" / "-"   ; never "A", the digit zero
 * sig-char    = ALPHA / DIGIT / "_" / "-"     ; without regard to case
 * local-part  = dot-atom                      ; may contain "="
 * }</pre>
 *
 * <p>A local part that some SPF verifiers cannot query, such as {@code a+b}, is spelled otherwise: {@code "SES=A" sig
 * "=" escaped}, where {@code _e} is {@code =}, {@code _p} is {@code +}, {@code _h} a {@code -} at the edge of a label,
 * {@code __} is {@code _}, and {@code _x} with two hexadecimal digits any other character.
 */
public sealed interface SesSyntax {

    /** The maximum length of a signature in digits; such a number has more than 200 bits. */
    int MAX_DIGITS = 40;

    /** The address does not begin with {@code SES=}. */
    record NotSes() implements SesSyntax {}

    /**
     * It begins like a signed address but is not one.
     *
     * @param reason what is wrong
     */
    record Malformed(String reason) implements SesSyntax {}

    /** The signature begins with the digit zero, and the local part is not one that needs escapes. */
    record NonCanonical() implements SesSyntax {}

    /**
     * A signed address; its signature is not verified.
     *
     * @param digits the signature as written, with the digit zero before it where the local part is escaped
     * @param original the address without its signature, as written but without escapes
     */
    record Signed(String digits, MailAddress original) implements SesSyntax {

        /** {@return the local part of the original address} */
        public String localPart() {
            return original.localPart();
        }

        /** {@return the domain} */
        public String domain() {
            return original.domain();
        }
    }

    /**
     * Parses an address as {@link EnvelopePath} does: with or without angle brackets.
     *
     * @param text any text
     * @return the parsed address; a text that is not an address but contains a tag is malformed
     */
    static SesSyntax parse(String text) {
        String address = Objects.requireNonNull(text, "address");
        if (!containsTag(address)) {
            return new NotSes();
        }
        if (!startsWithTag(address) || address.charAt(address.length() - 1) <= ' ') {
            EnvelopePath path = EnvelopePath.parse(address);
            if (path instanceof EnvelopePath.Malformed malformed) {
                return new Malformed(malformed.problem());
            }
            address = path instanceof EnvelopePath.Partial partial
                    ? partial.localPart()
                    : path.address().map(MailAddress::toString).orElse("");
        }
        if (!startsWithTag(address)) {
            return new NotSes();
        }
        int at = address.lastIndexOf('@');
        if (at < 0 || at == address.length() - 1) {
            return new Malformed("no domain");
        }
        int end = address.indexOf('=', Base38.TAG.length());
        if (end < 0 || end > at) {
            return new Malformed("no '=' after the signature");
        }
        int start = Base38.TAG.length();
        boolean marked = end > start && Base38.value(address.charAt(start)) == 0;
        if (end == start || end - start > (marked ? MAX_DIGITS + 1 : MAX_DIGITS)) {
            return new Malformed("a signature has 1 to " + MAX_DIGITS + " digits");
        }
        MailAddress original = MailAddress.join(address.substring(end + 1, at), address.substring(at + 1))
                .orElse(null);
        if (original == null) {
            return new Malformed("no local part, or what no address can hold");
        }
        for (int i = start; i < end; i++) {
            if (Base38.value(address.charAt(i)) < 0) {
                return new Malformed("not a digit of a signature");
            }
        }
        String digits = address.substring(start, end);
        if (!marked) {
            return new Signed(digits, original);
        }
        String unescaped = HostNameForm.read(digits, original.localPart());
        return unescaped == null ? new NonCanonical() : new Signed(digits, original.withLocalPart(unescaped));
    }

    private static boolean startsWithTag(String address) {
        return isTagAt(address, 0);
    }

    private static boolean containsTag(String text) {
        // Most addresses have no "=".
        for (int end = text.indexOf('='); end >= 0; end = text.indexOf('=', end + 1)) {
            if (end >= 3 && isTagAt(text, end - 3)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isTagAt(String text, int i) {
        // Not regionMatches: its idea of case would take U+017F for an S.
        return text.length() >= i + 4
                && (text.charAt(i) | 0x20) == 's'
                && (text.charAt(i + 1) | 0x20) == 'e'
                && (text.charAt(i + 2) | 0x20) == 's'
                && text.charAt(i + 3) == '=';
    }
}

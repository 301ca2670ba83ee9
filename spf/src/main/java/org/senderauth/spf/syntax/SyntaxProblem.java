package org.senderauth.spf.syntax;

/**
 * One thing that is wrong in a record, and where. Immutable.
 *
 * @param kind which rule is broken
 * @param span the position in the record's text
 * @param message the same for the reader: one line of printable ASCII
 */
public record SyntaxProblem(Kind kind, Span span, String message) {

    /** The broken rule. */
    public enum Kind {
        /** The text does not start with {@code v=spf1} and a space or its end. */
        VERSION,
        /** A character that is not printable ASCII. */
        CHARACTER,
        /** Neither a mechanism of RFC 7208 nor a modifier. */
        UNKNOWN_TERM,
        /** The mechanism needs a value. */
        MISSING_VALUE,
        /** The mechanism has no value, or not this one. */
        UNEXPECTED_VALUE,
        /** Not a valid IPv4 or IPv6 address. */
        ADDRESS,
        /** The prefix length is out of range or not allowed. */
        PREFIX_LENGTH,
        /** The domain-spec is empty or ends in no top label. */
        DOMAIN,
        /** A percent sign or macro that follows no rule. */
        MACRO,
        /** A modifier that is allowed only once. */
        DUPLICATE
    }

    /**
     * Returns the message with its position.
     *
     * @return such as {@code at octet 7: ...}, counted from 0
     */
    @Override
    public String toString() {
        return "at octet " + span.start() + ": " + message;
    }
}

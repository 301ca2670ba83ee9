package org.senderauth.spf.syntax;

/**
 * A place in a record's text.
 *
 * @param start the first octet, counted from 0
 * @param end the octet behind the last, not less than {@code start}
 */
public record Span(int start, int end) {

    /**
     * The text at this place.
     *
     * @param text the text that the place is counted in
     * @return the part of it
     */
    public String of(String text) {
        return text.substring(start, end);
    }
}

package org.senderauth.spf.syntax;

/**
 * A position in a record's text.
 *
 * @param start the first byte, counted from 0
 * @param end the byte after the last, not less than {@code start}
 */
public record Span(int start, int end) {

    /**
     * Returns the text at this position.
     *
     * @param text the record's text
     * @return the part of it
     */
    public String of(String text) {
        return text.substring(start, end);
    }
}

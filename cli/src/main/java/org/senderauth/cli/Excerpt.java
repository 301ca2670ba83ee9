package org.senderauth.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.senderauth.spf.syntax.Span;

/** A record's text with a caret under a place of it; what cannot be seen is shown by its code. */
final class Excerpt {

    private static final String CUT = "...";

    private Excerpt() {}

    /**
     * The part of a record around a place, and the line that points at it.
     *
     * @param record the record, one char for each octet
     * @param span the place
     * @param width the columns to use
     * @return two lines
     */
    static List<String> of(String record, Span span, int width) {
        StringBuilder shown = new StringBuilder();
        int start = 0;
        int end = 0;
        for (int i = 0; i < record.length(); ) {
            start = i <= span.start() ? shown.length() : start;
            int next = character(record, i, shown);
            i = next;
            end = i <= Math.max(span.end(), span.start() + 1) || shown.length() == 0 ? shown.length() : end;
        }
        end = Math.max(end, start + 1);
        int from = 0;
        int to = shown.length();
        if (to > width) {
            int room = Math.max(0, width - (end - start)) / 2;
            from = Math.max(0, Math.min(start - room, to - width));
            to = Math.min(to, from + width);
        }
        StringBuilder text = new StringBuilder(shown.substring(from, to));
        int left = start - from;
        int right = Math.min(end, to) - from;
        if (from > 0 && left >= CUT.length()) {
            text.replace(0, CUT.length(), CUT);
        }
        if (to < shown.length() && right <= text.length() - CUT.length()) {
            text.replace(text.length() - CUT.length(), text.length(), CUT);
        }
        return List.of(text.toString(), " ".repeat(left) + "^".repeat(Math.max(1, right - left)));
    }

    // Appends one character of the record, and tells where the next one starts.
    private static int character(String record, int at, StringBuilder shown) {
        char octet = record.charAt(at);
        if (octet >= 0x20 && octet < 0x7f) {
            shown.append(octet);
            return at + 1;
        }
        for (int length = 2; octet >= 0x80 && length <= 4 && at + length <= record.length(); length++) {
            byte[] octets = record.substring(at, at + length).getBytes(StandardCharsets.ISO_8859_1);
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(octets))
                        .toString();
                shown.append(String.format(Locale.ROOT, "<U+%04X>", text.codePointAt(0)));
                return at + length;
            } catch (CharacterCodingException e) {
                // One octet more may complete the character.
            }
        }
        shown.append(String.format(Locale.ROOT, "<%02X>", (int) octet));
        return at + 1;
    }

    /** A text without control characters, so that nothing that others sent reaches the terminal as a command. */
    static String visible(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean hidden = Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR
                    || type == Character.SURROGATE;
            clean.appendCodePoint(hidden ? '?' : c);
        });
        return clean.toString();
    }
}

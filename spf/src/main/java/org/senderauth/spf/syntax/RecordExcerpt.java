package org.senderauth.spf.syntax;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Shows a part of a record with carets under a position; characters that cannot be seen appear as their codes. Stateless. */
public final class RecordExcerpt {

    private static final String CUT = "...";

    private RecordExcerpt() {}

    /**
     * Returns the part of a record around a position, and the line of carets below it.
     *
     * @param record the record, one char for each byte
     * @param span the position
     * @param width the columns available
     * @return two lines of printable ASCII
     */
    public static List<String> of(String record, Span span, int width) {
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
            int margin = Math.max(0, width - (end - start)) / 2;
            from = Math.max(0, Math.min(start - margin, to - width));
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

    // Appends one character of the record, and returns the offset of the next one.
    private static int character(String record, int at, StringBuilder shown) {
        char b = record.charAt(at);
        if (b >= 0x20 && b < 0x7f) {
            shown.append(b);
            return at + 1;
        }
        for (int length = 2; b >= 0x80 && length <= 4 && at + length <= record.length(); length++) {
            byte[] bytes = record.substring(at, at + length).getBytes(StandardCharsets.ISO_8859_1);
            try {
                String text = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString();
                shown.append(String.format(Locale.ROOT, "<U+%04X>", text.codePointAt(0)));
                return at + length;
            } catch (CharacterCodingException e) {
                // One more byte may complete the character.
            }
        }
        shown.append(String.format(Locale.ROOT, "<%02X>", (int) b));
        return at + 1;
    }
}

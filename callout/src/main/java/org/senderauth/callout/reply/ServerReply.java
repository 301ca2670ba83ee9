package org.senderauth.callout.reply;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;

/**
 * One reply of an SMTP server (RFC 5321 section 4.2). Its lines are safe to show: printable ASCII. Immutable.
 *
 * @param code the three digits of its last line
 * @param lines the texts of its lines, without code and separator, enhanced status codes left in place; at least one
 * @param text all text as the server meant it, in Unicode, for {@link ReplyClassifier} only; never to be shown
 * @param mixedCodes whether its lines have different codes, which RFC 5321 section 4.2.1 forbids
 * @param mixedClasses whether its lines have codes of different classes, such as 250 and 550
 */
public record ServerReply(int code, List<String> lines, String text, boolean mixedCodes, boolean mixedClasses) {

    /** The maximum characters of a line's text (RFC 5321 section 4.5.3.1.5). */
    public static final int MAX_LINE_TEXT = 512;

    /**
     * Creates a reply; the lines are copied.
     *
     * @param code the three digits
     * @param lines the texts of the lines
     * @param text all text in Unicode
     * @param mixedCodes whether the lines have different codes
     * @param mixedClasses whether the lines have codes of different classes
     */
    public ServerReply {
        lines = List.copyOf(lines);
    }

    /**
     * Creates a reply from its lines.
     *
     * @param lines the lines of the server, without newlines, such as {@code 550-5.1.1 unknown}
     * @return the reply
     * @throws IllegalArgumentException if there is no line, or one is not a reply line; the message names it
     */
    public static ServerReply of(List<String> lines) {
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("a reply has at least one line");
        }
        List<Line> parsed = lines.stream().map(Line::parse).toList();
        int code = parsed.get(parsed.size() - 1).code;
        List<String> shown = new ArrayList<>(parsed.size());
        StringBuilder text = new StringBuilder();
        for (Line line : parsed) {
            shown.add(SafeText.ascii(line.text));
            text.append(text.isEmpty() ? "" : " ").append(line.text);
        }
        return new ServerReply(
                code,
                shown,
                text.toString(),
                parsed.stream().anyMatch(line -> line.code != code),
                parsed.stream().anyMatch(line -> line.code / 100 != code / 100));
    }

    /**
     * Decodes the bytes of a reply. RFC 6531 section 3.7.4.2 allows UTF-8; older servers send ISO 8859-1.
     *
     * @param octets the bytes as characters U+0000 to U+00FF
     * @return the text
     */
    public static String decode(String octets) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return octets;
        }
    }

    /**
     * {@return the enhanced status code that belongs to the reply code, such as {@code 5.1.1}: the first of the same class,
     * anywhere in the text; empty if there is none}
     */
    public String enhancedCode() {
        EnhancedStatusCode code = enhanced();
        return code == null ? "" : code.toString();
    }

    @Nullable
    EnhancedStatusCode enhanced() {
        return EnhancedStatusCode.findAll(text).stream()
                .filter(found -> found.statusClass() == code / 100)
                .findFirst()
                .orElse(null);
    }

    /**
     * {@return true if the command succeeded: 2yz}
     */
    public boolean isPositive() {
        return code / 100 == 2;
    }

    /**
     * {@return true if the server defers: 4yz}
     */
    public boolean isTransient() {
        return code / 100 == 4;
    }

    /**
     * {@return true if the server rejects permanently: 5yz}
     */
    public boolean isPermanent() {
        return code / 100 == 5;
    }

    /**
     * {@return true if the server closes the connection (421), which it may do at any time (RFC 5321 section 3.8)}
     */
    public boolean isClosing() {
        return code == 421;
    }

    /**
     * {@return the code and the text on one line, safe to show}
     */
    @Override
    public String toString() {
        return (code + " " + String.join(" ", lines)).stripTrailing();
    }

    /** Reply-line = Reply-code ( "-" / SP ) [ textstring ] (RFC 5321 section 4.2); {@code last} if no other line follows. */
    public record Line(int code, boolean last, String text) {

        /**
         * Parses one line.
         *
         * @param raw the line without its newline
         * @return its parts; of a long text the first {@value #MAX_LINE_TEXT} characters
         * @throws IllegalArgumentException if it is not a reply line
         */
        public static Line parse(String raw) {
            boolean digits = raw.length() >= 3 && raw.chars().limit(3).allMatch(c -> c >= '0' && c <= '9');
            char separator = raw.length() > 3 ? raw.charAt(3) : ' ';
            if (!digits || separator != ' ' && separator != '-') {
                throw new IllegalArgumentException(
                        "not an SMTP reply: " + SafeText.ascii(raw.substring(0, Math.min(raw.length(), 60))));
            }
            String text = raw.length() > 4 ? raw.substring(4, Math.min(raw.length(), 4 + MAX_LINE_TEXT)) : "";
            return new Line(Integer.parseInt(raw.substring(0, 3)), separator == ' ', text);
        }
    }
}

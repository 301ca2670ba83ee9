package org.senderauth.spf.syntax;

import java.util.List;

/**
 * A text with macros (RFC 7208 section 7.1), as a list of its parts. Immutable.
 *
 * <pre>{@code
 * macro-string   = *( macro-expand / macro-literal )
 * explain-string = *( macro-string / SP )
 * }</pre>
 *
 * @param span its position in the parsed text
 * @param text the text as written
 * @param parts its parts, in order
 */
public record MacroString(Span span, String text, List<Part> parts) {

    /**
     * Creates a macro-string; the list is copied.
     *
     * @param span its position
     * @param text the text as written
     * @param parts its parts
     */
    public MacroString {
        parts = List.copyOf(parts);
    }

    /** One part of a macro-string. */
    public sealed interface Part {}

    /**
     * Characters without a special meaning: {@code macro-literal = %x21-24 / %x26-7E}, in explanations SP too.
     *
     * @param text one character or more
     */
    public record Literal(String text) implements Part {}

    /**
     * A written escape: {@code %%}, {@code %_} (a space) or {@code %-} (a URL-encoded space).
     *
     * @param span its position
     * @param text what it expands to: {@code %}, one space or {@code %20}
     */
    public record Escape(Span span, String text) implements Part {}

    /**
     * A macro, {@code "%{" macro-letter transformers *delimiter "}"}, with {@code transformers = *DIGIT [ "r" ]} and
     * {@code delimiter = "." / "-" / "+" / "," / "/" / "_" / "="}.
     *
     * @param span its position
     * @param letter which value, one of {@code s l o d i p h c r t v}
     * @param urlEscaped whether the letter is written in upper case, so that the value is URL-escaped
     * @param rightmost how many parts are kept, counted from the right; 0 keeps all
     * @param reversed whether the order of the parts is reversed before some are dropped
     * @param delimiters the characters at which the value is split; {@code .} if none is written
     */
    public record Macro(Span span, char letter, boolean urlEscaped, int rightmost, boolean reversed, String delimiters)
            implements Part {

        /**
         * Appends what the macro expands to (section 7.3): the value split at the delimiters, reversed, without the parts
         * on its left, joined with dots, and URL-escaped.
         *
         * @param value the value that the letter refers to
         * @param text the text to append to
         */
        public void expand(String value, StringBuilder text) {
            int start = text.length();
            if (rightmost == 0 && !reversed && delimiters.equals(".")) {
                text.append(value);
            } else if (reversed) {
                joinReversed(value, text);
            } else {
                join(value, text);
            }
            if (urlEscaped) {
                String plain = text.substring(start);
                text.setLength(start);
                UrlEscape.append(plain, text);
            }
        }

        private void join(String value, StringBuilder text) {
            int at = value.length();
            for (int parts = 0; at > 0; at--) {
                if (isDelimiter(value.charAt(at - 1)) && ++parts == rightmost) {
                    break;
                }
            }
            for (; at < value.length(); at++) {
                char c = value.charAt(at);
                text.append(isDelimiter(c) ? '.' : c);
            }
        }

        // The rightmost parts of the reversed order are the leftmost of the value.
        private void joinReversed(String value, StringBuilder text) {
            int end = 0;
            for (int parts = 0; end < value.length(); end++) {
                if (isDelimiter(value.charAt(end)) && ++parts == rightmost) {
                    break;
                }
            }
            for (int at = end - 1; at >= 0; at--) {
                if (isDelimiter(value.charAt(at))) {
                    text.append(value, at + 1, end).append('.');
                    end = at;
                }
            }
            text.append(value, 0, end);
        }

        private boolean isDelimiter(char c) {
            return delimiters.indexOf(c) >= 0;
        }
    }

    /**
     * Returns whether the expansion is the same in every check.
     *
     * @return true if there is no {@link Macro} among the parts
     */
    public boolean isFixed() {
        for (Part part : parts) {
            if (part instanceof Macro) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether a macro letter occurs.
     *
     * @param letter the letter in lower case
     * @return true if a {@link Macro} among the parts has it
     */
    public boolean uses(char letter) {
        for (Part part : parts) {
            if (part instanceof Macro macro && macro.letter() == letter) {
                return true;
            }
        }
        return false;
    }
}

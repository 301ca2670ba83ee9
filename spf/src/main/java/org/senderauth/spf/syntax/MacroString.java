package org.senderauth.spf.syntax;

import java.util.ArrayList;
import java.util.Collections;
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
         * Returns what the macro expands to (section 7.3): the value split at the delimiters, reversed, without the parts
         * on its left, joined with dots, and URL-escaped.
         *
         * @param value the value that the letter refers to
         */
        public String expand(String value) {
            boolean plain = rightmost == 0 && !reversed && delimiters.equals(".");
            String text = plain ? value : joined(value);
            return urlEscaped ? UrlEscape.of(text) : text;
        }

        private String joined(String value) {
            List<String> split = new ArrayList<>();
            int start = 0;
            for (int i = 0; i <= value.length(); i++) {
                if (i == value.length() || delimiters.indexOf(value.charAt(i)) >= 0) {
                    split.add(value.substring(start, i));
                    start = i + 1;
                }
            }
            if (reversed) {
                Collections.reverse(split);
            }
            int kept = rightmost == 0 ? split.size() : Math.min(rightmost, split.size());
            return String.join(".", split.subList(split.size() - kept, split.size()));
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

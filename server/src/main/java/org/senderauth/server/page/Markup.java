package org.senderauth.server.page;

import org.senderauth.core.SafeText;

/** Texts of others in HTML and SVG. Stateless. */
final class Markup {

    private Markup() {}

    /** Returns a text that is shown as it is, within an element or an attribute in double quotes. */
    static String escaped(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        SafeText.of(text).codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                // No characters of XML 1.0 (section 2.2).
                case 0xfffe, 0xffff -> safe.append('?');
                default -> safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }
}

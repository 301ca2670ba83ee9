package org.senderauth.batv;

import java.util.Locale;
import java.util.Set;

/**
 * Reads the visible text of HTML in one pass: without tags, title, style and scripts, with a newline for each line and
 * block. Of a comment the words may remain.
 */
final class HtmlText {

    private static final Set<String> INVISIBLE = Set.of("style", "script", "title");
    private static final Set<String> BREAKS =
            Set.of("br", "p", "/p", "div", "/div", "tr", "/tr", "li", "td", "h1", "h2");

    private HtmlText() {}

    static String plain(String html) {
        StringBuilder text = new StringBuilder(html.length());
        int at = 0;
        int close = -1;
        while (at < html.length()) {
            int open = html.indexOf('<', at);
            if (open < 0) {
                break;
            }
            text.append(html, at, open);
            close = close > open ? close : html.indexOf('>', open);
            if (close < 0) {
                at = open;
                break;
            }
            String name = name(html, open + 1, close);
            at = close + 1;
            if (INVISIBLE.contains(name)) {
                int end = html.indexOf("</", at);
                while (end >= 0
                        && !name(html, end + 1, Math.min(end + 12, html.length()))
                                .equals('/' + name)) {
                    end = html.indexOf("</", end + 2);
                }
                at = end < 0 ? html.length() : end;
            } else if (name.isEmpty()) {
                // Not a tag, as in <ann@example.net>: what is in the brackets is text.
                text.append('<');
                at = open + 1;
            } else {
                text.append(BREAKS.contains(name) ? '\n' : ' ');
            }
        }
        return HtmlEntities.decode(text.append(html, at, html.length()).toString());
    }

    /** The name of a tag in lower case, or an empty text. */
    private static String name(String html, int from, int close) {
        int at = from;
        while (at < close && at < from + 12 && isName(html.charAt(at))) {
            at++;
        }
        boolean ended = at >= close || " >/".indexOf(html.charAt(at)) >= 0 || html.charAt(at) < ' ';
        return ended ? html.substring(from, at).toLowerCase(Locale.ROOT) : "";
    }

    private static boolean isName(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '/' || c == '!' || c == '-';
    }
}

package org.senderauth.batv;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decodes the character references of HTML that occur in the texts of bounces. */
final class HtmlEntities {

    private static final Pattern REFERENCE = Pattern.compile("&(#\\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});");

    private static final Map<String, String> NAMED = Map.ofEntries(
            Map.entry("amp", "&"),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("quot", "\""),
            Map.entry("apos", "'"),
            Map.entry("nbsp", " "),
            Map.entry("rsquo", "'"),
            Map.entry("auml", "ä"),
            Map.entry("ouml", "ö"),
            Map.entry("uuml", "ü"),
            Map.entry("szlig", "ß"),
            Map.entry("eacute", "é"),
            Map.entry("egrave", "è"),
            Map.entry("ecirc", "ê"),
            Map.entry("agrave", "à"),
            Map.entry("aacute", "á"),
            Map.entry("iacute", "í"),
            Map.entry("oacute", "ó"),
            Map.entry("uacute", "ú"),
            Map.entry("ntilde", "ñ"),
            Map.entry("ccedil", "ç"),
            Map.entry("atilde", "ã"),
            Map.entry("otilde", "õ"),
            Map.entry("ocirc", "ô"),
            Map.entry("oslash", "ø"),
            Map.entry("aring", "å"),
            Map.entry("aelig", "æ"));

    private HtmlEntities() {}

    /** The text with its references decoded; those unknown remain. */
    static String decode(String text) {
        if (text.indexOf('&') < 0) {
            return text;
        }
        return REFERENCE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(character(match.group(1), match.group())));
    }

    private static String character(String name, String reference) {
        if (name.charAt(0) != '#') {
            return NAMED.getOrDefault(name, reference);
        }
        boolean hex = Character.toLowerCase(name.charAt(1)) == 'x';
        int code = hex ? Integer.parseInt(name.substring(2), 16) : Integer.parseInt(name.substring(1));
        return Character.isValidCodePoint(code) ? Character.toString(code) : reference;
    }
}

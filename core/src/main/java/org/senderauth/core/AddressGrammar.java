package org.senderauth.core;

/** The productions of an address in RFC 5321 section 4.1.2, with UTF-8 by RFC 6531 section 3.3; lengths aside. */
final class AddressGrammar {

    private static final AsciiSet ATEXT_AND_DOT = AsciiSet.LETTERS_AND_DIGITS.with("!#$%&'*+-/=?^_`{|}~.");
    private static final AsciiSet LET_DIG_HYPHEN = AsciiSet.LETTERS_AND_DIGITS.with("-");
    private static final int MAX_LABEL = 63;

    private AddressGrammar() {}

    // Dot-string = Atom *("." Atom); atext is that of RFC 5322 section 3.2.3
    static boolean isAsciiDotString(String text) {
        return ATEXT_AND_DOT.hasAll(text) && hasAtoms(text);
    }

    // UTF8-non-ascii joins atext by RFC 6531 section 3.3. C1 controls are rejected.
    static boolean isDotString(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!ATEXT_AND_DOT.has(c) && c <= 0x9f) {
                return false;
            }
        }
        return hasAtoms(text);
    }

    private static boolean hasAtoms(String text) {
        return !text.isEmpty() && text.charAt(0) != '.' && !text.endsWith(".") && !text.contains("..");
    }

    // Quoted-string = DQUOTE *QcontentSMTP DQUOTE, the whole text
    static boolean isQuotedString(String text) {
        int last = text.length() - 1;
        if (last < 1 || text.charAt(0) != '"' || text.charAt(last) != '"') {
            return false;
        }
        for (int i = 1; i < last; i++) {
            char c = text.charAt(i);
            if (c == '"' || c >= 0x7f && c <= 0x9f) {
                return false;
            }
            if (c == '\\' && (++i == last || text.charAt(i) > 0x7e)) {
                return false;
            }
        }
        return true;
    }

    // Domain = sub-domain *("." sub-domain); sub-domain = Let-dig [Ldh-str] / U-label
    static boolean isDomain(String text) {
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (!isLabel(text, start, i)) {
                    return false;
                }
                start = i + 1;
            } else if (!LET_DIG_HYPHEN.has(c) && c <= 0x9f) {
                return false;
            }
        }
        return isLabel(text, start, text.length());
    }

    private static boolean isLabel(String text, int start, int end) {
        return end > start && end - start <= MAX_LABEL && text.charAt(start) != '-' && text.charAt(end - 1) != '-';
    }

    // address-literal = "[" 1*dcontent "]" ; the address itself is left to the caller
    static boolean isLiteralContent(String text) {
        int last = text.length() - 1;
        if (last < 2 || text.charAt(last) != ']') {
            return false;
        }
        return text.substring(1, last).chars().allMatch(c -> c > 0x20 && c < 0x7f && "[\\]".indexOf(c) < 0);
    }
}

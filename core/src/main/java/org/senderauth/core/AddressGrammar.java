package org.senderauth.core;

/** The productions of an address in RFC 5321 section 4.1.2, with UTF-8 by RFC 6531 section 3.3; lengths aside. */
final class AddressGrammar {

    private static final AsciiSet ATEXT = AsciiSet.LETTERS_AND_DIGITS.with("!#$%&'*+-/=?^_`{|}~");
    private static final AsciiSet LET_DIG_HYPHEN = AsciiSet.LETTERS_AND_DIGITS.with("-");
    private static final int MAX_LABEL = 63;

    private AddressGrammar() {}

    // Dot-string = Atom *("." Atom)
    static boolean isDotString(String text) {
        boolean atomNeeded = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (atomNeeded) {
                    return false;
                }
                atomNeeded = true;
            } else if (isAtext(c)) {
                atomNeeded = false;
            } else {
                return false;
            }
        }
        return !atomNeeded;
    }

    // atext of RFC 5322 section 3.2.3; UTF8-non-ascii joins it by RFC 6531 section 3.3. C1 controls are rejected.
    private static boolean isAtext(char c) {
        return ATEXT.has(c) || c > 0x9f;
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

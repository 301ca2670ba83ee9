package org.senderauth.spf.syntax;

import org.senderauth.spf.syntax.SyntaxProblem.Kind;

/**
 * {@code dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ]} at the end of a term (RFC 7208 section 12). It
 * is read backwards, since a domain-spec may hold slashes but cannot end in one and digits.
 *
 * @param start where it starts; the term's end if it is absent
 * @param ip4Prefix 32 if none is written
 * @param ip6Prefix 128 if none is written
 */
record DualCidr(int start, int ip4Prefix, int ip6Prefix) {

    static DualCidr parse(String text, int from, int end) throws SyntaxException {
        int start = end;
        int ip4Prefix = 32;
        int ip6Prefix = 128;
        int slash = slashBeforeDigits(text, from, end);
        if (slash > from && text.charAt(slash - 1) == '/') {
            ip6Prefix = number(text, slash + 1, end, 128);
            start = slash - 1;
            slash = slashBeforeDigits(text, from, start);
        }
        if (slash >= from) {
            ip4Prefix = number(text, slash + 1, start, 32);
            start = slash;
        }
        return new DualCidr(start, ip4Prefix, ip6Prefix);
    }

    // Where "/" 1*DIGIT starts that ends at end; -1 if there is none.
    private static int slashBeforeDigits(String text, int from, int end) {
        int at = end - 1;
        while (at >= from && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at--;
        }
        return at >= from && at < end - 1 && text.charAt(at) == '/' ? at : -1;
    }

    /** {@code "0" / %x31-39 0*2DIGIT}, up to a greatest value. */
    static int number(String text, int start, int end, int max) throws SyntaxException {
        int number = 0;
        for (int i = start; i < end; i++) {
            char c = text.charAt(i);
            number = c >= '0' && c <= '9' ? Math.min(1000, number * 10 + c - '0') : 1000;
        }
        boolean leadingZero = end - start > 1 && text.charAt(start) == '0';
        if (start == end || leadingZero || number > max) {
            throw new SyntaxException(
                    Kind.PREFIX_LENGTH,
                    start - 1,
                    end,
                    "prefix length must be between 0 and " + max + ", without leading zeros"
                            + (max == 32 ? "; an IPv6 prefix length has two slashes" : ""));
        }
        return number;
    }
}

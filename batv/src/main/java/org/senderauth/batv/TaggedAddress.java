package org.senderauth.batv;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/**
 * An address that carries a tag: what was there before, and the tag.
 *
 * <p>Only the known forms count. The draft's general {@code tag-type "=" tag-val "=" loc-core} (section 3) would also
 * catch SRS, VERP and ordinary addresses with two equals signs. Tag types are compared without case (section 2.2).
 *
 * @param original the address without the tag; a quoted local part stays quoted
 * @param tag the tag
 */
public record TaggedAddress(MailAddress original, BatvTag tag) {

    /**
     * The maximum length of a local part, in characters, in which a tag is searched. RFC 5321 section 4.5.3.1.1 allows 64;
     * some software sends more.
     */
    public static final int MAX_LOCAL_PART = 1024;

    private static final String PRVS = "prvs=";
    private static final String BARRACUDA = "btv1==";
    private static final String SPARKPOST = "msprvs1=";

    /**
     * Reads the tag of an address.
     *
     * @param address an address
     * @return its parts, or nothing if it carries no tag of a known form
     */
    public static Optional<TaggedAddress> parse(MailAddress address) {
        String local = address.localPart();
        if (local.length() > MAX_LOCAL_PART) {
            return Optional.empty();
        }
        boolean quoted = address.isQuoted() && local.length() > 2 && local.endsWith("\"");
        Parts parts = split(quoted ? local.substring(1, local.length() - 1) : local);
        // core = 1*OCTET, but a quoted string may be empty
        if (parts == null || parts.core.isEmpty() && !quoted) {
            return Optional.empty();
        }
        // A backslash before the tag may have quoted the tag's first character, and a quotation mark after the tag may
        // have no end: then what is left is not an address.
        String core = quoted ? '"' + parts.core + '"' : parts.core;
        return MailAddress.join(core, address.domain()).map(original -> new TaggedAddress(original, parts.tag));
    }

    private record Parts(String core, BatvTag tag) {}

    // The first format that matches wins; the reversed ones match most, including a sub-address after "prvs=joe".
    private static @Nullable Parts split(String local) {
        if (local.indexOf('=') < 0) {
            return null;
        }
        Parts parts = prefixed(local);
        if (parts == null) {
            parts = subAddress(local);
        }
        return parts == null && startsWith(local, PRVS) ? reversed(local) : parts;
    }

    private static @Nullable Parts prefixed(String local) {
        if (startsWith(local, PRVS)) {
            Parts parts = std(local);
            return parts != null ? parts : tagFirst(local, TagFormat.IRONPORT, PRVS, 9, "=");
        }
        if (startsWith(local, BARRACUDA)) {
            return tagFirst(local, TagFormat.BARRACUDA, BARRACUDA, 11, "==");
        }
        return startsWith(local, SPARKPOST) ? tagFirst(local, TagFormat.SPARKPOST, SPARKPOST, 13, "=") : null;
    }

    // std = "prvs=" K DDD SSSSSS "=" core
    private static @Nullable Parts std(String local) {
        int end = PRVS.length() + BatvTag.Prvs.LENGTH;
        if (local.length() <= end || local.charAt(end) != '=') {
            return null;
        }
        BatvTag tag = prvs(TagFormat.STD, local, PRVS.length());
        return tag == null ? null : new Parts(local.substring(end + 1), tag);
    }

    // subaddr = core ("+" / "-") "prvs=" K DDD SSSSSS
    private static @Nullable Parts subAddress(String local) {
        int start = local.length() - BatvTag.Prvs.LENGTH;
        int delimiter = start - PRVS.length() - 1;
        if (delimiter < 0
                || local.charAt(delimiter) != '+' && local.charAt(delimiter) != '-'
                || !local.regionMatches(true, delimiter + 1, PRVS, 0, PRVS.length())) {
            return null;
        }
        BatvTag tag = prvs(TagFormat.SUBADDR, local, start);
        return tag == null ? null : new Parts(local.substring(0, delimiter), tag);
    }

    // ironport, barracuda, sparkpost: a prefix, a tag of fixed length that begins with digits, a separator, the core
    private static @Nullable Parts tagFirst(String local, TagFormat form, String prefix, int length, String separator) {
        int start = prefix.length();
        int end = start + length;
        if (!local.startsWith(separator, end)) {
            return null;
        }
        boolean fits = form == TagFormat.SPARKPOST
                ? allDigits(local, start, start + 5) && allBase64Url(local, start + 5, end)
                : allDigits(local, start, start + 3) && allHex(local, start + 3, end);
        return fits
                ? new Parts(
                        local.substring(end + separator.length()),
                        new BatvTag.Foreign(form, local.substring(start, end)))
                : null;
    }

    // reversed = "prvs=" core ("=" / "/") 3DIGIT 6*7HEXDIG
    private static @Nullable Parts reversed(String local) {
        int separator = Math.max(local.lastIndexOf('='), local.lastIndexOf('/'));
        int start = separator + 1;
        int length = local.length() - start;
        if (separator <= PRVS.length()
                || length < 9
                || length > 10
                || !allDigits(local, start, start + 3)
                || !allHex(local, start + 3, local.length())) {
            return null;
        }
        TagFormat form = local.charAt(separator) == '=' ? TagFormat.REV_EQ : TagFormat.REV_SLASH;
        return new Parts(local.substring(PRVS.length(), separator), new BatvTag.Foreign(form, local.substring(start)));
    }

    private static BatvTag.@Nullable Prvs prvs(TagFormat form, String local, int start) {
        int hashStart = start + 4;
        long digits = number(local, start, hashStart, 10);
        long hash = number(local, hashStart, start + BatvTag.Prvs.LENGTH, 16);
        return digits < 0 || hash < 0
                ? null
                : new BatvTag.Prvs(form, (int) digits / 1000, (int) digits % 1000, (int) hash);
    }

    private static boolean startsWith(String local, String prefix) {
        return local.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    private static boolean allDigits(String text, int from, int to) {
        return number(text, from, to, 10) >= 0;
    }

    private static boolean allHex(String text, int from, int to) {
        return number(text, from, to, 16) >= 0;
    }

    /** The number that at most eight ASCII digits make; negative if one is no digit of this radix. */
    private static long number(String text, int from, int to, int radix) {
        long number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c <= 'f' ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            number = number * radix + digit;
        }
        return number;
    }

    private static boolean allBase64Url(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!letter && !isDigit(c) && c != '-' && c != '_') {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}

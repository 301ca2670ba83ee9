package org.senderauth.srs;

import java.util.Arrays;
import org.senderauth.core.Hmac;

/**
 * Our own form. Under the HMAC-SHA256 are the kind of the address, its parts and the domain after the {@code @}, each
 * after its length in two octets, so that no octet can move from one part into another; an SRS0 hash is never that of
 * an SRS1 address, nor of another domain. Parts are folded to lower case, since mail servers on the way back do so.
 */
final class HardenedScheme implements SrsScheme {

    /** Days by which the clock of another host that signs with the same key may be ahead. */
    private static final int MAX_DAYS_AHEAD = 1;

    // With these the input of an ordinary sender fits into one block of SHA-256: 55 octets after the key's own.
    private static final String SRS0 = "srs0 1";
    private static final String SRS1 = "srs1 1";
    private static final String ALIAS = "alias 1";

    @Override
    public String algorithm() {
        return "HmacSHA256";
    }

    @Override
    public String stamp(int day) {
        return SrsDays.stamp(day);
    }

    @Override
    public String srs0Hash(Hmac key, String stamp, String host, String user, String domain) {
        return hash(key, SRS0, stamp, host, user, domain);
    }

    @Override
    public String srs1Hash(Hmac key, String host, String inner, String domain) {
        return hash(key, SRS1, host, inner, domain);
    }

    /**
     * The name under which an address is kept in an alias store: 80 bits that only this key can compute. The address
     * is not folded, since the store gives it back.
     */
    static String alias(Hmac key, String address) {
        return SrsText.base32(mac(key, false, ALIAS, address), AliasStore.ALIAS_LENGTH);
    }

    private static String hash(Hmac key, String... parts) {
        return SrsText.base32(mac(key, true, parts), SrsFormat.HARDENED_HASH_LENGTH);
    }

    private static byte[] mac(Hmac key, boolean folded, String... parts) {
        int length = 0;
        for (String part : parts) {
            length += 2 + part.length();
        }
        byte[] input = new byte[length];
        int start = 2;
        for (String part : parts) {
            // No part is longer than two octets can count: an address read from the network has at most 64 KiB.
            int octets = SrsText.putAscii(part, folded, input, start);
            if (octets < 0) {
                // Beyond ASCII a character takes more than one octet: the input grows by the others.
                byte[] utf8 = SrsText.utf8(folded ? SrsText.lower(part) : part);
                octets = utf8.length;
                input = Arrays.copyOf(input, input.length + octets - part.length());
                System.arraycopy(utf8, 0, input, start, octets);
            }
            input[start - 2] = (byte) (octets >> 8);
            input[start - 1] = (byte) octets;
            start += octets + 2;
        }
        return key.compute(input);
    }

    @Override
    public boolean confirms(Hmac key, SrsSyntax.Srs0 address, String domain) {
        return isSame(address.hash(), srs0Hash(key, address.stamp(), address.host(), address.user(), domain));
    }

    @Override
    public boolean confirms(Hmac key, SrsSyntax.Srs1 address, String domain) {
        return isSame(address.hash(), srs1Hash(key, address.host(), address.inner(), domain));
    }

    // Constant time in the hash: every character is compared. Its length is no secret.
    private static boolean isSame(String offered, String expected) {
        if (offered.length() != expected.length()) {
            return false;
        }
        int difference = 0;
        for (int i = 0; i < expected.length(); i++) {
            difference |= SrsText.lower(offered.charAt(i)) ^ expected.charAt(i);
        }
        return difference == 0;
    }

    @Override
    public Age age(String stamp, int today, int lifetimeDays) {
        int day = SrsDays.parse(stamp);
        if (day == SrsDays.MALFORMED) {
            return Age.MALFORMED;
        }
        int age = SrsDays.age(day, today);
        if (age <= lifetimeDays || age >= SrsDays.CYCLE - MAX_DAYS_AHEAD) {
            return Age.IN_TIME;
        }
        return age <= SrsDays.CYCLE / 2 ? Age.OVER : Age.AHEAD;
    }
}

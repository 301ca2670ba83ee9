package org.senderauth.srs;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.senderauth.core.Hmac;

/**
 * Exim's form: four lower-case hexadecimal digits of an HMAC-MD5 over the whole original sender in lower case. The
 * stamp is not under the hash, so that an old address is made fresh by two letters: verify with an end date only.
 */
final class EximScheme implements SrsScheme {

    private static final int HASH_OCTETS = 2;

    @Override
    public String algorithm() {
        return "HmacMD5";
    }

    @Override
    public String stamp(int day) {
        return SrsText.lower(SrsDays.stamp(day));
    }

    @Override
    public String srs0Hash(Hmac key, String stamp, String host, String user, String domain) {
        byte[] mac = key.compute(SrsText.utf8(SrsText.lower(user + '@' + host)));
        return HexFormat.of().formatHex(mac, 0, HASH_OCTETS);
    }

    @Override
    public String srs1Hash(Hmac key, String host, String inner, String domain) {
        throw new IllegalStateException("Exim does not write SRS1");
    }

    @Override
    public boolean confirms(Hmac key, SrsSyntax.Srs0 address, String domain) {
        return address.separator() == '='
                && MessageDigest.isEqual(
                        SrsText.utf8(address.hash()),
                        SrsText.utf8(srs0Hash(key, address.stamp(), address.host(), address.user(), domain)));
    }

    @Override
    public boolean confirms(Hmac key, SrsSyntax.Srs1 address, String domain) {
        return false;
    }

    @Override
    public Age age(String stamp, int today, int lifetimeDays) {
        int day = SrsDays.parse(stamp);
        if (day == SrsDays.MALFORMED || !stamp.equals(SrsText.lower(stamp))) {
            return Age.MALFORMED;
        }
        return SrsDays.age(day, today) <= lifetimeDays ? Age.IN_TIME : Age.OVER;
    }
}

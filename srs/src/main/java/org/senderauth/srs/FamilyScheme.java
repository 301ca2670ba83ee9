package org.senderauth.srs;

import java.security.MessageDigest;
import java.util.Base64;
import org.senderauth.core.Hmac;

/**
 * The form that Mail::SRS, pysrs, libsrs2 and PostSRSd share: HMAC-SHA1 over the parts in lower case, joined without a
 * separator, in base64. They differ in which characters of a hash they compare and which stamps they read.
 */
record FamilyScheme(SrsFormat format) implements SrsScheme {

    @Override
    public String algorithm() {
        return "HmacSHA1";
    }

    @Override
    public String stamp(int day) {
        return SrsDays.stamp(day);
    }

    @Override
    public String srs0Hash(Hmac key, String stamp, String host, String user, String domain) {
        return written(mac(key, stamp + host + user));
    }

    @Override
    public String srs1Hash(Hmac key, String host, String inner, String domain) {
        return written(mac(key, host + inner));
    }

    private static String mac(Hmac key, String joined) {
        return Base64.getEncoder().withoutPadding().encodeToString(key.compute(SrsText.utf8(SrsText.lower(joined))));
    }

    private String written(String base64) {
        String hash = base64.substring(0, format.hashLength());
        return format.mode() == SrsMode.POSTSRSD2 ? hash.replace('+', '-').replace('/', '_') : hash;
    }

    @Override
    public boolean confirms(Hmac key, SrsSyntax.Srs0 address, String domain) {
        return isSame(address.hash(), mac(key, address.stamp() + address.host() + address.user()));
    }

    @Override
    public boolean confirms(Hmac key, SrsSyntax.Srs1 address, String domain) {
        return isSame(address.hash(), mac(key, address.host() + address.inner()));
    }

    private boolean isSame(String offered, String base64) {
        int compared = compared(offered.length());
        if (compared > base64.length()) {
            return false;
        }
        String text = offered.substring(0, compared);
        if (format.mode() == SrsMode.POSTSRSD2) {
            text = text.replace('-', '+').replace('_', '/');
        }
        return compared > 0
                && MessageDigest.isEqual(
                        SrsText.utf8(SrsText.lower(text)), SrsText.utf8(SrsText.lower(base64.substring(0, compared))));
    }

    /** The number of characters of a hash that the program compares; 0 if it rejects a hash of that length. */
    private int compared(int offered) {
        if (offered < format.hashMin()) {
            return 0;
        }
        return switch (format.mode()) {
            case LIBSRS2 -> offered == format.hashLength() ? offered : 0;
            // PostSRSd ignores what exceeds the configured length.
            case POSTSRSD1, POSTSRSD2 -> Math.min(offered, format.hashLength());
            default -> offered;
        };
    }

    @Override
    public Age age(String stamp, int today, int lifetimeDays) {
        if (!isReadable(stamp)) {
            return Age.MALFORMED;
        }
        long then = 0;
        for (int i = 0; i < stamp.length(); i++) {
            then = then * 32 + value(stamp.charAt(i));
        }
        long now = today;
        while (now < then) {
            now += SrsDays.CYCLE;
        }
        return now <= then + lifetimeDays ? Age.IN_TIME : Age.OVER;
    }

    /** The longest stamp, in letters, that is worth computing; no program writes more than two. */
    private static final int MAX_STAMP = 3;

    private boolean isReadable(String stamp) {
        boolean known = stamp.chars().allMatch(c -> SrsDays.value((char) c) >= 0);
        return switch (format.mode()) {
            case MAIL_SRS, PYSRS -> !stamp.isEmpty() && stamp.length() <= MAX_STAMP;
            case LIBSRS2 -> known && !stamp.isEmpty() && stamp.length() <= MAX_STAMP;
            default -> known && stamp.length() == 2;
        };
    }

    /** The value of a letter; pysrs counts an unknown one as -1, Mail::SRS as 0. */
    private int value(char letter) {
        int value = SrsDays.value(letter);
        return value >= 0 || format.mode() == SrsMode.PYSRS ? value : 0;
    }
}

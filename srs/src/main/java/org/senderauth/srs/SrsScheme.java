package org.senderauth.srs;

import org.senderauth.core.Hmac;

/**
 * The hash and the date of one program's addresses. Stateless; thread-safe.
 */
interface SrsScheme {

    /** The JCA name of the HMAC. */
    String algorithm();

    /** The day as the program writes it. */
    String stamp(int day);

    /** The hash text of an SRS0 address at a domain. */
    String srs0Hash(Hmac key, String stamp, String host, String user, String domain);

    /** The hash text of an SRS1 address at a domain. */
    String srs1Hash(Hmac key, String host, String inner, String domain);

    /** Tests whether this key computes the hash of an SRS0 address at a domain, in constant time. */
    boolean confirms(Hmac key, SrsSyntax.Srs0 address, String domain);

    /** Tests whether this key computes the hash of an SRS1 address at a domain, in constant time. */
    boolean confirms(Hmac key, SrsSyntax.Srs1 address, String domain);

    /** Checks the date of an address. */
    enum Age {
        IN_TIME,
        OVER,
        AHEAD,
        MALFORMED
    }

    /** Judges a stamp. */
    Age age(String stamp, int today, int lifetimeDays);

    static SrsScheme of(SrsFormat format) {
        return switch (format.mode()) {
            case HARDENED -> new HardenedScheme();
            case EXIM -> new EximScheme();
            default -> new FamilyScheme(format);
        };
    }
}

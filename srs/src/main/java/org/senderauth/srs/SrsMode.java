package org.senderauth.srs;

/**
 * The programs whose addresses can be verified, and reproduced in tests. Only {@link #HARDENED} is for signing mail:
 * the others join the parts under their hash without a separator, so that one hash fits several addresses.
 */
public enum SrsMode {
    /** Our own form: separated parts under an HMAC-SHA256, 40 bits that survive lower-casing. */
    HARDENED("hardened"),
    /** The C library libsrs2. */
    LIBSRS2("srs2"),
    /** PostSRSd 1. */
    POSTSRSD1("postsrsd1"),
    /** PostSRSd 2, which writes {@code -} and {@code _} where the others have {@code +} and {@code /}. */
    POSTSRSD2("postsrsd2"),
    /** The Perl module Mail::SRS. */
    MAIL_SRS("mail-srs"),
    /** The Python package pysrs. */
    PYSRS("pysrs"),
    /** Exim's {@code srs_encode} and {@code inbound_srs}: 16 bits, and a date that nothing protects. */
    EXIM("exim");

    private final String text;

    SrsMode(String text) {
        this.text = text;
    }

    /**
     * The name of the mode in settings and batches.
     *
     * @return a word in lower case
     */
    public String text() {
        return text;
    }

    /**
     * The age in days up to which the program accepts its addresses by default.
     *
     * @return 10 for Exim, 21 for all others
     */
    public int lifetimeDays() {
        return this == EXIM ? 10 : Srs.DEFAULT_LIFETIME_DAYS;
    }
}

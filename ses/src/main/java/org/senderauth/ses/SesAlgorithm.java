package org.senderauth.ses;

/** The MAC of a signature. The wire form does not tell which: both are cut to {@link SesLayout#hashBits}. */
public enum SesAlgorithm {
    /** HMAC-SHA1, as pysrs signs. */
    HMAC_SHA1("HmacSHA1"),
    /** HMAC-SHA256, for domains that do not share signatures with pysrs. */
    HMAC_SHA256("HmacSHA256");

    private final String jcaName;

    SesAlgorithm(String jcaName) {
        this.jcaName = jcaName;
    }

    /**
     * The algorithm's name in the Java Cryptography Architecture.
     *
     * @return such as {@code HmacSHA1}
     */
    public String jcaName() {
        return jcaName;
    }
}

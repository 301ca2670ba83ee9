package org.senderauth.spf.syntax;

/** What a mechanism's match means (RFC 7208 section 4.6.2). {@code qualifier = "+" / "-" / "?" / "~"} */
public enum Qualifier {
    /** The client may send; also meant where no qualifier is written. */
    PASS('+'),
    /** The client may not send. */
    FAIL('-'),
    /** The client probably may not send. */
    SOFTFAIL('~'),
    /** The domain makes no statement. */
    NEUTRAL('?');

    private final char sign;

    Qualifier(char sign) {
        this.sign = sign;
    }

    /**
     * The character that a record has.
     *
     * @return one of {@code + - ~ ?}
     */
    public char sign() {
        return sign;
    }
}

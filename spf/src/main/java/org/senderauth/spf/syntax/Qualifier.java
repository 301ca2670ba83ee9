package org.senderauth.spf.syntax;

/** The result of a mechanism's match (RFC 7208 section 4.6.2). {@code qualifier = "+" / "-" / "?" / "~"} */
public enum Qualifier {
    /** The client is authorized; the default without a qualifier. */
    PASS('+'),
    /** The client is not authorized. */
    FAIL('-'),
    /** The client is probably not authorized. */
    SOFTFAIL('~'),
    /** The domain does not state whether the client is authorized. */
    NEUTRAL('?');

    private final char sign;

    Qualifier(char sign) {
        this.sign = sign;
    }

    /**
     * Returns the character in a record.
     *
     * @return one of {@code + - ~ ?}
     */
    public char sign() {
        return sign;
    }
}

package org.senderauth.srs;

/** The outcome of reversing an address. */
public enum SrsVerdict {
    /** The address is ours and in time: a bounce to it belongs to the original sender. */
    VALID("valid"),
    /** The address has no SRS tag. */
    NOT_SRS("not-srs"),
    /** The address has an SRS tag and another domain than ours. Leave it unchanged; never reject it. */
    FOREIGN("foreign"),
    /** The address is ours and expired, or its date is in the future. */
    EXPIRED("expired"),
    /** The address is not signed with any known key. */
    FORGED("forged"),
    /** The address has an SRS tag, and its parts are incomplete or the original sender would not be valid. */
    MALFORMED("malformed"),
    /** The alias store does not respond: try again later. */
    UNAVAILABLE("unavailable");

    private final String text;

    SrsVerdict(String text) {
        this.text = text;
    }

    /**
     * Returns the name of the verdict in batches, metrics and logs.
     *
     * @return a word in lower case
     */
    public String text() {
        return text;
    }

    /**
     * Tests whether a bounce to this address is rejected where SRS is enforced.
     *
     * @return true for expired, forged and malformed addresses at one of our domains
     */
    public boolean isRejected() {
        return this == EXPIRED || this == FORGED || this == MALFORMED;
    }
}

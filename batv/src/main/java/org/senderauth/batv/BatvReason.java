package org.senderauth.batv;

/** The reason of a {@link BatvVerdict}. */
public enum BatvReason {
    /** The tag is signed with a known key and has not expired. */
    GOOD_TAG("valid tag"),
    /** The address has no tag of a known format. */
    NO_TAG("the address has no tag"),
    /** The tag is signed with a known key, and its last day is past. */
    EXPIRED("tag expired"),
    /** The tag is signed with a known key, and expires later than the longest lifetime allows. */
    EXPIRY_TOO_LATE("the tag expires later than the longest lifetime allows"),
    /** The tag is signed with a retired key that no longer verifies. */
    KEY_RETIRED("the key of the tag is retired"),
    /** There is no key with the number that the tag names. */
    NO_SUCH_KEY("there is no key with the number that the tag names"),
    /** The tag is not signed with any key of its number for this address. */
    WRONG_TAG("not signed with any known key"),
    /** The tag is one that only another product can verify. */
    OTHER_PRODUCT("the tag is from another product"),
    /** There are no keys for the domain. */
    NO_KEYS("there are no keys for the domain"),
    /** The source of the keys does not respond. */
    KEYS_UNAVAILABLE("keys unavailable"),
    /** The text is not a valid address. */
    NOT_AN_ADDRESS("not a valid address");

    private final String text;

    BatvReason(String text) {
        this.text = text;
    }

    /** {@return a clause for humans, without a full stop} */
    public String text() {
        return text;
    }
}

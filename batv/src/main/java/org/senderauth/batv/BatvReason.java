package org.senderauth.batv;

/** Why a check came to its verdict. */
public enum BatvReason {
    /** A key made the tag and its time is not over. */
    GOOD_TAG("the tag is good"),
    /** The address carries no tag of a known form. */
    NO_TAG("the address carries no tag"),
    /** A key made the tag, and its last day is past. */
    TIME_OVER("the time of the tag is over"),
    /** A key made the tag, and its last day is further ahead than the longest lifetime allows. */
    TOO_FAR_AHEAD("the tag expires later than the longest lifetime allows"),
    /** A retired key made the tag, and the time of the key is over. */
    KEY_RETIRED("the key that made the tag is retired"),
    /** There is no key with the number that the tag names. */
    NO_SUCH_KEY("there is no key with the number that the tag names"),
    /** No key with the number that the tag names made it for this address. */
    WRONG_TAG("no key made this tag for this address"),
    /** The tag is one that only another product can check. */
    OTHER_PRODUCT("the tag is that of another product"),
    /** There are no keys for the domain. */
    NO_KEYS("there are no keys for the domain"),
    /** The source of the keys does not answer. */
    KEYS_UNAVAILABLE("the keys cannot be had at the moment"),
    /** The text is no address. */
    NOT_AN_ADDRESS("the text is no address");

    private final String text;

    BatvReason(String text) {
        this.text = text;
    }

    /**
     * The reason in words.
     *
     * @return a clause without a full stop
     */
    public String text() {
        return text;
    }
}

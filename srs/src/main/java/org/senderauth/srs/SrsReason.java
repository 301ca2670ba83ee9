package org.senderauth.srs;

/** The reason for a verdict. The texts are those of PostSRSd where it has one, for logs that are searched for them. */
public enum SrsReason {
    /** The hash and the date are valid. */
    GOOD("The address is valid."),
    /** The address has no SRS tag. */
    NO_TAG("Not an SRS address."),
    /** The domain after the {@code @} is not ours. */
    OTHER_DOMAIN("Not a domain of this forwarder."),
    /** A part of the address is missing or empty. */
    MISSING_PART("Incomplete SRS address."),
    /** The stamp is not two letters of base32. */
    BAD_STAMP("Bad base32 character in timestamp."),
    /** The hash has another length than our keys write. */
    HASH_LENGTH("Hash too short in SRS address."),
    /** No key computes this hash. */
    WRONG_HASH("Hash invalid in SRS address."),
    /** The address is older than the lifetime. */
    TOO_OLD("Time stamp out of date."),
    /** The date of the address is in the future. */
    TOO_NEW("Time stamp out of date: it is ahead of the clock."),
    /** The key that signed the address has ended. */
    KEY_ENDED("Signed with a key that has ended."),
    /** The alias is not in the store, or no longer. */
    UNKNOWN_ALIAS("Unknown alias."),
    /** The store of aliases does not respond. */
    STORE_UNAVAILABLE("The alias store does not respond."),
    /** The original sender would not be a valid address. */
    ILLEGAL_RESULT("The original sender is not a valid address."),
    /** The original sender would be one of our SRS addresses: a loop. */
    LOOP("The original sender is an SRS address of this forwarder.");

    private final String text;

    SrsReason(String text) {
        this.text = text;
    }

    /**
     * Returns the text of the reason.
     *
     * @return a sentence
     */
    public String text() {
        return text;
    }
}

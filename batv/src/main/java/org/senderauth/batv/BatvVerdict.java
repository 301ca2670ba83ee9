package org.senderauth.batv;

import org.senderauth.core.Ascii;

/** The outcome of verifying the tag of an address. */
public enum BatvVerdict {
    /** The tag is ours and has not expired. */
    VALID,
    /** The address has no tag. */
    UNSIGNED,
    /** The tag is ours, but has expired, or expires later than any of our signers allows. */
    EXPIRED,
    /** The tag has our format and is not signed with any known key. */
    INVALID,
    /** The tag is from another product, or its domain has no keys here, so it cannot be verified. */
    FOREIGN,
    /** The text is not a valid address. */
    MALFORMED,
    /** The keys are unavailable, so the tag was not verified. Only a key source outside this process causes it. */
    UNAVAILABLE;

    /** {@return the name in lower case, as in the batch format; {@code bad} for {@link #INVALID}} */
    public String text() {
        // Scripts rely on the word of the batch format.
        return this == INVALID ? "bad" : Ascii.text(this);
    }
}

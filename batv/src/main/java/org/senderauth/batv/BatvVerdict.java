package org.senderauth.batv;

import java.util.Locale;

/** What the tag of an address says. */
public enum BatvVerdict {
    /** The tag is ours and its time is not over. */
    VALID,
    /** There is no tag. */
    UNSIGNED,
    /** The tag is ours, but its time is over, or further ahead than any of our signers would put it. */
    EXPIRED,
    /** It looks like a tag of ours and no key made it. */
    BAD,
    /** It is the tag of another product or of a domain without keys here, which cannot be checked. */
    FOREIGN,
    /** The text is no address. */
    MALFORMED,
    /** The keys cannot be had at the moment, so nothing is known; only a key source outside this process gives it. */
    UNAVAILABLE;

    /**
     * The name in the command's output.
     *
     * @return the name in lower case
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

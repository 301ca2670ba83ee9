package org.senderauth.batv;

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
    /** It is the tag of another product, which nobody else can check. */
    FOREIGN,
    /** The text is no address. */
    MALFORMED
}

package org.senderauth.ses;

/** What the signature of an address says. */
public enum SesVerdict {
    /** The signature is ours, in time, and not used too often. */
    VALID,
    /** The address carries no SES signature. */
    NOT_SES,
    /** It starts like a signature and is none. */
    MALFORMED,
    /** The signature's number is not written the one way in which we write it. */
    NON_CANONICAL,
    /** A signature without a time, where these are not accepted. */
    FIXED_DISABLED,
    /**
     * No key of ours made it, or one did so long ago that its time can no longer be told: a signature carries its time
     * modulo what its field can hold, with {@link SesLayout#DEFAULT} 15 days.
     */
    BAD,
    /** It is ours, and its time is over, not so long ago that it is {@link #BAD}. */
    EXPIRED,
    /** It is ours and in time, and was used as often as is allowed. */
    REPLAY,
    /** It is ours and in time, but how often it was used cannot be told now: try later. */
    TRY_LATER
}

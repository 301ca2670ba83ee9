package org.senderauth.ses;

/** The outcome of verifying an address. */
public enum SesVerdict {
    /** The signature is ours, in time, and not used too often. */
    VALID,
    /** The address has no SES signature. */
    UNSIGNED,
    /** It starts like a signature but is not one. */
    MALFORMED,
    /** The number of the signature is not in canonical form. */
    NON_CANONICAL,
    /** The signature has no time, and such signatures are not accepted. */
    FIXED_DISABLED,
    /**
     * The signature is not signed with any known key, or it is so old that its time is ambiguous: a signature has its time
     * modulo the size of its field, with {@link SesLayout#DEFAULT} 15 days.
     */
    INVALID,
    /** The signature is ours and expired, not so long ago that it is {@link #INVALID}. */
    EXPIRED,
    /** The signature is ours and has not expired, and its use limit is exceeded. */
    REPLAY,
    /** The signature is ours and has not expired, but its uses are unknown because the ledger is unavailable. */
    UNAVAILABLE
}

package org.senderauth.policy;

/**
 * The SPF results, besides {@code fail}, that count as failures. RFC 7208 leaves both to the receiver (sections 8.5 and
 * 8.7); by default neither counts.
 *
 * @param rejectsSoftfail whether {@code softfail} counts as a failure
 * @param rejectsPermerror whether {@code permerror} counts as a failure
 */
public record SpfStrictness(boolean rejectsSoftfail, boolean rejectsPermerror) {

    /** Only {@code fail} counts as a failure. */
    public static final SpfStrictness FAIL_ONLY = new SpfStrictness(false, false);
}

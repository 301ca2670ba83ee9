package org.senderauth.policy;

/**
 * Which SPF results beside {@code fail} speak against a sender. RFC 7208 leaves both to the receiver (sections 8.5 and
 * 8.7); by default neither does.
 *
 * @param refusesSoftFail whether {@code softfail} does
 * @param refusesPermError whether {@code permerror} does
 */
public record SpfStrictness(boolean refusesSoftFail, boolean refusesPermError) {

    /** Only {@code fail} speaks against a sender. */
    public static final SpfStrictness FAIL_ONLY = new SpfStrictness(false, false);
}

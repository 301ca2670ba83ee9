package org.senderauth.dkim2;

import org.senderauth.core.Ascii;

/** The state of a message (draft-ietf-dkim-dkim2-spec-06 section 10). */
public enum Dkim2Verdict {
    /** Every signature and hash verifies, and the envelope is the signed one. */
    PASS,
    /** A signature or hash is wrong. */
    FAIL,
    /** The message cannot be verified, and never will be. */
    PERMERROR,
    /** A key is currently unavailable. */
    TEMPERROR,
    /** The message has no DKIM2 signature. */
    NONE,
    /** The last hop verifies; earlier states need features that this version does not have. Never a failure. */
    NOT_DETERMINED;

    /** {@return the text form, such as {@code not-determined}} */
    public String text() {
        return Ascii.text(this);
    }
}

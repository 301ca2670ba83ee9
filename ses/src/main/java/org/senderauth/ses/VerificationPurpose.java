package org.senderauth.ses;

/** The purpose of a verification. Each has its own use limit, so none can exhaust another's. */
public enum VerificationPurpose {
    /** A bounce is being delivered: counted once for each message, best at the end of DATA. */
    BOUNCE,
    /**
     * A client tests whether a bounce would be accepted, as a callout does: nothing is counted. The verdict is {@link
     * SesVerdict#REPLAY} once the use limit of bounces is exceeded.
     */
    BOUNCE_PROBE,
    /** A public validation lookup. */
    PUBLIC
}

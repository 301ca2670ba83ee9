package org.senderauth.ses;

/** What a signature is verified for. Each purpose has its own allowance, so that none can use up another's. */
public enum SesUse {
    /** A bounce is being delivered: counted once for each message, best at the end of DATA. */
    BOUNCE,
    /**
     * Somebody asks whether a bounce would be accepted, as a callout does: nothing is counted. The answer is {@link
     * SesVerdict#REPLAY} once the bounces are used up.
     */
    BOUNCE_PROBE,
    /** Anybody asks through the public look-up. */
    PUBLIC
}

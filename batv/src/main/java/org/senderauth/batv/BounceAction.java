package org.senderauth.batv;

/** What to do with a recipient or a message. */
public enum BounceAction {
    /** Let it pass. */
    ACCEPT,
    /** Let it pass with the header that {@link RecipientDecision#statusHeader} gives. */
    MARK,
    /** Accept it into a quarantine. */
    QUARANTINE,
    /** Accept it and throw it away. */
    DISCARD,
    /** Refuse it for good: 5xx. */
    REFUSE,
    /** Refuse it for now: 4xx. */
    TRY_LATER,
    /** Accept the recipient for now, and decide again when the content is there. */
    LOOK_AT_CONTENT
}

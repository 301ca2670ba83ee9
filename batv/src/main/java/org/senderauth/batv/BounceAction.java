package org.senderauth.batv;

/** The action of the bounce filter for a recipient or a message. */
public enum BounceAction {
    /** Accept it. */
    ACCEPT,
    /** Accept it and add the header {@link RecipientDecision#statusHeader}. */
    ADD_HEADER,
    /** Accept it into a quarantine. */
    QUARANTINE,
    /** Accept it and drop it. */
    DISCARD,
    /** Reject it permanently: 5yz. */
    REJECT,
    /** Defer it: 4yz. */
    DEFER,
    /** Accept the recipient for now, and decide at the end of data. */
    CHECK_CONTENT
}

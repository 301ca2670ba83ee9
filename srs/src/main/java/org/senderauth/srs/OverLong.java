package org.senderauth.srs;

/** The treatment of a sender whose rewritten local part would exceed 64 octets, where no alias store is set. */
public enum OverLong {
    /** The sender stays as it is: SPF may fail at the next host, and bounces go to the sender directly. */
    LEAVE,
    /** The sender is rewritten all the same, as PostSRSd does: many hosts accept more than 64 octets, some do not. */
    REWRITE
}

package org.senderauth.policy;

/**
 * How far an SMTP transaction has come, for servers that answer each command on its own. What is not known yet is not
 * asked about, and not held against the client either.
 */
public enum Stage {
    /** The client said HELO or EHLO. It is not going to authenticate itself any more, or it cannot. */
    HELO,
    /** The sender is known. */
    MAIL,
    /** A recipient is known, but not whether it exists. */
    RCPT,
    /** The recipient exists, so that others may be troubled for the sake of this mail. */
    RECIPIENT_EXISTS
}

package org.senderauth.callout.outcome;

/** The last stage of a probe, in the order of the SMTP session. */
public enum ProbeStage {
    /** No connection was tried, and nothing was sent. */
    NONE,
    /** The DNS was queried. */
    DNS,
    /** A connection was tried. */
    CONNECT,
    /** The banner was awaited. */
    GREETING,
    /** EHLO or HELO was sent. */
    EHLO,
    /** STARTTLS was tried. */
    TLS,
    /** The last reply was to MAIL FROM. */
    MAIL,
    /** The last reply was to RCPT TO, or VRFY, with the address. */
    RCPT,
    /** The last reply was to RCPT TO with a random local part. */
    RANDOM,
    /** The last reply was to RCPT TO with the postmaster. */
    CONTROL
}

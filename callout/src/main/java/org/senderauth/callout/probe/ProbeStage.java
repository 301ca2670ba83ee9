package org.senderauth.callout.probe;

/** The last stage of a probe, in the order of the SMTP session. */
public enum ProbeStage {
    /** Nothing was sent. */
    NONE,
    /** The DNS was asked. */
    DNS,
    /** A connection was tried. */
    CONNECT,
    /** The greeting was awaited. */
    GREETING,
    /** EHLO or HELO was sent. */
    EHLO,
    /** STARTTLS was tried. */
    TLS,
    /** MAIL FROM was answered last. */
    MAIL,
    /** RCPT TO, or VRFY, of the address was answered last. */
    RCPT,
    /** RCPT TO of an invented local part was answered last. */
    RANDOM,
    /** RCPT TO of the postmaster was answered last. */
    CONTROL
}

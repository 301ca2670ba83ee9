package org.senderauth.callout.reply;

/** The stage of an SMTP session that a reply belongs to. */
public enum ReplyStage {
    /** The greeting banner (RFC 5321 section 3.1). */
    BANNER,
    /** EHLO or HELO. */
    EHLO,
    /** MAIL FROM. */
    MAIL,
    /** RCPT TO with the address that is verified. */
    RCPT
}

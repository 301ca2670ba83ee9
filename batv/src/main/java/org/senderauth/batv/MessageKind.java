package org.senderauth.batv;

/** What a message with a null sender is, by its content. */
public enum MessageKind {
    /** A delivery status notification (RFC 3464). It goes to the envelope sender, so one for us carries our tag. */
    DSN,
    /** A message disposition notification (RFC 8098). It goes to the header address that asked for it, without tag. */
    MDN,
    /** An automatic answer (RFC 3834), such as an out-of-office note; many go to the From address, without tag. */
    AUTO_REPLY,
    /** A bounce in some other words: it answers an envelope sender, as a DSN does. */
    BACKSCATTER,
    /** None of these: mail that somebody sent with a null sender, such as Exchange's to distribution lists. */
    OTHER
}

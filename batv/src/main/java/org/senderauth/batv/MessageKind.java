package org.senderauth.batv;

import org.senderauth.core.Ascii;

/** The kind of a message with a null sender, by its content. */
public enum MessageKind {
    /** A delivery status notification (RFC 3464). It goes to the envelope sender, so one for us has our tag. */
    DSN,
    /** A message disposition notification (RFC 8098). It goes to the header address that requested it, without a tag. */
    MDN,
    /** An automatic reply (RFC 3834), such as an out-of-office note; many go to the From address, without a tag. */
    AUTO_REPLY,
    /** A bounce in another form: it goes to an envelope sender, as a DSN does. */
    BACKSCATTER,
    /** Any other message, such as one to a distribution list that Exchange sends with a null sender. */
    OTHER;

    /** {@return the name in lower case with hyphens, as {@code bounce classify} prints it} */
    public String text() {
        return Ascii.text(this);
    }

    /** {@return whether messages of this kind go to an envelope sender, so that one without a tag is not for us} */
    public boolean isBounce() {
        return this == DSN || this == BACKSCATTER;
    }
}

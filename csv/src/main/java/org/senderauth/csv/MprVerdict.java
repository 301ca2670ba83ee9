package org.senderauth.csv;

import org.senderauth.core.Ascii;

/** The verdicts of a domain's mail policy (draft-otis-marid-mpr-00) about one message. */
public enum MprVerdict {
    /** The message came through a channel of the domain, or a proof replaces the channel. */
    PASS,
    /** The message came through none of the channels that the policy requires. */
    FAIL,
    /** The domain has no policy for this identity, or the message has no such domain. */
    NONE,
    /** A DNS lookup that decides failed. */
    TEMPERROR;

    private final String text = Ascii.text(this);

    /** {@return the name in lower case, as in {@code Authentication-Results}} */
    public String text() {
        return text;
    }
}

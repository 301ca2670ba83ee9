package org.senderauth.callout.reply;

/** A reply is longer than any real one, or takes more steps to classify than any real one. It decides nothing. */
final class ReplyTooLongException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ReplyTooLongException() {
        super("longer than any real reply", null, false, false);
    }
}

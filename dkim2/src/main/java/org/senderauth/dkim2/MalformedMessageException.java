package org.senderauth.dkim2;

/** A message or field that cannot be read. Its message repeats nothing untrusted but numbers and tag names. */
final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Dkim2Reason reason;

    MalformedMessageException(String message) {
        this(Dkim2Reason.MALFORMED, message);
    }

    MalformedMessageException(Dkim2Reason reason, String message) {
        // Without a stack trace: made for every malformed message.
        super(message, null, false, false);
        this.reason = reason;
    }

    static MalformedMessageException limit(String message) {
        return new MalformedMessageException(Dkim2Reason.LIMIT_EXCEEDED, message);
    }

    Dkim2Reason reason() {
        return reason;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}

package org.senderauth.callout.probe;

import java.io.IOException;
import java.io.Serial;

/** The server said something that is not SMTP, more than we take, or out of turn. Nothing it says counts from then on. */
final class ProtocolViolation extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean excess;

    ProtocolViolation(String message) {
        this(message, false);
    }

    private ProtocolViolation(String message, boolean excess) {
        super(message);
        this.excess = excess;
    }

    /** It was more than we take. */
    static ProtocolViolation excess(String message) {
        return new ProtocolViolation(message, true);
    }

    boolean isExcess() {
        return excess;
    }
}

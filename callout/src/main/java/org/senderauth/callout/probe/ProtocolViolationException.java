package org.senderauth.callout.probe;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The server said something that is not SMTP, more than we take, or out of turn. Nothing it says counts from then on. */
final class ProtocolViolationException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean excess;

    ProtocolViolationException(@Nullable String message) {
        this(message, false);
    }

    private ProtocolViolationException(@Nullable String message, boolean excess) {
        super(message);
        this.excess = excess;
    }

    /** It was more than we take. */
    static ProtocolViolationException excess(String message) {
        return new ProtocolViolationException(message, true);
    }

    boolean isExcess() {
        return excess;
    }
}

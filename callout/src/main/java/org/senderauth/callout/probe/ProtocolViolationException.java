package org.senderauth.callout.probe;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The server sent something that is not SMTP, too large, or before its turn. Nothing after it counts. */
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

    /** Returns the exception for a reply beyond the limits. */
    static ProtocolViolationException excess(String message) {
        return new ProtocolViolationException(message, true);
    }

    boolean isExcess() {
        return excess;
    }
}

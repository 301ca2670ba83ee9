package org.senderauth.server.control;

import java.io.IOException;

/** A request that the service rejects, or cannot answer now; its message is one line for the user. */
public final class ControlException extends IOException {

    private static final long serialVersionUID = 1L;

    private final boolean temporary;

    /**
     * Creates an exception.
     *
     * @param message what is wrong with the request
     */
    public ControlException(String message) {
        this(message, false);
    }

    private ControlException(String message, boolean temporary) {
        super(message);
        this.temporary = temporary;
    }

    /**
     * An exception for a valid request that cannot be answered now.
     *
     * @param message what does not respond
     * @return the exception
     */
    public static ControlException temporary(String message) {
        return new ControlException(message, true);
    }

    /** {@return whether the same request may be answered later} */
    public boolean isTemporary() {
        return temporary;
    }
}

package org.senderauth.server.control;

import java.io.IOException;

/** A request that the service rejects; its message is one line for the user. */
public final class ControlException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message what is wrong with the request
     */
    public ControlException(String message) {
        super(message);
    }
}

package org.senderauth.postfix;

/** The bytes received are not a request of the protocol. The connection is closed without a reply. */
public final class MalformedRequestException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param message the error, without bytes of the request
     */
    public MalformedRequestException(String message) {
        super(message);
    }
}

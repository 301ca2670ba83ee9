package org.senderauth.postfix;

/** What came over the connection is no request of its protocol. The connection is closed without a reply. */
public final class BrokenRequestException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong.
     *
     * @param message what is wrong with the request, in words of ours; never octets of the request
     */
    public BrokenRequestException(String message) {
        super(message);
    }
}

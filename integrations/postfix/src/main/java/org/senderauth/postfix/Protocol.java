package org.senderauth.postfix;

import java.io.IOException;

/**
 * What is spoken on a connection: one request, one reply, and again. Implementations are thread-safe.
 *
 * @param <R> a request
 */
public interface Protocol<R> {

    /**
     * Reads one request, of which at least one octet has arrived.
     *
     * @param in the octets of the connection
     * @return the request
     * @throws IOException if the connection fails
     * @throws BrokenRequestException if what arrives is no request, or a larger one than the protocol allows
     */
    R read(RequestInput in) throws IOException, BrokenRequestException;

    /**
     * Answers a request. An exception closes the connection without a reply, which a mail server takes as trouble and
     * not as a verdict.
     *
     * @param request the request
     * @return the reply
     */
    Reply answer(R request);

    /**
     * A reply.
     *
     * @param octets what is written
     * @param keepsConnection whether the connection may carry another request; if not, it is closed after the reply
     */
    record Reply(byte[] octets, boolean keepsConnection) {}
}

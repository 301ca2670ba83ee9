package org.senderauth.postfix;

import java.io.IOException;

/**
 * A protocol with one reply to each request of a connection. Implementations are thread-safe.
 *
 * @param <R> a request
 */
public interface Protocol<R> {

    /**
     * Reads one request, of which at least one byte has arrived.
     *
     * @param in the bytes of the connection
     * @return the request
     * @throws IOException if the connection fails
     * @throws MalformedRequestException if the bytes are not a request, or exceed the limit of the protocol
     */
    R read(RequestInput in) throws IOException, MalformedRequestException;

    /**
     * Answers a request. An exception closes the connection without a reply, which a mail server treats as a
     * temporary failure.
     *
     * @param request the request
     * @return the reply
     */
    Reply answer(R request);

    /**
     * Answers a request, and may write before the reply is complete, for a peer that then waits longer.
     *
     * @param request the request
     * @param interim writes to the peer; the answer as a whole still has {@link ServerLimits#answerTime}
     * @return the reply
     * @throws IOException if the connection fails
     */
    default Reply answer(R request, Interim interim) throws IOException {
        return answer(request);
    }

    /**
     * Returns the protocol for one new connection. A protocol with state per connection returns a new object, which does not
     * have to be thread-safe.
     *
     * @return by default this protocol
     */
    default Protocol<R> connected() {
        return this;
    }

    /** Writes to the peer while its request is being answered. */
    @FunctionalInterface
    interface Interim {

        /**
         * Writes.
         *
         * @param octets what is written
         * @throws IOException if the connection fails
         */
        void write(byte[] octets) throws IOException;
    }

    /**
     * A reply.
     *
     * @param octets what is written; empty if the request has no answer
     * @param keepsConnection whether the connection may carry another request; if not, it is closed after the reply
     * @param continues whether the next request belongs to this one, so that a stop should let it come
     */
    record Reply(byte[] octets, boolean keepsConnection, boolean continues) {

        /**
         * A reply to a request that is complete.
         *
         * @param octets what is written
         * @param keepsConnection whether the connection may carry another request
         */
        public Reply(byte[] octets, boolean keepsConnection) {
            this(octets, keepsConnection, false);
        }
    }
}

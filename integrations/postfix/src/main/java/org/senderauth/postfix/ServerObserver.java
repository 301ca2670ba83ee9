package org.senderauth.postfix;

import java.time.Duration;

/** A listener for the events of an {@link MtaServer}. Implementations are thread-safe, return quickly and throw nothing. */
public interface ServerObserver {

    /** The observer that ignores all events. */
    ServerObserver NONE = new ServerObserver() {};

    /** The reason why a connection was closed. */
    enum CloseReason {
        /** The peer closed it between two requests, or the protocol allows one request per connection. */
        PEER,
        /** A timeout of {@link ServerLimits} expired. */
        TIMEOUT,
        /** The connection waited for a request while the connection limit was reached, and gave way to a new one. */
        GAVE_WAY,
        /** The bytes received were not a valid request. */
        BROKEN,
        /** The connection failed. */
        LOST,
        /** The request failed with an error: the peer got no reply. */
        TROUBLE,
        /** The server stopped. */
        STOP
    }

    /** Called when a connection was accepted. */
    default void opened() {}

    /**
     * Called when a connection was closed.
     *
     * @param end the reason
     */
    default void closed(CloseReason end) {}

    /**
     * Called when the connection limit is reached: the connection that waits longest for its next request gives way to a
     * new one; without such a connection none is accepted until one is closed.
     */
    default void full() {}

    /**
     * Called when a request was answered: its connection waits for the next one already, or ends.
     *
     * @param time the time from the last byte of the request to the last byte of the reply
     */
    default void answered(Duration time) {}

    /**
     * Called when a connection could not be accepted or served, or a request was not answered; the server continues.
     *
     * @param cause the error
     */
    default void failed(Throwable cause) {}

    /**
     * Called when the server stopped because of an error, not because it was {@linkplain MtaServer#close closed}: it accepts
     * no more connections. Called at most once. A program that needs the server should exit or start another one.
     *
     * @param cause the error
     */
    default void terminated(Throwable cause) {}
}

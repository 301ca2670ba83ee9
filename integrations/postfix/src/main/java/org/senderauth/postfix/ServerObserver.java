package org.senderauth.postfix;

import java.time.Duration;

/** Is told what happens on the connections of an {@link MtaServer}; thread-safe, quick, and throws nothing. */
public interface ServerObserver {

    /** Watches nothing. */
    ServerObserver NONE = new ServerObserver() {};

    /** How a connection ended. */
    enum End {
        /** The peer ended it between two requests, or the protocol has one request a connection. */
        PEER,
        /** A time of {@link ServerLimits} was over. */
        TIMEOUT,
        /** What came was no request. */
        BROKEN,
        /** The connection failed. */
        LOST,
        /** The answer failed: the peer got no reply. */
        TROUBLE,
        /** The server stopped. */
        STOP
    }

    /** A connection was accepted. */
    default void opened() {}

    /**
     * A connection ended.
     *
     * @param end how
     */
    default void closed(End end) {}

    /** All connections that are allowed are in use: nothing is accepted until one ends. */
    default void full() {}

    /**
     * A request was answered.
     *
     * @param time from the request's last octet to the reply's last
     */
    default void answered(Duration time) {}

    /**
     * A request was answered with nothing, because its answer failed.
     *
     * @param cause what was thrown
     */
    default void failed(Throwable cause) {}
}

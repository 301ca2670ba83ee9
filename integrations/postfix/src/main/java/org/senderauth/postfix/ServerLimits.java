package org.senderauth.postfix;

import java.time.Duration;

/**
 * What a peer may ask of an {@link MtaServer}, and how long things may take. Each duration must be shorter than the one
 * that the mail server allows: Postfix and Sendmail give up a request after 100 seconds
 * ({@code smtpd_policy_service_timeout}, socketmap_table(5)).
 *
 * @param connections most connections at a time; more wait in the system's queue until one ends
 * @param requestTime how long a request may take from its first octet to its last
 * @param answerTime how long the answer may take; then the connection is closed without a reply
 * @param writeTime how long the peer may take to read a reply
 * @param idleTime how long a connection may wait for its next request; longer than Postfix's own 300 seconds
 *     ({@code smtpd_policy_service_max_idle}), so that Postfix ends an idle connection and not we
 * @param stopTime how long requests under way may take to end when the server stops
 */
public record ServerLimits(
        int connections,
        Duration requestTime,
        Duration answerTime,
        Duration writeTime,
        Duration idleTime,
        Duration stopTime) {

    /** Limits for a mail host of usual size. */
    public static final ServerLimits DEFAULT = new ServerLimits(
            500,
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(330),
            Duration.ofSeconds(10));

    /**
     * Checks the limits.
     *
     * @param connections most connections at a time, at least one
     * @param requestTime for a request to arrive, positive
     * @param answerTime for an answer to be found, positive
     * @param writeTime for a reply to be read, positive
     * @param idleTime between two requests, positive
     * @param stopTime for requests under way at the stop, not negative
     * @throws IllegalArgumentException if one is out of its range
     */
    public ServerLimits {
        if (connections < 1) {
            throw new IllegalArgumentException("a server needs at least one connection");
        }
        if (isNotPositive(requestTime)
                || isNotPositive(answerTime)
                || isNotPositive(writeTime)
                || isNotPositive(idleTime)) {
            throw new IllegalArgumentException("the times of a connection must be positive");
        }
        if (stopTime.isNegative()) {
            throw new IllegalArgumentException("the time to stop must not be negative");
        }
    }

    /**
     * These limits with another number of connections.
     *
     * @param count most connections at a time, at least one
     * @return changed limits
     */
    public ServerLimits withConnections(int count) {
        return new ServerLimits(count, requestTime, answerTime, writeTime, idleTime, stopTime);
    }

    /**
     * These limits with another time for an answer.
     *
     * @param time how long the answer may take, positive
     * @return changed limits
     */
    public ServerLimits withAnswerTime(Duration time) {
        return new ServerLimits(connections, requestTime, time, writeTime, idleTime, stopTime);
    }

    private static boolean isNotPositive(Duration duration) {
        return duration.isNegative() || duration.isZero();
    }
}

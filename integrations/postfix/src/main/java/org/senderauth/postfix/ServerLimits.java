package org.senderauth.postfix;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The limits and timeouts of an {@link MtaServer}. Each duration must be shorter than the one
 * that the mail server allows: Postfix and Sendmail give up a request after 100 seconds
 * ({@code smtpd_policy_service_timeout}, socketmap_table(5)).
 */
public final class ServerLimits {

    private static final Duration MAX_TIME = Duration.ofDays(3650);

    /** Limits for a mail host of usual size. */
    public static final ServerLimits DEFAULT = builder().build();

    private final int connections;
    private final Duration requestTime;
    private final Duration answerTime;
    private final Duration writeTime;
    private final Duration idleTime;
    private final Duration stopTime;

    private ServerLimits(Builder builder) {
        this.connections = builder.connections;
        this.requestTime = builder.requestTime;
        this.answerTime = builder.answerTime;
        this.writeTime = builder.writeTime;
        this.idleTime = builder.idleTime;
        this.stopTime = builder.stopTime;
    }

    /** {@return a builder with the {@linkplain #DEFAULT default} limits} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder with these limits} */
    public Builder toBuilder() {
        return builder()
                .connections(connections)
                .requestTime(requestTime)
                .answerTime(answerTime)
                .writeTime(writeTime)
                .idleTime(idleTime)
                .stopTime(stopTime);
    }

    /**
     * {@return the maximum number of connections; a new one takes the place of the one that waits longest for its
     * next request, or waits in the system's queue until one ends}
     */
    public int connections() {
        return connections;
    }

    /** {@return how long a request may take from its first octet to its last} */
    public Duration requestTime() {
        return requestTime;
    }

    /** {@return the maximum time of a reply; then the connection is closed without a reply} */
    public Duration answerTime() {
        return answerTime;
    }

    /** {@return how long the peer may take to read a reply} */
    public Duration writeTime() {
        return writeTime;
    }

    /**
     * {@return how long a connection may wait for its next request; longer than Postfix's own 300 seconds ({@code
     * smtpd_policy_service_max_idle}), so that Postfix ends an idle connection and not we}
     */
    public Duration idleTime() {
        return idleTime;
    }

    /** {@return how long requests under way may take to end when the server stops} */
    public Duration stopTime() {
        return stopTime;
    }

    /**
     * Returns these limits with another number of connections.
     *
     * @param count the maximum number of connections, at least one
     * @return changed limits
     */
    public ServerLimits withConnections(int count) {
        return toBuilder().connections(count).build();
    }

    /**
     * Returns these limits with another time for a reply.
     *
     * @param time the maximum time of a reply, positive
     * @return changed limits
     */
    public ServerLimits withAnswerTime(Duration time) {
        return toBuilder().answerTime(time).build();
    }

    /**
     * These limits with another time between two requests.
     *
     * @param time how long a connection may wait for its next request, positive
     * @return changed limits
     */
    public ServerLimits withIdleTime(Duration time) {
        return toBuilder().idleTime(time).build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServerLimits that
                && connections == that.connections
                && requestTime.equals(that.requestTime)
                && answerTime.equals(that.answerTime)
                && writeTime.equals(that.writeTime)
                && idleTime.equals(that.idleTime)
                && stopTime.equals(that.stopTime);
    }

    @Override
    public int hashCode() {
        return Objects.hash(connections, requestTime, answerTime, writeTime, idleTime, stopTime);
    }

    @Override
    public String toString() {
        return "ServerLimits[connections=" + connections + ", requestTime=" + requestTime + ", answerTime=" + answerTime
                + ", writeTime=" + writeTime + ", idleTime=" + idleTime + ", stopTime=" + stopTime + "]";
    }

    /** Collects the limits. Not thread-safe. */
    public static final class Builder {

        private int connections = 500;
        private Duration requestTime = Duration.ofSeconds(10);
        private Duration answerTime = Duration.ofSeconds(30);
        private Duration writeTime = Duration.ofSeconds(10);
        private Duration idleTime = Duration.ofSeconds(330);
        private Duration stopTime = Duration.ofSeconds(10);

        private Builder() {}

        /**
         * Sets the maximum number of connections; 500 by default.
         *
         * @param connections at least 1
         * @throws IllegalArgumentException if it is less
         */
        public Builder connections(int connections) {
            if (connections < 1) {
                throw new IllegalArgumentException("connections must be >= 1, was " + connections);
            }
            this.connections = connections;
            return this;
        }

        /**
         * Sets the maximum time of a request from its first byte to its last; 10 seconds by default.
         *
         * @param requestTime a positive time
         * @throws IllegalArgumentException if it is not positive, or more than 3650 days
         */
        public Builder requestTime(Duration requestTime) {
            this.requestTime = positive("requestTime", requestTime);
            return this;
        }

        /**
         * Sets the maximum time of a reply; 30 seconds by default.
         *
         * @param answerTime a positive time
         * @throws IllegalArgumentException if it is not positive, or more than 3650 days
         */
        public Builder answerTime(Duration answerTime) {
            this.answerTime = positive("answerTime", answerTime);
            return this;
        }

        /**
         * Sets the maximum time in which the peer reads a reply; 10 seconds by default.
         *
         * @param writeTime a positive time
         * @throws IllegalArgumentException if it is not positive, or more than 3650 days
         */
        public Builder writeTime(Duration writeTime) {
            this.writeTime = positive("writeTime", writeTime);
            return this;
        }

        /**
         * Sets the maximum time between two requests; 330 seconds by default.
         *
         * @param idleTime a positive time
         * @throws IllegalArgumentException if it is not positive, or more than 3650 days
         */
        public Builder idleTime(Duration idleTime) {
            this.idleTime = positive("idleTime", idleTime);
            return this;
        }

        /**
         * Sets the time in which requests in progress may end when the server stops; 10 seconds by default.
         *
         * @param stopTime the time; zero ends them at once
         * @throws IllegalArgumentException if it is negative, or more than 3650 days
         */
        public Builder stopTime(Duration stopTime) {
            if (Objects.requireNonNull(stopTime, "stopTime").isNegative()) {
                throw new IllegalArgumentException("stopTime must not be negative, was " + stopTime);
            }
            this.stopTime = atMost("stopTime", stopTime);
            return this;
        }

        /**
         * Builds the limits.
         *
         * @return immutable limits
         */
        public ServerLimits build() {
            return new ServerLimits(this);
        }

        private static Duration positive(String parameter, Duration time) {
            if (Objects.requireNonNull(time, parameter).isNegative() || time.isZero()) {
                throw new IllegalArgumentException(parameter + " must be positive, was " + time);
            }
            return atMost(parameter, time);
        }

        private static Duration atMost(String parameter, Duration time) {
            if (time.compareTo(MAX_TIME) > 0) {
                throw new IllegalArgumentException(parameter + " must be at most 3650 days, was " + time);
            }
            return time;
        }
    }
}

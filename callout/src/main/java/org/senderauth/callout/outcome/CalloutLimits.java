package org.senderauth.callout.outcome;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The rate limits, thresholds and times of callouts. Immutable.
 *
 * <p>Half of every burst is reserved: of a domain's for mail that passes SPF, of shared ones for such mail of domains that
 * were first seen more than a day ago.
 */
public final class CalloutLimits {

    /** The maximum time that a caller waits. */
    private static final Duration MAX_WAIT = Duration.ofDays(1);

    /** The maximum of other times. */
    private static final Duration MAX_TIME = Duration.ofDays(3650);

    /** The limits for a mail server of ordinary size. */
    public static final CalloutLimits DEFAULT = new Builder().build();

    private final Duration responseTimeout;
    private final Rate domainRate;
    private final Rate hostRate;
    private final Rate overall;
    private final int probesPerDomain;
    private final int probesPerHost;
    private final int maxConcurrentProbes;
    private final int forgeryThreshold;
    private final int clientFailureLimit;
    private final Duration positiveRefreshTime;
    private final Duration positiveExpireTime;
    private final int cacheSize;

    private CalloutLimits(Builder builder) {
        this.responseTimeout = builder.responseTimeout;
        this.domainRate = builder.domainRate;
        this.hostRate = builder.hostRate;
        this.overall = builder.overall;
        this.probesPerDomain = builder.probesPerDomain;
        this.probesPerHost = builder.probesPerHost;
        this.maxConcurrentProbes = builder.maxConcurrentProbes;
        this.forgeryThreshold = builder.forgeryThreshold;
        this.clientFailureLimit = builder.clientFailureLimit;
        this.positiveRefreshTime = builder.positiveRefreshTime;
        this.positiveExpireTime = builder.positiveExpireTime;
        this.cacheSize = builder.cacheSize;
    }

    /** {@return a builder with the default limits} */
    public static Builder builder() {
        return DEFAULT.toBuilder();
    }

    /** {@return a builder with these limits} */
    public Builder toBuilder() {
        return new Builder()
                .responseTimeout(responseTimeout)
                .domainRate(domainRate)
                .hostRate(hostRate)
                .overall(overall)
                .probesPerDomain(probesPerDomain)
                .probesPerHost(probesPerHost)
                .maxConcurrentProbes(maxConcurrentProbes)
                .forgeryThreshold(forgeryThreshold)
                .clientFailureLimit(clientFailureLimit)
                .positiveRefreshTime(positiveRefreshTime)
                .positiveExpireTime(positiveExpireTime)
                .cacheSize(cacheSize);
    }

    /** {@return the maximum time that a caller waits; the probe may continue} */
    public Duration responseTimeout() {
        return responseTimeout;
    }

    /** {@return the rate of probes of one registrable domain} */
    public Rate domainRate() {
        return domainRate;
    }

    /** {@return the rate of connections to one address of a mail server (for IPv6, one /64), and to one MX domain} */
    public Rate hostRate() {
        return hostRate;
    }

    /** {@return the rate of all probes} */
    public Rate overall() {
        return overall;
    }

    /**
     * {@return the maximum number of concurrent probes of one registrable domain} It is one while it is unknown whether the
     * domain accepts all recipients.
     */
    public int probesPerDomain() {
        return probesPerDomain;
    }

    /** {@return the maximum number of concurrent connections to one address of a mail server} */
    public int probesPerHost() {
        return probesPerHost;
    }

    /** {@return the maximum number of concurrent probes} */
    public int maxConcurrentProbes() {
        return maxConcurrentProbes;
    }

    /** {@return the number of negative answers within ten minutes, with hardly a positive one, that opens a circuit breaker} */
    public int forgeryThreshold() {
        return forgeryThreshold;
    }

    /** {@return the number of senders within an hour, not found deliverable, after which a client causes no more probes} */
    public int clientFailureLimit() {
        return clientFailureLimit;
    }

    /** {@return how long a deliverable address is not probed again} */
    public Duration positiveRefreshTime() {
        return positiveRefreshTime;
    }

    /** {@return how long it counts as deliverable if it cannot be probed again} */
    public Duration positiveExpireTime() {
        return positiveExpireTime;
    }

    /** {@return the maximum number of cached addresses; half as many domains, mail servers and clients} */
    public int cacheSize() {
        return cacheSize;
    }

    private List<Object> parts() {
        return List.of(
                responseTimeout,
                domainRate,
                hostRate,
                overall,
                probesPerDomain,
                probesPerHost,
                maxConcurrentProbes,
                forgeryThreshold,
                clientFailureLimit,
                positiveRefreshTime,
                positiveExpireTime,
                cacheSize);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CalloutLimits that && parts().equals(that.parts());
    }

    @Override
    public int hashCode() {
        return parts().hashCode();
    }

    @Override
    public String toString() {
        return "CalloutLimits" + parts();
    }

    /**
     * A rate with bursts.
     *
     * @param interval the average time between two events
     * @param burst the number of events that may come at once after a quiet time
     */
    public record Rate(Duration interval, int burst) {

        /**
         * Creates a rate.
         *
         * @throws IllegalArgumentException if the interval is not positive, or too long for the burst, or the burst less than two, of which half can be
         *     reserved
         */
        public Rate {
            if (interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException("interval must be positive, was " + interval);
            }
            // What a burst fills must fit a count of nanoseconds.
            if (interval.compareTo(MAX_TIME) > 0 || interval.multipliedBy(burst).compareTo(MAX_TIME) > 0) {
                throw new IllegalArgumentException("interval times burst must be at most " + MAX_TIME.toDays()
                        + " days, was " + interval + " times " + burst);
            }
            if (burst < 2) {
                throw new IllegalArgumentException("burst must be at least 2, was " + burst);
            }
        }
    }

    /** Collects limits. Not thread-safe. */
    public static final class Builder {

        private Duration responseTimeout = Duration.ofSeconds(8);
        private Rate domainRate = new Rate(Duration.ofSeconds(10), 20);
        private Rate hostRate = new Rate(Duration.ofMillis(500), 50);
        private Rate overall = new Rate(Duration.ofMillis(20), 500);
        private int probesPerDomain = 2;
        private int probesPerHost = 5;
        private int maxConcurrentProbes = 1_000;
        private int forgeryThreshold = 15;
        private int clientFailureLimit = 10;
        private Duration positiveRefreshTime = Duration.ofHours(24);
        private Duration positiveExpireTime = Duration.ofDays(7);
        private int cacheSize = 100_000;

        private Builder() {}

        /**
         * Sets the maximum time that a caller waits; 8 seconds by default.
         *
         * @throws IllegalArgumentException if it is negative, or more than a day
         */
        public Builder responseTimeout(Duration time) {
            this.responseTimeout = notNegative(time, MAX_WAIT, "responseTimeout");
            return this;
        }

        /** Sets the rate of probes of one registrable domain; one per 10 s with a burst of 20 by default. */
        public Builder domainRate(Rate rate) {
            this.domainRate = Objects.requireNonNull(rate, "domainRate");
            return this;
        }

        /** Sets the rate of connections to one mail server; two per second with a burst of 50 by default. */
        public Builder hostRate(Rate rate) {
            this.hostRate = Objects.requireNonNull(rate, "hostRate");
            return this;
        }

        /** Sets the rate of all probes; 50 per second with a burst of 500 by default. */
        public Builder overall(Rate rate) {
            this.overall = Objects.requireNonNull(rate, "overall");
            return this;
        }

        /**
         * Sets the maximum number of concurrent probes of one registrable domain; 2 by default.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder probesPerDomain(int number) {
            this.probesPerDomain = positive(number, "probesPerDomain");
            return this;
        }

        /**
         * Sets the maximum number of concurrent connections to one mail server; 5 by default.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder probesPerHost(int number) {
            this.probesPerHost = positive(number, "probesPerHost");
            return this;
        }

        /**
         * Sets the maximum number of concurrent probes; 1,000 by default.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder maxConcurrentProbes(int number) {
            this.maxConcurrentProbes = positive(number, "maxConcurrentProbes");
            return this;
        }

        /**
         * Sets the number of negative answers that opens a circuit breaker; 15 by default.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder forgeryThreshold(int number) {
            this.forgeryThreshold = positive(number, "forgeryThreshold");
            return this;
        }

        /**
         * Sets the number of undeliverable senders after which a client causes no more probes; 10 by default.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder clientFailureLimit(int number) {
            this.clientFailureLimit = positive(number, "clientFailureLimit");
            return this;
        }

        /**
         * Sets how long a deliverable address is not probed again; 24 hours by default.
         *
         * @throws IllegalArgumentException if it is negative, or more than 3650 days
         */
        public Builder positiveRefreshTime(Duration time) {
            this.positiveRefreshTime = notNegative(time, MAX_TIME, "positiveRefreshTime");
            return this;
        }

        /**
         * Sets how long an address counts as deliverable if it cannot be probed again; 7 days by default.
         *
         * @throws IllegalArgumentException if it is negative, or more than 3650 days
         */
        public Builder positiveExpireTime(Duration time) {
            this.positiveExpireTime = notNegative(time, MAX_TIME, "positiveExpireTime");
            return this;
        }

        /**
         * Sets the maximum number of cached addresses; 100,000 by default.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder cacheSize(int number) {
            this.cacheSize = positive(number, "cacheSize");
            return this;
        }

        /**
         * Builds the limits.
         *
         * @throws IllegalArgumentException if an address expires before it is refreshed
         */
        public CalloutLimits build() {
            if (positiveExpireTime.compareTo(positiveRefreshTime) < 0) {
                throw new IllegalArgumentException("positiveExpireTime must not be less than positiveRefreshTime ("
                        + positiveRefreshTime + "), was " + positiveExpireTime);
            }
            return new CalloutLimits(this);
        }

        private static int positive(int number, String name) {
            if (number < 1) {
                throw new IllegalArgumentException(name + " must be at least 1, was " + number);
            }
            return number;
        }

        private static Duration notNegative(Duration time, Duration max, String name) {
            if (Objects.requireNonNull(time, name).isNegative()) {
                throw new IllegalArgumentException(name + " must not be negative, was " + time);
            }
            if (time.compareTo(max) > 0) {
                throw new IllegalArgumentException(name + " must be at most " + max.toHours() + " hours, was " + time);
            }
            return time;
        }
    }
}

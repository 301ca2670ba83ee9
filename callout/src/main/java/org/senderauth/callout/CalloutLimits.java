package org.senderauth.callout;

import java.time.Duration;

/**
 * How much may be asked, and for how long an answer holds. Immutable.
 *
 * <p>Half of every burst is kept for mail that passes SPF, which a forger's mail does not.
 *
 * @param callerWait how long a caller waits at most; the probe may go on behind
 * @param perDomain how often the mail servers of one registrable domain are asked
 * @param perHost how often one network address of a mail server is asked; for IPv6, one /64
 * @param overall how often anybody is asked
 * @param probesPerDomain most probes of one registrable domain at the same time; one while it is not known whether the
 *     domain takes mail for any local part
 * @param probesPerHost most connections to one network address at the same time
 * @param probesAtOnce most probes at the same time
 * @param forgeriesPerDomain from this many bad answers within ten minutes, with hardly a good one, a domain counts as
 *     forged and is asked next to nothing
 * @param badSendersPerClient a client that has shown this many senders within an hour that were not found deliverable
 *     causes no more probes for an hour
 * @param positiveFresh how long a deliverable address is not asked about again
 * @param positiveStale how long it counts as deliverable if it cannot be asked again
 * @param addresses most addresses that are remembered; half as many domains, mail servers and clients
 */
public record CalloutLimits(
        Duration callerWait,
        Rate perDomain,
        Rate perHost,
        Rate overall,
        int probesPerDomain,
        int probesPerHost,
        int probesAtOnce,
        int forgeriesPerDomain,
        int badSendersPerClient,
        Duration positiveFresh,
        Duration positiveStale,
        int addresses) {

    /** The limits for a mail server of ordinary size. */
    public static final CalloutLimits DEFAULT = new CalloutLimits(
            Duration.ofSeconds(8),
            new Rate(Duration.ofSeconds(10), 20),
            new Rate(Duration.ofMillis(500), 50),
            new Rate(Duration.ofMillis(20), 500),
            2,
            5,
            1_000,
            15,
            10,
            Duration.ofHours(24),
            Duration.ofDays(7),
            100_000);

    /**
     * Makes limits.
     *
     * @param callerWait how long a caller waits at most
     * @param perDomain how often the mail servers of one registrable domain are asked
     * @param perHost how often one network address of a mail server is asked
     * @param overall how often anybody is asked
     * @param probesPerDomain most probes of one registrable domain at the same time
     * @param probesPerHost most connections to one network address at the same time
     * @param probesAtOnce most probes at the same time
     * @param forgeriesPerDomain bad answers that make a domain count as forged
     * @param badSendersPerClient bad senders that exhaust a client
     * @param positiveFresh how long a deliverable address is not asked about again
     * @param positiveStale how long it counts as deliverable if it cannot be asked again
     * @param addresses most addresses that are remembered
     * @throws IllegalArgumentException if a number is not positive, a time is negative, or an address is stale before it
     *     is not fresh any more
     */
    public CalloutLimits {
        if (callerWait.isNegative() || positiveFresh.isNegative() || positiveStale.compareTo(positiveFresh) < 0) {
            throw new IllegalArgumentException("times must not be negative, and positiveStale not below positiveFresh");
        }
        if (probesPerDomain < 1 || probesPerHost < 1 || probesAtOnce < 1) {
            throw new IllegalArgumentException("at least one probe must be possible");
        }
        if (forgeriesPerDomain < 1 || badSendersPerClient < 1 || addresses < 1) {
            throw new IllegalArgumentException("limits must be positive");
        }
    }

    /**
     * These limits with another wait.
     *
     * @param wait how long a caller waits at most
     * @return changed limits
     */
    public CalloutLimits withCallerWait(Duration wait) {
        return new CalloutLimits(
                wait,
                perDomain,
                perHost,
                overall,
                probesPerDomain,
                probesPerHost,
                probesAtOnce,
                forgeriesPerDomain,
                badSendersPerClient,
                positiveFresh,
                positiveStale,
                addresses);
    }

    /**
     * These limits with other rates.
     *
     * @param domain probes of one registrable domain
     * @param host connections to one mail server's address
     * @param all probes altogether
     * @return changed limits
     */
    public CalloutLimits withRates(Rate domain, Rate host, Rate all) {
        return copy(
                domain,
                host,
                all,
                probesPerDomain,
                probesPerHost,
                probesAtOnce,
                forgeriesPerDomain,
                badSendersPerClient);
    }

    /**
     * These limits with other numbers of probes that run at the same time.
     *
     * @param perOneDomain of one registrable domain
     * @param perOneHost to one mail server's address
     * @param atOnce altogether
     * @return changed limits
     */
    public CalloutLimits withProbes(int perOneDomain, int perOneHost, int atOnce) {
        return copy(
                perDomain, perHost, overall, perOneDomain, perOneHost, atOnce, forgeriesPerDomain, badSendersPerClient);
    }

    /**
     * These limits with another patience with what looks forged.
     *
     * @param ofOneDomain bad answers that make a domain count as forged
     * @param ofOneClient bad senders that exhaust a client
     * @return changed limits
     */
    public CalloutLimits withForgeries(int ofOneDomain, int ofOneClient) {
        return copy(
                perDomain, perHost, overall, probesPerDomain, probesPerHost, probesAtOnce, ofOneDomain, ofOneClient);
    }

    private CalloutLimits copy(
            Rate domain,
            Rate host,
            Rate all,
            int perOneDomain,
            int perOneHost,
            int atOnce,
            int forgeries,
            int badSenders) {
        return new CalloutLimits(
                callerWait,
                domain,
                host,
                all,
                perOneDomain,
                perOneHost,
                atOnce,
                forgeries,
                badSenders,
                positiveFresh,
                positiveStale,
                addresses);
    }

    /**
     * A rate with room for bursts.
     *
     * @param interval the time between two that is kept on average
     * @param burst how many may come at once after a quiet time
     */
    public record Rate(Duration interval, int burst) {

        /**
         * Makes a rate.
         *
         * @param interval the time between two
         * @param burst how many may come at once, at least two so that half of them can be reserved
         * @throws IllegalArgumentException if the interval is not positive or the burst less than two
         */
        public Rate {
            if (interval.isNegative() || interval.isZero() || burst < 2) {
                throw new IllegalArgumentException("a rate needs a positive interval and a burst of two or more");
            }
        }
    }
}

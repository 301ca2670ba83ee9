package org.senderauth.redis;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.core.MonotonicClock;

/**
 * One host's connection to the Redis that several share. Thread-safe; one serves a whole mail server.
 *
 * <p>It reconnects alone. Whatever happens to Redis, the objects created here respond within the deadline.
 */
public final class SharedRedis implements AutoCloseable {

    private final RedisSettings settings;
    private final RedisGateway link;
    private final KeyNames names;

    private SharedRedis(RedisSettings settings, RedisGateway link, KeyNames names) {
        this.settings = settings;
        this.link = link;
        this.names = names;
    }

    /**
     * Connects, and waits for a second or the deadline, whichever is longer. If Redis is unavailable, later operations try to
     * connect again.
     *
     * @param settings the settings
     * @param observer the observer of outages
     * @return the connection
     */
    public static SharedRedis connect(RedisSettings settings, RedisObserver observer) {
        return connect(settings, observer, settings::deadline);
    }

    /** Connects with a variable deadline, so that tests decide which replies are late. */
    static SharedRedis connect(RedisSettings settings, RedisObserver observer, Supplier<Duration> deadline) {
        KeyNames names = new KeyNames(settings.prefix(), settings.cluster());
        RedisGateway link = new RedisGateway(settings, names, observer, deadline);
        link.open();
        return new SharedRedis(settings, link, names);
    }

    /**
     * Returns the callout state that all hosts share.
     *
     * @param limits the limits, the same on all hosts
     * @param clock this host's monotonic clock, the same as the verifier's; shared entries use the clock of Redis
     * @return the state
     */
    public RedisCalloutState calloutState(CalloutLimits limits, MonotonicClock clock) {
        return new RedisCalloutState(link, names, settings, limits, new RedisClock(clock, false));
    }

    /**
     * Returns the use counts of SES signatures that all hosts share.
     *
     * @param clock this host's wall clock, which dates signatures
     * @return the ledger
     */
    public RedisReplayLedger replayLedger(InstantSource clock) {
        return new RedisReplayLedger(link, names, clock);
    }

    /**
     * Returns the serial numbers of SES signatures that all hosts share.
     *
     * @return the numbers
     */
    public RedisSerialNumbers serialNumbers() {
        return new RedisSerialNumbers(link, names);
    }

    /**
     * Returns the aliases of SRS that all hosts share.
     *
     * @return the store
     */
    public RedisAliasStore aliasStore() {
        return new RedisAliasStore(link, names);
    }

    /**
     * Checks that Redis responds and accepts writes, for a host without other operations. It does not wait:
     * {@link #isAvailable} returns the result a moment later.
     */
    public void look() {
        link.look();
    }

    /**
     * Tests whether Redis is available.
     *
     * @return true if it responded last time and accepted the write
     */
    public boolean isAvailable() {
        return link.isAvailable();
    }

    /**
     * Waits until Redis responds, accepts writes, and allows all commands that are needed.
     *
     * @param time the maximum time to wait
     * @return the cause if it does not within this time; empty if it does
     */
    public Optional<String> awaitAvailable(Duration time) {
        return link.isAvailable() ? Optional.empty() : link.await(time);
    }

    RedisGateway link() {
        return link;
    }

    KeyNames names() {
        return names;
    }

    /** Closes the connection. The objects created here then respond as in an outage. */
    @Override
    public void close() {
        link.close();
    }
}

package org.senderauth.redis;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.senderauth.callout.CalloutLimits;

/**
 * One host's connection to the Redis that several share. Thread-safe; one serves a whole mail server.
 *
 * <p>It connects again by itself. Whatever happens to Redis, what is made here answers within the deadline.
 */
public final class SharedRedis implements AutoCloseable {

    private final RedisSettings settings;
    private final RedisLink link;
    private final KeyNames names;

    private SharedRedis(RedisSettings settings, RedisLink link, KeyNames names) {
        this.settings = settings;
        this.link = link;
        this.names = names;
    }

    /**
     * Connects, and waits for it a second or the deadline, whichever is longer. If Redis is not there, it is looked for
     * again whenever it is needed.
     *
     * @param settings where Redis is
     * @param observer hears when it is lost and found
     * @return the connection
     */
    public static SharedRedis connect(RedisSettings settings, RedisObserver observer) {
        return connect(settings, observer, settings::deadline);
    }

    /** With a deadline for replies that may change, so that a test says which of them are late, and not the machine. */
    static SharedRedis connect(RedisSettings settings, RedisObserver observer, Supplier<Duration> deadline) {
        KeyNames names = new KeyNames(settings.prefix(), settings.cluster());
        RedisLink link = new RedisLink(settings, names, observer, deadline);
        link.open();
        return new SharedRedis(settings, link, names);
    }

    /**
     * The state of callouts that all hosts share.
     *
     * @param limits the budgets, the same on all hosts
     * @param clock this host's clock; what is shared goes by Redis' own
     * @return the state
     */
    public RedisCalloutState calloutState(CalloutLimits limits, InstantSource clock) {
        return new RedisCalloutState(link, names, settings, limits, new RedisTime(clock, false));
    }

    /**
     * The counts of SES signatures that all hosts share.
     *
     * @param clock this host's clock
     * @return the ledger
     */
    public RedisReplayLedger replayLedger(InstantSource clock) {
        return new RedisReplayLedger(link, names, clock);
    }

    /**
     * The numbers of SES signatures that all hosts share.
     *
     * @return the numbers
     */
    public RedisMessageIds messageIds() {
        return new RedisMessageIds(link, names);
    }

    /**
     * Looks whether Redis answers and takes what is to be stored, for a host that has nothing else to ask it just now.
     * Does not wait: what it finds is what {@link #isAvailable} says a moment later.
     */
    public void look() {
        link.look();
    }

    /**
     * Whether Redis answered last time and took what was to be stored.
     *
     * @return true if so
     */
    public boolean isAvailable() {
        return link.isAvailable();
    }

    RedisLink link() {
        return link;
    }

    KeyNames names() {
        return names;
    }

    /** Ends the connection. What was made here answers as if Redis were away. */
    @Override
    public void close() {
        link.close();
    }
}

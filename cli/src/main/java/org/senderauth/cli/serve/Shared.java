package org.senderauth.cli.serve;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.redis.RedisMessageIds;
import org.senderauth.redis.RedisObserver;
import org.senderauth.redis.RedisReplayLedger;
import org.senderauth.redis.SharedRedis;
import org.senderauth.ses.MessageIds;
import org.senderauth.ses.ReplayLedger;

/** What is shared with other hosts through Redis. */
final class Shared implements AutoCloseable {

    /** The client's own lines for each attempt to connect; what is to be known of them is in ours. */
    private static final Logger CLIENT = Logger.getLogger("io.lettuce.core");

    private final SharedRedis redis;
    private final CalloutState callouts;
    private final ReplayLedger ledger;
    private final MessageIds messageIds;

    private Shared(SharedRedis redis, CalloutState callouts, ReplayLedger ledger, MessageIds messageIds) {
        this.redis = redis;
        this.callouts = callouts;
        this.ledger = ledger;
        this.messageIds = messageIds;
    }

    /**
     * Connects, and goes on without if Redis is not there.
     *
     * @param local counts signatures while Redis is away, if the settings want that
     */
    static Shared connect(
            ServeConfig.Redis wanted, ReplayLedger local, InstantSource clock, PrintWriter log, Meters meters) {
        CLIENT.setLevel(Level.OFF);
        SharedRedis redis = SharedRedis.connect(wanted.settings(), new RedisObserver() {
            @Override
            public void lost(String cause) {
                meters.count("redis.outages");
                log.println("redis is away, this host goes by itself: " + LogText.quoted(cause));
            }

            @Override
            public void restored(Duration outage) {
                log.println("redis answers");
            }
        });
        meters.gauge("redis.available", () -> redis.isAvailable() ? 1 : 0);
        RedisReplayLedger ledger = redis.replayLedger(clock);
        RedisMessageIds ids = redis.messageIds();
        boolean defers = wanted.ses() == ServeConfig.WithoutRedis.DEFER;
        return new Shared(
                redis,
                new MeteredCalloutState(redis.calloutState(CalloutLimits.DEFAULT, clock), meters),
                defers ? ledger : ledger.withFallback(local),
                defers ? ids : ids.withFallback(MessageIds.ofRandomStart(new SecureRandom())));
    }

    CalloutState callouts() {
        return callouts;
    }

    ReplayLedger ledger() {
        return ledger;
    }

    MessageIds messageIds() {
        return messageIds;
    }

    @Override
    public void close() {
        redis.close();
    }
}

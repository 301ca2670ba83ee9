package org.senderauth.cli.serve;

import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.InMemoryCalloutState.Figures;
import org.senderauth.redis.RedisCalloutState;
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
    private final RedisCalloutState state;
    private final CalloutState callouts;
    private final ReplayLedger ledger;
    private final MessageIds messageIds;

    private Shared(
            SharedRedis redis, RedisCalloutState state, Meters meters, ReplayLedger ledger, MessageIds messageIds) {
        this.redis = redis;
        this.state = state;
        this.callouts = new MeteredCalloutState(state, meters);
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
        meters.count("redis.outages", 0);
        for (RedisObserver.Work work : RedisObserver.Work.values()) {
            meters.count("redis.bypassed", 0, "work", Meters.word(work));
        }
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

            @Override
            public void bypassed(Work work) {
                meters.count("redis.bypassed", "work", Meters.word(work));
            }
        });
        meters.gauge("redis.available", () -> {
            // For the next time: a host that has nothing to ask would not notice.
            redis.look();
            return redis.isAvailable() ? 1 : 0;
        });
        RedisReplayLedger ledger = redis.replayLedger(clock);
        RedisMessageIds ids = redis.messageIds();
        boolean defers = wanted.ses() == ServeConfig.WithoutRedis.DEFER;
        return new Shared(
                redis,
                redis.calloutState(CalloutLimits.DEFAULT, clock),
                meters,
                defers ? ledger : ledger.withFallback(local),
                defers ? ids : ids.withFallback(MessageIds.ofRandomStart(new SecureRandom())));
    }

    CalloutState callouts() {
        return callouts;
    }

    /** What this host has learnt of what it shares. */
    Figures ownFigures() {
        return state.ownFigures();
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

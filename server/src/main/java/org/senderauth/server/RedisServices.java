package org.senderauth.server;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.senderauth.callout.inmemory.InMemoryCalloutState.Figures;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.CalloutStateAdmin;
import org.senderauth.core.MonotonicClock;
import org.senderauth.redis.RedisCalloutState;
import org.senderauth.redis.RedisObserver;
import org.senderauth.redis.RedisReplayLedger;
import org.senderauth.redis.RedisSerialNumbers;
import org.senderauth.redis.SharedRedis;
import org.senderauth.ses.ReplayLedger;
import org.senderauth.ses.SerialNumbers;
import org.senderauth.srs.AliasStore;

/** The state that is shared with other hosts through Redis. */
final class RedisServices implements AutoCloseable {

    /** The client's own lines for each attempt to connect; what is to be known of them is in ours. */
    private static final Logger CLIENT = Logger.getLogger("io.lettuce.core");

    /** The time that a check of the configuration waits for Redis. */
    static final Duration TRIAL = Duration.ofSeconds(5);

    private static final Pattern SETTINGS =
            Pattern.compile("WRONGPASS|NOAUTH|NOPERM|invalid password|PKIX|[Cc]ertificate|subject alternative");

    private final SharedRedis redis;
    private final RedisCalloutState state;
    private final CalloutState callouts;
    private final ReplayLedger ledger;
    private final AliasStore aliases;
    private final SerialNumbers messageIds;
    private final boolean defers;

    private RedisServices(
            SharedRedis redis,
            RedisCalloutState state,
            MetricRegistry meters,
            ReplayLedger ledger,
            SerialNumbers messageIds,
            boolean defers) {
        this.redis = redis;
        this.aliases = redis.aliasStore();
        this.defers = defers;
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
    static RedisServices connect(
            ServeConfig.Redis wanted,
            CalloutLimits calloutLimits,
            ReplayLedger local,
            InstantSource clock,
            MonotonicClock monotonicClock,
            LogQueue log,
            MetricRegistry meters) {
        CLIENT.setLevel(Level.OFF);
        meters.present(Metric.REDIS_OUTAGES);
        for (RedisObserver.Operation work : RedisObserver.Operation.values()) {
            meters.present(Metric.REDIS_FALLBACKS, "operation", MetricRegistry.word(work));
        }
        SharedRedis redis = SharedRedis.connect(wanted.settings(), new RedisObserver() {
            @Override
            public void lost(String cause) {
                meters.count(Metric.REDIS_OUTAGES);
                log.line("redis: unavailable, using local limits: " + LogText.quoted(cause));
            }

            @Override
            public void stillLost(String cause) {
                log.line("redis: still unavailable: " + LogText.quoted(cause));
            }

            @Override
            public void restored(Duration outage) {
                log.line("redis: connected");
            }

            @Override
            public void fellBack(Operation work) {
                meters.count(Metric.REDIS_FALLBACKS, "operation", MetricRegistry.word(work));
            }
        });
        meters.gauge(Metric.REDIS_UP, () -> {
            // For the next time: a host that has nothing to ask would not notice.
            redis.look();
            return redis.isAvailable() ? 1 : 0;
        });
        RedisReplayLedger ledger = redis.replayLedger(clock);
        RedisSerialNumbers ids = redis.serialNumbers();
        boolean defers = wanted.ses() == ServeConfig.SesOnOutage.DEFER;
        return new RedisServices(
                redis,
                redis.calloutState(calloutLimits, monotonicClock),
                meters,
                defers ? ledger : ledger.withFallback(local),
                defers ? ids : ids.withFallback(SerialNumbers.ofRandomStart(new SecureRandom())),
                defers);
    }

    /**
     * Tries to use Redis, for a moment.
     *
     * @return what is wrong; empty if it can be used
     */
    static Optional<String> tryOut(ServeConfig.Redis wanted) {
        CLIENT.setLevel(Level.OFF);
        try (SharedRedis redis = SharedRedis.connect(wanted.settings(), RedisObserver.NONE)) {
            return redis.awaitAvailable(TRIAL);
        }
    }

    /** {@return whether Redis is available now} */
    boolean isAvailable() {
        redis.look();
        return redis.isAvailable();
    }

    /** Tests whether a cause is an error of the settings: a wrong password, a missing right, a certificate that is not trusted. */
    static boolean isOfSettings(String cause) {
        return SETTINGS.matcher(cause).find();
    }

    CalloutState callouts() {
        return callouts;
    }

    /** The state of callouts of all hosts, for an administrator. */
    CalloutStateAdmin calloutAdmin() {
        return state;
    }

    /** The size of this host's own callout cache. */
    Figures ownFigures() {
        return state.ownFigures();
    }

    boolean ledgerWorks() {
        if (!defers) {
            return true;
        }
        // For the next time: a host that has nothing to ask would not notice.
        redis.look();
        return redis.isAvailable();
    }

    ReplayLedger ledger() {
        return ledger;
    }

    AliasStore aliases() {
        return aliases;
    }

    SerialNumbers serialNumbers() {
        return messageIds;
    }

    @Override
    public void close() {
        redis.close();
    }
}

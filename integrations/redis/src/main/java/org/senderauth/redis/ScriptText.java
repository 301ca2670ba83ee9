package org.senderauth.redis;

import java.time.Duration;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.state.BreakerScope;

/** The text forms of numbers in the arguments of scripts. */
final class ScriptText {

    /** The time that an unused rate limit is kept, if it is full by then. */
    private static final Duration BUDGET_IDLE = Duration.ofHours(2);

    private ScriptText() {}

    static String flag(boolean value) {
        return value ? "1" : "0";
    }

    static String micros(Rate rate) {
        return Long.toString(Math.max(1, rate.interval().toNanos() / 1_000));
    }

    static String millis(Duration time) {
        return Long.toString(time.toMillis());
    }

    /** The time that the budget of a rate is kept. */
    static String idle(Rate rate) {
        Duration filling = OutageFallback.filling(rate);
        return millis(filling.compareTo(BUDGET_IDLE) > 0 ? filling : BUDGET_IDLE);
    }

    /** The time that a mail server's budget is kept: as long as a circuit breaker may be open, and an hour more. */
    static String hostIdle(Rate rate) {
        Duration open = BreakerScope.UNPROVEN.openTime().plusHours(1);
        Duration filling = OutageFallback.filling(rate);
        return millis(filling.compareTo(open) > 0 ? filling : open);
    }

    /** The time that probes without Redis are remembered: until the slower of two budgets is full. */
    static String reset(boolean askedAlone, CalloutLimits limits) {
        Duration domain = OutageFallback.filling(limits.domainRate());
        Duration host = OutageFallback.filling(limits.hostRate());
        return askedAlone ? millis(domain.compareTo(host) > 0 ? domain : host) : "0";
    }
}

package org.senderauth.redis;

import java.time.Duration;
import org.senderauth.callout.CalloutLimits;
import org.senderauth.callout.CalloutLimits.Rate;

/** How scripts are told numbers. */
final class ScriptText {

    /** How long a budget is kept that nobody uses, if it is full by then. */
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

    /** How long the budget of a rate is kept. */
    static String idle(Rate rate) {
        Duration filling = LocalShare.filling(rate);
        return millis(filling.compareTo(BUDGET_IDLE) > 0 ? filling : BUDGET_IDLE);
    }

    /** How long it is kept in mind that hosts have asked by themselves: until the slower of two budgets is full. */
    static String reset(boolean askedAlone, CalloutLimits limits) {
        Duration domain = LocalShare.filling(limits.perDomain());
        Duration host = LocalShare.filling(limits.perHost());
        return askedAlone ? millis(domain.compareTo(host) > 0 ? domain : host) : "0";
    }
}

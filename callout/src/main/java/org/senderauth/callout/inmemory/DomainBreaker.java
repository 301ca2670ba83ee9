package org.senderauth.callout.inmemory;

import java.time.Duration;
import java.time.Instant;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.state.BreakerScope;
import org.senderauth.callout.state.Gcra;
import org.senderauth.callout.state.StateConstants;
import org.senderauth.callout.state.StateUpdate.Tally;

/**
 * The circuit breaker of a registrable domain, a mail server or an MX registrable domain. It opens when nearly all
 * answers are negative, as under a flood of forged senders, and then admits a trickle of probes until their answers are
 * better. Not thread-safe.
 */
final class DomainBreaker {

    private Instant since = Instant.EPOCH;
    private int good;
    private int bad;
    private boolean forged;
    private final Duration openTime;
    private final Rate trickleRate;
    private Gcra trickle = new Gcra();

    DomainBreaker() {
        this(StateConstants.TRICKLE, StateConstants.TRICKLE_RATE);
    }

    DomainBreaker(BreakerScope scope) {
        this(scope.openTime(), scope.trickle());
    }

    private DomainBreaker(Duration openTime, Rate trickleRate) {
        this.openTime = openTime;
        this.trickleRate = trickleRate;
    }

    /** Admits a probe while closed, and within the trickle rate while open. */
    boolean admits(Instant now) {
        return !isForged(now) || trickle.take(trickleRate, false, 1, now);
    }

    boolean isForged(Instant now) {
        judge(now);
        return forged;
    }

    /** {@return the time at which an open breaker counts its results anew} */
    Instant openUntil() {
        return since.plus(openTime);
    }

    /** Closes the breaker and clears its counts. */
    void close(Instant now) {
        forged = false;
        begin(now);
    }

    void count(Tally tally, int forgeries, Instant now) {
        judge(now);
        good += tally == Tally.GOOD ? 1 : 0;
        bad += tally == Tally.BAD ? 1 : 0;
        if (!forged && bad >= forgeries && mostlyBad()) {
            begin(now);
            forged = true;
            trickle = new Gcra();
            trickle.take(trickleRate, false, 1, now);
        }
    }

    private void judge(Instant now) {
        if (!now.isBefore(since.plus(forged ? openTime : StateConstants.FORGERY_WINDOW))) {
            // The results of the trickle decide whether it stays open; without any result it closes.
            forged = forged && bad > 0 && mostlyBad();
            begin(now);
        }
    }

    private boolean mostlyBad() {
        return good * StateConstants.FORGERY_GOOD_IN < good + bad;
    }

    private void begin(Instant now) {
        since = now;
        good = 0;
        bad = 0;
    }
}

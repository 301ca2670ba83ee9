package org.senderauth.callout.state;

import java.time.Instant;
import org.senderauth.callout.state.Lesson.Tally;

/**
 * Judges from the answers about one registrable domain whether its senders are being forged: then it is asked only now
 * and then, to see whether it is over. Mail that passes SPF is judged by its own answers. Not thread-safe.
 */
final class ForgeryWatch {

    private Instant since = Instant.EPOCH;
    private int good;
    private int bad;
    private boolean forged;
    private Gcra trickle = new Gcra();

    /** Whether a probe may be made; takes it from the trickle if there is only a trickle. */
    boolean admits(Instant now) {
        return !isForged(now) || trickle.take(StateRules.TRICKLE_RATE, false, 1, now);
    }

    boolean isForged(Instant now) {
        judge(now);
        return forged;
    }

    void count(Tally tally, int forgeries, Instant now) {
        judge(now);
        good += tally == Tally.GOOD ? 1 : 0;
        bad += tally == Tally.BAD ? 1 : 0;
        if (!forged && bad >= forgeries && mostlyBad()) {
            begin(now);
            forged = true;
            trickle = new Gcra();
            trickle.take(StateRules.TRICKLE_RATE, false, 1, now);
        }
    }

    private void judge(Instant now) {
        if (!now.isBefore(since.plus(forged ? StateRules.TRICKLE : StateRules.FORGERY_WINDOW))) {
            // What the trickle brought in says whether it goes on; no answer at all lets it end.
            forged = forged && bad > 0 && mostlyBad();
            begin(now);
        }
    }

    private boolean mostlyBad() {
        return good * StateRules.FORGERY_GOOD_IN < good + bad;
    }

    private void begin(Instant now) {
        since = now;
        good = 0;
        bad = 0;
    }
}

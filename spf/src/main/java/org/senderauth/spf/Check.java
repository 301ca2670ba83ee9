package org.senderauth.spf;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * What all evaluations of one check share: its arguments, the answers so far, and the end of its time. An evaluation
 * that must not wait is begun again when an answer has come; it then finds the same answers as before. Thread-safe.
 */
final class Check {

    private final Sender sender;
    private final RecordCache records;
    private final SpfLimits limits;
    private final InstantSource clock;
    private final Answers answers;
    private final boolean blocking;
    private final MacroExpander macros;
    private final boolean asksAhead;
    private @Nullable Prefetch prefetch;
    private final long endMillis;
    private volatile boolean timedOut;

    Check(Sender sender, RecordCache records, SpfVerifier.Settings settings, boolean blocking) {
        this.sender = sender;
        this.records = records;
        this.limits = settings.limits();
        this.clock = settings.clock();
        this.answers = new Answers(settings.dns());
        this.blocking = blocking;
        long now = clock.millis();
        this.endMillis = now + limits.time().toMillis();
        this.macros = new MacroExpander(sender, now / 1_000);
        this.asksAhead = settings.prefetch();
    }

    Sender sender() {
        return sender;
    }

    RecordCache records() {
        return records;
    }

    SpfLimits limits() {
        return limits;
    }

    Answers answers() {
        return answers;
    }

    MacroExpander macros() {
        return macros;
    }

    /** Whether an evaluation's thread waits for answers. */
    boolean blocking() {
        return blocking;
    }

    /** How long the check may still take; negative if its time is over. */
    long remainingMillis() {
        return timedOut ? -1 : endMillis - clock.millis();
    }

    /** The time is over, whatever the clock says. */
    void timeOut() {
        timedOut = true;
    }

    /** Asks what the open records are going to need, unless that is turned off. */
    synchronized void prefetch(Evaluation.@Nullable Frame innermost, int lookupsSoFar) {
        if (asksAhead) {
            if (prefetch == null) {
                prefetch = new Prefetch(this);
            }
            prefetch.from(innermost, lookupsSoFar);
        }
    }
}

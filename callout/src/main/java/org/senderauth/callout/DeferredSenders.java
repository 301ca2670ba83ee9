package org.senderauth.callout;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;
import org.senderauth.core.RecentEntries;
import org.senderauth.core.SmtpReply;

/**
 * The start of each sender's deferral without a decision, on monotonic time. An MTA gives up after four or five days, so
 * a sender whose server never decides would lose its mail. After the limit its mail is no longer deferred.
 *
 * <p>Bounded: at most as many senders as {@link CalloutLimits#addresses}, each for {@value #KEPT_DAYS} days after its
 * last mail. Thread-safe.
 */
final class DeferredSenders {

    /** The time for which an MTA retries (RFC 5321 section 4.5.4.1: four to five days). */
    static final int KEPT_DAYS = 5;

    private final Duration limit;
    private final MonotonicClock clock;
    private final RecentEntries<MailAddress, Instant> since;

    DeferredSenders(Duration limit, int senders, MonotonicClock clock) {
        this.limit = limit;
        this.clock = clock;
        Duration kept = Duration.ofDays(KEPT_DAYS);
        Duration time = limit.compareTo(kept) > 0 ? limit.plus(kept) : kept;
        this.since = new RecentEntries<>(senders, (sender, first) -> 1, first -> time, clock::nanoTime);
    }

    /** Returns the suggested reply, or null where this sender was deferred up to the limit. */
    @Nullable
    SmtpReply limited(MailAddress sender, CalloutReason reason, @Nullable SmtpReply suggested) {
        if (reason.verdict() != CalloutVerdict.UNDECIDED) {
            if (reason.verdict() != CalloutVerdict.SKIPPED) {
                since.remove(sender);
            }
            return suggested;
        }
        if (suggested == null || suggested.isPermanent()) {
            return suggested;
        }
        Instant now = clock.instant();
        Instant first = since.compute(sender, known -> known == null ? now : known);
        return Duration.between(first, now).compareTo(limit) < 0 ? suggested : null;
    }
}

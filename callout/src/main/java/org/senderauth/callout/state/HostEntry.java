package org.senderauth.callout.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;

/**
 * The cached facts of one network address of a mail server. Immutable.
 *
 * @param trouble the failure that caused the backoff until {@code blockedUntil}, or the last failure; null if it replied
 *     last
 * @param blockedUntil the time until which it must not be connected to
 * @param repeats the number of earlier failures in a row with the same reason
 * @param needsTlsUntil the time until which it is known to require STARTTLS before MAIL
 * @param refusesNullUntil the time until which it is known to reject the null sender
 */
public record HostEntry(
        @Nullable CalloutReason trouble,
        Instant blockedUntil,
        int repeats,
        Instant needsTlsUntil,
        Instant refusesNullUntil) {

    /** An entry without facts. */
    public static final HostEntry NONE = new HostEntry(null, Instant.EPOCH, 0, Instant.EPOCH, Instant.EPOCH);

    /**
     * {@return true if it is in backoff, so it must not be connected to}
     *
     * @param now the time
     */
    public boolean isBlocked(Instant now) {
        return trouble != null && now.isBefore(blockedUntil);
    }

    /**
     * {@return the time at which this expires} A failure is kept for a while after the backoff, so a repeated one is recognized.
     */
    public Instant keepUntil() {
        Instant flags = needsTlsUntil.isAfter(refusesNullUntil) ? needsTlsUntil : refusesNullUntil;
        Instant troubled = trouble == null ? blockedUntil : blockedUntil.plus(trouble.longest());
        return troubled.isAfter(flags) ? troubled : flags;
    }
}

package org.senderauth.callout.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;

/**
 * What is remembered of one network address of a mail server. Immutable.
 *
 * @param trouble why it must not be connected to before {@code blockedUntil}, or what it gave trouble with last; null if
 *     it gave an answer last
 * @param blockedUntil until when it must not be connected to
 * @param repeats how many times in a row it gave the same trouble before
 * @param needsTlsUntil until when it is known to want STARTTLS before MAIL
 * @param refusesNullUntil until when it is known to refuse the null reverse-path
 */
public record HostEntry(
        @Nullable CalloutReason trouble,
        Instant blockedUntil,
        int repeats,
        Instant needsTlsUntil,
        Instant refusesNullUntil) {

    /** Nothing is remembered. */
    public static final HostEntry NONE = new HostEntry(null, Instant.EPOCH, 0, Instant.EPOCH, Instant.EPOCH);

    /**
     * Whether it must not be connected to.
     *
     * @param now the time
     * @return true if it gave trouble whose time is not over
     */
    public boolean isBlocked(Instant now) {
        return trouble != null && now.isBefore(blockedUntil);
    }

    /**
     * When all of this is over. Trouble is kept a while after the host may be asked again, so that the same trouble is
     * seen to be a repeated one.
     *
     * @return the last of the times
     */
    public Instant keepUntil() {
        Instant flags = needsTlsUntil.isAfter(refusesNullUntil) ? needsTlsUntil : refusesNullUntil;
        Instant troubled = trouble == null ? blockedUntil : blockedUntil.plus(trouble.longest());
        return troubled.isAfter(flags) ? troubled : flags;
    }
}

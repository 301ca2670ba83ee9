package org.senderauth.batv;

import java.time.Instant;

/** The day arithmetic of draft-levine-smtp-batv-01 section 4: days since 1970 in UTC, modulo 1000. */
final class BatvDays {

    /** The number of days that three digits can count. */
    static final int CYCLE = 1000;

    /** The shortest lifetime of a tag, in days. */
    static final int MIN_LIFETIME = 1;

    /** The longest lifetime of a tag, in days: one day of the cycle must be left on which the tag is over. */
    static final int MAX_LIFETIME = CYCLE - 2;

    /** The lifetime that the draft recommends (section 4), in days. */
    static final int DEFAULT_LIFETIME = 7;

    /** The number of days that the signer's clock may be ahead of the verifier's: over a midnight, a second is a day. */
    private static final int CLOCK_ALLOWANCE = 1;

    private static final int SECONDS_OF_A_DAY = 86_400;

    private BatvDays() {}

    static int checkLifetime(String parameter, int days) {
        if (days < MIN_LIFETIME || days > MAX_LIFETIME) {
            throw new IllegalArgumentException(
                    parameter + " must be between " + MIN_LIFETIME + " and " + MAX_LIFETIME + ", was " + days);
        }
        return days;
    }

    /** The day field of a tag that is made now. */
    static int expiry(Instant now, int lifetime) {
        return (int) Math.floorMod(day(now) + lifetime, (long) CYCLE);
    }

    /** The days from now to the next day with these three digits: 0 to 999. */
    static int ahead(int expiry, Instant now) {
        return (int) Math.floorMod(expiry - day(now), (long) CYCLE);
    }

    /**
     * Tests whether a tag that expires so many days ahead is valid: neither expired nor further ahead than its signer
     * would put it. The clock allowance never reaches the last day of the cycle, which is yesterday.
     */
    static boolean inTime(int ahead, int lifetime) {
        return ahead <= Math.min(lifetime + CLOCK_ALLOWANCE, MAX_LIFETIME);
    }

    /** The distance of a tag out of its time: days ahead, or (negative) days since it expired, the nearer of them. */
    static int nearest(int ahead) {
        return ahead <= CYCLE / 2 ? ahead : ahead - CYCLE;
    }

    private static long day(Instant now) {
        return Math.floorDiv(now.getEpochSecond(), (long) SECONDS_OF_A_DAY);
    }
}

package org.senderauth.spf;

import java.time.Duration;

/**
 * What one check may spend (RFC 7208 section 4.6.4). Immutable.
 *
 * @param lookups most terms that ask the DNS ({@code include a mx ptr exists redirect}), over all records of a check
 * @param voidLookups most questions of these terms that the DNS answers with nothing
 * @param mxNames most mail exchangers of one {@code mx} term; more are a permerror
 * @param ptrNames most names of the client that {@code ptr} and the macro {@code p} look at; more are ignored
 * @param time longest time from start to end; longer is a temperror
 */
public record SpfLimits(int lookups, int voidLookups, int mxNames, int ptrNames, Duration time) {

    /** The greatest value that any of the numbers may be set to; it also bounds the depth of includes. */
    public static final int MAX_NUMBER = 100;

    /** The limits as RFC 7208 section 4.6.4 sets or recommends them. */
    public static final SpfLimits RFC_7208 = new SpfLimits(10, 2, 10, 10, Duration.ofSeconds(20));

    /**
     * Makes limits.
     *
     * @param lookups most terms that ask the DNS
     * @param voidLookups most questions that are answered with nothing
     * @param mxNames most mail exchangers of one term
     * @param ptrNames most names of the client
     * @param time longest time of a check
     * @throws IllegalArgumentException if a number is negative or more than {@link #MAX_NUMBER}, or the time is not
     *     positive or more than a day
     */
    public SpfLimits {
        if (outOfRange(lookups) || outOfRange(voidLookups) || outOfRange(mxNames) || outOfRange(ptrNames)) {
            throw new IllegalArgumentException("the numbers of SPF limits must be from 0 to " + MAX_NUMBER);
        }
        if (time.isNegative() || time.isZero() || time.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("the time of an SPF check must be positive and at most a day");
        }
    }

    private static boolean outOfRange(int number) {
        return number < 0 || number > MAX_NUMBER;
    }

    /**
     * These limits with another number of terms that ask the DNS.
     *
     * @param number the number
     * @return the changed limits
     */
    public SpfLimits withLookups(int number) {
        return new SpfLimits(number, voidLookups, mxNames, ptrNames, time);
    }

    /**
     * These limits with another number of questions that are answered with nothing.
     *
     * @param number the number
     * @return the changed limits
     */
    public SpfLimits withVoidLookups(int number) {
        return new SpfLimits(lookups, number, mxNames, ptrNames, time);
    }

    /**
     * These limits with another number of mail exchangers.
     *
     * @param number the number
     * @return the changed limits
     */
    public SpfLimits withMxNames(int number) {
        return new SpfLimits(lookups, voidLookups, number, ptrNames, time);
    }

    /**
     * These limits with another number of the client's names.
     *
     * @param number the number
     * @return the changed limits
     */
    public SpfLimits withPtrNames(int number) {
        return new SpfLimits(lookups, voidLookups, mxNames, number, time);
    }

    /**
     * These limits with another time.
     *
     * @param longest the time
     * @return the changed limits
     */
    public SpfLimits withTime(Duration longest) {
        return new SpfLimits(lookups, voidLookups, mxNames, ptrNames, longest);
    }
}

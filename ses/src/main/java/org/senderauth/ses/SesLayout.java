package org.senderauth.ses;

import java.time.Duration;
import java.time.Instant;

/**
 * How the number inside a signature is put together: {@code message id | time field | hash}, the id on top.
 *
 * <p>A signature does not say which layout it has, so the layout belongs to the key: whoever changes it makes a new
 * key, or every outstanding signature becomes unreadable. Immutable.
 *
 * @param hashBits leading bits of the MAC that a signature carries, {@value #MIN_HASH_BITS} to {@value #MAX_HASH_BITS}
 * @param fractionBits the time unit is a day divided by two to this power, 0 to {@value #MAX_FRACTION_BITS}
 * @param expirationDays days until a signature expires, 1 to {@value #MAX_EXPIRATION_DAYS}
 */
public record SesLayout(int hashBits, int fractionBits, int expirationDays) {

    /** Least bits of a hash: pysrs allows fewer, a guess among them is cheap. */
    public static final int MIN_HASH_BITS = 40;

    /** Most bits of a hash: all of HMAC-SHA1. pysrs cuts a larger number down silently. */
    public static final int MAX_HASH_BITS = 160;

    /** Beyond 7 a day does not divide into whole seconds. */
    public static final int MAX_FRACTION_BITS = 7;

    /** Most days until a signature expires. */
    public static final int MAX_EXPIRATION_DAYS = 365;

    /** The layout of pysrs: 80 bits, quarters of a day, ten days. */
    public static final SesLayout DEFAULT = new SesLayout(80, 2, 10);

    private static final int SECONDS_PER_DAY = 86_400;

    /**
     * Makes a layout.
     *
     * @param hashBits leading bits of the MAC that a signature carries
     * @param fractionBits the time unit is a day divided by two to this power
     * @param expirationDays days until a signature expires
     * @throws IllegalArgumentException if one of them is out of its range
     */
    public SesLayout {
        requireRange("hashBits", hashBits, MIN_HASH_BITS, MAX_HASH_BITS);
        requireRange("fractionBits", fractionBits, 0, MAX_FRACTION_BITS);
        requireRange("expirationDays", expirationDays, 1, MAX_EXPIRATION_DAYS);
    }

    private static void requireRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", not " + value);
        }
    }

    /**
     * The time unit.
     *
     * @return a day divided by two to the power of {@link #fractionBits}
     */
    public Duration unit() {
        return Duration.ofSeconds(unitSeconds());
    }

    /**
     * The number of the time unit in which an instant lies.
     *
     * @param instant an instant
     * @return whole units since 1970
     */
    public long timecode(Instant instant) {
        return timecode(instant.getEpochSecond());
    }

    /**
     * When a time unit begins.
     *
     * @param timecode whole units since 1970
     * @return the instant
     */
    public Instant instant(long timecode) {
        return Instant.ofEpochSecond(Math.multiplyExact(timecode, (long) unitSeconds()));
    }

    long timecode(long epochSecond) {
        return Math.floorDiv(epochSecond, unitSeconds());
    }

    int unitSeconds() {
        return SECONDS_PER_DAY >> fractionBits;
    }

    /** Width of the time field: the least t from 1 with 2^t - 1 beyond the expiration in days, and the fraction bits. */
    int fieldBits() {
        return Integer.SIZE - Integer.numberOfLeadingZeros(expirationDays + 1) + fractionBits;
    }

    /** The time field with all bits set marks a fixed signature; times are stored modulo this number. */
    int fixedField() {
        return (1 << fieldBits()) - 1;
    }

    /**
     * How many units a signer's clock may be ahead so that each time field still means one time only.
     *
     * @return the difference between the times that the field can hold and those that are accepted, at least 1
     */
    public int maxSkew() {
        return fixedField() - window();
    }

    /** A signature expires when it is this many units old. */
    int window() {
        return expirationDays << fractionBits;
    }
}

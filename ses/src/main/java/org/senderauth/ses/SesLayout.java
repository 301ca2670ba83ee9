package org.senderauth.ses;

import java.time.Duration;
import java.time.Instant;

/**
 * The layout of the number in a signature: {@code serial number | time field | hash}, most significant first.
 *
 * <p>A signature does not show its layout, so the layout belongs to the key: a new layout needs a new key, or every
 * outstanding signature becomes unreadable. Immutable.
 *
 * @param hashBits leading bits of the MAC that a signature carries, {@value #MIN_HASH_BITS} to {@value #MAX_HASH_BITS}
 * @param fractionBits the time unit is a day divided by two to this power, 0 to {@value #MAX_FRACTION_BITS}
 * @param expirationDays days until a signature expires, 1 to {@value #MAX_EXPIRATION_DAYS}
 */
public record SesLayout(int hashBits, int fractionBits, int expirationDays) {

    /** The minimum bits of a hash: pysrs allows fewer, which are easily guessed. */
    public static final int MIN_HASH_BITS = 40;

    /** The maximum bits of a hash: all of HMAC-SHA1. pysrs reduces a larger number silently. */
    public static final int MAX_HASH_BITS = 160;

    /** The maximum fraction bits: with more, a day does not divide into whole seconds. */
    public static final int MAX_FRACTION_BITS = 7;

    /** The maximum days until a signature expires. */
    public static final int MAX_EXPIRATION_DAYS = 365;

    /** The layout of pysrs: 80 bits, quarters of a day, ten days. */
    public static final SesLayout DEFAULT = new SesLayout(80, 2, 10);

    private static final int SECONDS_PER_DAY = 86_400;

    /**
     * Creates a layout.
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
     * {@return the time unit: a day divided by two to the power of {@link #fractionBits}}
     */
    public Duration unit() {
        return Duration.ofSeconds(unitSeconds());
    }

    /**
     * Returns the number of the time unit that contains an instant.
     *
     * @param instant an instant
     * @return whole units since 1970
     */
    public long timecode(Instant instant) {
        return timecode(instant.getEpochSecond());
    }

    /**
     * Returns the start of a time unit.
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

    /** The width of the time field: the minimum t from 1 with 2^t - 1 beyond the expiration in days, and the fraction bits. */
    int fieldBits() {
        return Integer.SIZE - Integer.numberOfLeadingZeros(expirationDays + 1) + fractionBits;
    }

    /** The time field with all bits set marks a fixed signature; times are stored modulo this number. */
    int fixedField() {
        return (1 << fieldBits()) - 1;
    }

    /**
     * Returns the number of units by which a signer's clock may be ahead so that each time field still means one time only.
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

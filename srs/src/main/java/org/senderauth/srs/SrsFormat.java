package org.senderauth.srs;

import java.util.Objects;
import org.senderauth.core.LocalPartScheme;

/**
 * The settings of a program that writes SRS addresses. Immutable.
 *
 * @param mode the program
 * @param separator the character after the tag: {@code =}, {@code +} or {@code -}
 * @param hashLength characters of the hash that it writes
 * @param hashMin the fewest characters of a hash that it accepts
 */
public record SrsFormat(SrsMode mode, char separator, int hashLength, int hashMin) {

    /** Characters of a hash in our own form: 40 bits in base32. */
    public static final int HARDENED_HASH_LENGTH = 8;

    /** Our own form with the separator {@code =}. */
    public static final SrsFormat HARDENED = of(SrsMode.HARDENED);

    private static final int PREDECESSOR_HASH_LENGTH = 4;
    private static final int MAX_PREDECESSOR_HASH_LENGTH = 27;

    /**
     * Creates settings.
     *
     * @param mode the program
     * @param separator the character after the tag
     * @param hashLength characters of the hash that it writes
     * @param hashMin the fewest characters of a hash that it accepts
     * @throws IllegalArgumentException if the program does not have such settings
     */
    public SrsFormat {
        Objects.requireNonNull(mode, "mode");
        if (!LocalPartScheme.isSrsSeparator(separator)) {
            throw new IllegalArgumentException("separator must be =, + or -, was " + separator);
        }
        int min = mode == SrsMode.HARDENED ? HARDENED_HASH_LENGTH : PREDECESSOR_HASH_LENGTH;
        int max = mode == SrsMode.HARDENED || mode == SrsMode.EXIM ? min : MAX_PREDECESSOR_HASH_LENGTH;
        if (hashLength < min || hashLength > max) {
            throw new IllegalArgumentException(
                    "hashLength of " + mode.text() + " must be between " + min + " and " + max + ", was " + hashLength);
        }
        if (hashMin < min || hashMin > hashLength) {
            throw new IllegalArgumentException(
                    "hashMin must be between " + min + " and hashLength " + hashLength + ", was " + hashMin);
        }
    }

    /**
     * The default settings of a program.
     *
     * @param mode the program
     * @return separator {@code =}; eight characters of hash in our own form, else four
     */
    public static SrsFormat of(SrsMode mode) {
        int length = mode == SrsMode.HARDENED ? HARDENED_HASH_LENGTH : PREDECESSOR_HASH_LENGTH;
        return new SrsFormat(mode, '=', length, length);
    }

    /**
     * These settings with another separator.
     *
     * @param newSeparator {@code =}, {@code +} or {@code -}
     * @return the changed settings
     */
    public SrsFormat withSeparator(char newSeparator) {
        return new SrsFormat(mode, newSeparator, hashLength, hashMin);
    }

    /**
     * These settings with another length of the hash.
     *
     * @param length characters that are written
     * @param min the fewest characters that are accepted
     * @return the changed settings
     */
    public SrsFormat withHash(int length, int min) {
        return new SrsFormat(mode, separator, length, min);
    }
}

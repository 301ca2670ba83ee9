package org.senderauth.srs;

import java.time.Instant;

/** The day in an SRS0 address: days since 1970 in UTC modulo 1024, in two letters of base32. */
final class SrsDays {

    /** The number of days that two letters of base32 count. */
    static final int CYCLE = 1024;

    /** The longest lifetime: with the day that a clock may be ahead, half a cycle remains invalid. */
    static final int MAX_LIFETIME = 500;

    /** A stamp that is not one. */
    static final int MALFORMED = -1;

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int SECONDS_PER_DAY = 86_400;

    private SrsDays() {}

    static int day(Instant now) {
        return (int) Math.floorMod(Math.floorDiv(now.getEpochSecond(), (long) SECONDS_PER_DAY), (long) CYCLE);
    }

    static String stamp(int day) {
        return "" + LETTERS.charAt(day >> 5) + LETTERS.charAt(day & 31);
    }

    /** The value of one letter in any case, negative if it is not one. */
    static int value(char letter) {
        return LETTERS.indexOf(letter >= 'a' && letter <= 'z' ? letter - 32 : letter);
    }

    /** The day of exactly two letters in any case, or {@link #MALFORMED}. */
    static int parse(String stamp) {
        if (stamp.length() != 2) {
            return MALFORMED;
        }
        int high = value(stamp.charAt(0));
        int low = value(stamp.charAt(1));
        return high < 0 || low < 0 ? MALFORMED : high << 5 | low;
    }

    /** The days from a stamp to today: 0 to 1023, so that tomorrow's stamp has the age 1023. */
    static int age(int stamp, int today) {
        return Math.floorMod(today - stamp, CYCLE);
    }
}

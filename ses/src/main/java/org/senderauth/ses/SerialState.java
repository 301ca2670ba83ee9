package org.senderauth.ses;

/**
 * The numbers that were issued, in minimal form: enough to begin again at 1 in each new time unit, and to repeat none
 * when the clock is set back.
 *
 * @param timecode the latest time unit that had a number
 * @param last the last number of that unit
 * @param highest the highest number of all units
 */
record SerialState(long timecode, long last, long highest) {

    static final SerialState NEW = new SerialState(0, 0, 0);

    /** The number before the next one for this time unit. */
    long before(long asked) {
        if (asked > timecode) {
            return 0;
        }
        // In an earlier unit we cannot tell which numbers were given: go on above all that ever were.
        return asked == timecode ? last : highest;
    }

    /** Returns whether this is an earlier state of the same file: time units and highest numbers only ever grow. */
    boolean isBefore(SerialState other) {
        return timecode < other.timecode || timecode == other.timecode && last < other.last || highest < other.highest;
    }

    /** Returns a state in which the numbers of a time unit, and of all earlier ones, continue after a gap. */
    SerialState skip(long asked, long gap) {
        long top = highest + gap;
        return asked > timecode ? new SerialState(asked, gap, top) : new SerialState(timecode, last + gap, top);
    }

    /** The state after numbers up to this one were given for this time unit. */
    SerialState after(long asked, long upTo) {
        long top = Math.max(highest, upTo);
        return asked >= timecode ? new SerialState(asked, upTo, top) : new SerialState(timecode, last, top);
    }
}

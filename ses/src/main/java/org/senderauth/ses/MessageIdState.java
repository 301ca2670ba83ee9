package org.senderauth.ses;

/**
 * Which numbers were given, as small as it can be: enough to begin again at 1 in each new time unit, and to repeat none
 * when the clock is set back.
 *
 * @param timecode the latest time unit that had a number
 * @param last the last number of that unit
 * @param highest the highest number of all units
 */
record MessageIdState(long timecode, long last, long highest) {

    static final MessageIdState NEW = new MessageIdState(0, 0, 0);

    /** The number before the next one for this time unit. */
    long before(long asked) {
        if (asked > timecode) {
            return 0;
        }
        // In an earlier unit we cannot tell which numbers were given: go on above all that ever were.
        return asked == timecode ? last : highest;
    }

    /** The state after numbers up to this one were given for this time unit. */
    MessageIdState after(long asked, long upTo) {
        long top = Math.max(highest, upTo);
        return asked >= timecode ? new MessageIdState(asked, upTo, top) : new MessageIdState(timecode, last, top);
    }
}

package org.senderauth.callout.reply;

import java.util.Arrays;

/**
 * A text in the form of {@link ReplyText} in which the rows of the table are searched. It counts its characters as they are
 * read, whatever a pattern does with them, so {@link #MAX_STEPS} bounds the work for one reply. For one classification;
 * not thread-safe.
 */
final class SearchedText implements CharSequence {

    /**
     * The maximum number of steps for one reply, each a character read or as much work: less than two milliseconds. Known
     * replies take 4,000 on average, and none takes half of this.
     */
    static final int MAX_STEPS = 80_000;

    // What a search costs besides the characters that it reads: itself, and each position where nothing can start.
    private static final int STEPS_PER_SEARCH = 8;
    private static final int STEPS_PER_MATCH = 16;
    private static final int POSITIONS_PER_STEP = 4;

    private final String text;
    private final Steps steps;
    private final int[] starts;

    private SearchedText(String text, Steps steps) {
        this.text = text;
        this.steps = steps;
        steps.take(text.length());
        this.starts = starts(text);
    }

    /** Returns a text of a new classification. */
    static SearchedText of(String text) {
        return new SearchedText(text, new Steps());
    }

    /** Returns another text of the same classification, with the same count. */
    SearchedText with(String other) {
        return new SearchedText(other, steps);
    }

    /** Returns the positions that follow neither a letter nor a digit: those at which words start. */
    int[] starts() {
        steps.take(STEPS_PER_SEARCH + starts.length / POSITIONS_PER_STEP);
        return starts;
    }

    /** Returns the number of positions, all of which are going to be looked at. */
    int positions() {
        steps.take(STEPS_PER_SEARCH + text.length() / POSITIONS_PER_STEP);
        return text.length();
    }

    /** Counts a match, which costs more than the characters that it reads. */
    void countMatch() {
        steps.take(STEPS_PER_MATCH);
    }

    /** {@return the steps of this classification so far} */
    int steps() {
        return steps.taken;
    }

    private static int[] starts(String text) {
        int[] found = new int[text.length()];
        int count = 0;
        for (int i = 0; i < text.length(); i++) {
            if (i == 0 || !isLetterOrNumber(text.codePointBefore(i))) {
                found[count++] = i;
            }
        }
        return Arrays.copyOf(found, count);
    }

    // [\p{L}\p{N}]
    private static boolean isLetterOrNumber(int character) {
        int type = Character.getType(character);
        return Character.isLetter(character)
                || type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    @Override
    public char charAt(int index) {
        steps.take(1);
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public String subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }

    private static final class Steps {

        private int taken;

        void take(int count) {
            taken += count;
            if (taken > MAX_STEPS) {
                throw new ReplyTooLongException();
            }
        }
    }
}

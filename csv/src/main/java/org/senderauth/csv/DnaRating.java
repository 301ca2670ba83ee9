package org.senderauth.csv;

/** The rating of a domain by a service (draft-ietf-marid-csv-dna-02): from strongly recommended to strongly not recommended. */
public enum DnaRating {
    /** Strongly recommended. */
    A(2, "strongly recommended"),
    /** Recommended. */
    B(1, "recommended"),
    /** Unknown. */
    C(0, "unknown"),
    /** Not recommended. */
    D(-1, "not recommended"),
    /** Strongly not recommended. */
    E(-2, "strongly not recommended");

    private final int value;
    private final String text;

    DnaRating(int value, String text) {
        this.value = value;
        this.text = text;
    }

    /**
     * Returns the rating as a number: 2 for {@link #A}, 0 for {@link #C}, -2 for {@link #E}.
     *
     * @return the number
     */
    public int value() {
        return value;
    }

    /**
     * Returns the rating in words.
     *
     * @return the words, such as {@code not recommended}
     */
    public String text() {
        return text;
    }

    /**
     * Tests whether the rating is negative.
     *
     * @return true for {@link #D} and {@link #E}
     */
    public boolean isNegative() {
        return value < 0;
    }

    /** Returns the rating nearest to a mean of values; halves are rounded towards {@link #C}. */
    static DnaRating nearest(double mean) {
        long rounded = (long) (mean > 0 ? Math.ceil(mean - 0.5) : Math.floor(mean + 0.5));
        return values()[(int) (A.value - rounded)];
    }
}

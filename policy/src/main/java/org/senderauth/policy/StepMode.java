package org.senderauth.policy;

/** What a step may do. */
public enum StepMode {
    /** It is not taken. */
    OFF,
    /** It is taken and reported; it never refuses nor defers. */
    REPORT,
    /** What it finds decides. */
    ENFORCE;

    private final String text = Words.of(this);

    /**
     * The mode as configuration and reports write it.
     *
     * @return {@code off}, {@code report} or {@code enforce}
     */
    public String text() {
        return text;
    }
}

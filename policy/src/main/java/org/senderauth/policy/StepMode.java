package org.senderauth.policy;

import org.senderauth.core.Ascii;

/** The modes of a step. */
public enum StepMode {
    /** The step does not run. */
    OFF,
    /** The step runs and is reported; it never rejects or defers. */
    MONITOR,
    /** The step runs, and its result decides. */
    ENFORCE;

    private final String text = Ascii.text(this);

    /** {@return the name in configuration and reports: {@code off}, {@code monitor} or {@code enforce}} */
    public String text() {
        return text;
    }
}

package org.senderauth.callout.probe;

/** Hears of one probe. Both methods are called exactly once, {@link #verdict} first. */
public interface ProbeListener {

    /**
     * The verdict is known. Called before QUIT, for which no caller should wait.
     *
     * @param report what is known so far
     */
    void verdict(ProbeReport report);

    /**
     * The probe is over and its connection closed.
     *
     * @param report the same answer, with all that was counted until the end
     */
    void finished(ProbeReport report);
}

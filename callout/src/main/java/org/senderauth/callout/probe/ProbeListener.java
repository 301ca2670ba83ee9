package org.senderauth.callout.probe;

/** Hears of one probe. Both methods are called exactly once, {@link #verdict} first. */
public interface ProbeListener {

    /**
     * The answer is known. Called before the polite end of the session, which nobody should wait for.
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

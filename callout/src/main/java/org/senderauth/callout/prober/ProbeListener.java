package org.senderauth.callout.prober;

import org.senderauth.callout.outcome.ProbeReport;

/** Receives the results of one probe. Both methods are called exactly once, {@link #verdict} first. */
public interface ProbeListener {

    /**
     * The verdict is known. Called before QUIT, so no caller waits for that.
     *
     * @param report the report so far
     */
    void verdict(ProbeReport report);

    /**
     * The probe has ended and its connection is closed.
     *
     * @param report the same result, with all counts until the end
     */
    void finished(ProbeReport report);
}

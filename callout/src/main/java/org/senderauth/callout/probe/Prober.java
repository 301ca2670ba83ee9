package org.senderauth.callout.probe;

/**
 * Probes the mail servers of an address. Thread-safe.
 *
 * <p>A probe is always an answer: whatever the network does, the listener hears of it as a report, never as an
 * exception.
 */
@FunctionalInterface
public interface Prober {

    /**
     * Asks about one address. May do its work in the calling thread, which can take a minute.
     *
     * @param request what to ask, and what may be asked
     * @param listener hears the verdict as soon as it is known, and once more when the probe is over
     */
    void probe(ProbeRequest request, ProbeListener listener);
}

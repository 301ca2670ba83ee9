package org.senderauth.callout.prober;

/**
 * Probes the mail servers of an address. Thread-safe.
 *
 * <p>Every probe has a result: whatever the network does, the listener gets a report, never an exception.
 */
@FunctionalInterface
public interface Prober {

    /**
     * Probes one address. May work in the calling thread, for up to a minute.
     *
     * @param request the request, with its limits
     * @param listener receives the verdict as soon as it is known, and the report at the end
     */
    void probe(ProbeRequest request, ProbeListener listener);
}

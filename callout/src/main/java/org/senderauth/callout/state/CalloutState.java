package org.senderauth.callout.state;

import java.util.concurrent.CompletionStage;

/**
 * The caches and limits of callouts, which several hosts can share. Thread-safe.
 *
 * <p>{@link #admit} is one step on purpose: it decides together and once whether an address is cached, whether a probe is
 * in flight, and whether the limits allow a probe. A state over a network needs one round trip for it. A failure of that
 * network is handled in the state: it falls back to its share of the limits, never to unlimited probes, and no method
 * throws for it.
 *
 * <p>Every implementation passes {@code CalloutStateContract}, which is in this module's test jar, and uses {@link
 * StateConstants} and the limits that it gets. Only our own modules implement it.
 */
public interface CalloutState {

    /**
     * Decides on a request. The first of these that applies:
     *
     * <ol>
     *   <li>the domain has an entry for all its addresses, or the address a fresh one: {@link Admission.Known};
     *   <li>the address has a stale entry that may be served: {@link Admission.Known}, with a permit for a refresh if
     *       everything below allows one;
     *   <li>a probe of the address is in flight: {@link Admission.Running};
     *   <li>the request may not cause a probe, or a limit or circuit breaker of the client, the domain or all probes prevents
     *       one: {@link Admission.Limited};
     *   <li>{@link Admission.Granted}: the probe counts for all limits, and the address is leased to the caller.
     * </ol>
     *
     * @param question the request
     * @return a stage that does not complete exceptionally
     */
    CompletionStage<Admission> admit(AdmissionRequest question);

    /**
     * Decides whether a probe may connect to a mail server, and counts the connection. The circuit breakers and rate
     * limits of its MX registrable domain come first, then those of its address. Called on a probe's thread; may block
     * for two round trips.
     *
     * @param server the mail server
     * @param permit the permit of the probe
     * @return the decision
     */
    HostAdmission admitHost(MailServer server, ProbePermit permit);

    /**
     * Stores the update of a probe and ends the lease of its address. Called at most once for a permit, on a probe's
     * thread; may block for one round trip.
     *
     * @param update the update
     */
    void apply(StateUpdate update);

    /**
     * Ends a permit: the probe has ended, its connection is closed. Called exactly once for a permit, on a probe's thread; may
     * block for one round trip.
     *
     * @param grant the permit
     */
    void release(ProbePermit grant);
}

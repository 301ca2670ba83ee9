package org.senderauth.callout.state;

import java.util.concurrent.CompletionStage;

/**
 * The caches and limits of callouts, which several hosts can share. Thread-safe.
 *
 * <p>{@link #admit} is one step on purpose: whether an address is known, whether a probe is in progress, and
 * whether the budgets allow a probe, is decided together and once. A state over a network does it in one round trip.
 * Trouble with that network is the state's own affair: it then falls back to its share of the budgets, never to
 * unlimited asking, and no method throws for it.
 *
 * <p>Every implementation passes {@code CalloutStateContract}, which is published in this module's test jar, and goes by
 * {@link StateConstants} and the limits that it is given.
 */
public interface CalloutState {

    /**
     * Decides what to do about a question. The first of these that holds:
     *
     * <ol>
     *   <li>the domain has a standing answer, or the address a fresh one: {@link Admission.Known};
     *   <li>the address has a stale result that may still be served: {@link Admission.Known}, with a
     *       grant to ask again if all below allows that;
     *   <li>a probe of the address is in progress: {@link Admission.Running};
     *   <li>the question may cause no probe, the client is exhausted, the domain is under forgery, it is being asked
     *       often enough, or a budget is used up: {@link Admission.Limited};
     *   <li>{@link Admission.Granted}: budgets are debited, and the address is leased to the asker.
     * </ol>
     *
     * @param question what is asked
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
     * Stores the update of a probe and ends the lease of its address. Called at most once for a grant, on a probe's
     * thread; may block for one round trip.
     *
     * @param update the update
     */
    void apply(StateUpdate update);

    /**
     * Ends a grant: the probe is over, its connection closed. Called exactly once for a grant, on a probe's thread; may
     * block for one round trip.
     *
     * @param grant the grant
     */
    void release(ProbePermit grant);
}

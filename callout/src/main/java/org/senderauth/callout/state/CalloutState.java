package org.senderauth.callout.state;

import java.net.InetAddress;
import java.util.concurrent.CompletionStage;

/**
 * What callouts remember and share, behind one seam, so that several hosts can share it. Thread-safe.
 *
 * <p>{@link #admit} is one step on purpose: whether an address is known, whether somebody is asking already, and
 * whether the budgets allow a probe, is decided together and once. A state over a network does it in one round trip.
 * Trouble with that network is the state's own affair: it then falls back to its share of the budgets, never to
 * unlimited asking, and no method throws for it.
 *
 * <p>Every implementation passes {@code CalloutStateContract}, which is published in this module's test jar, and goes by
 * {@link StateRules} and the limits that it is given.
 */
public interface CalloutState {

    /**
     * Decides what to do about a question. The first of these that holds:
     *
     * <ol>
     *   <li>the domain has a standing answer, or the address a fresh one: {@link Admission.Known};
     *   <li>the address has an answer that is past its time and may still be served: {@link Admission.Known}, with a
     *       grant to ask again if all below allows that;
     *   <li>somebody is asking about the address: {@link Admission.Running};
     *   <li>the question may cause no probe, the client is exhausted, the domain is under forgery, it is being asked
     *       often enough, or a budget is used up: {@link Admission.Limited};
     *   <li>{@link Admission.Granted}: budgets are debited, and the address is leased to the asker.
     * </ol>
     *
     * @param question what is asked
     * @return a stage that does not complete exceptionally
     */
    CompletionStage<Admission> admit(Question question);

    /**
     * Asks for leave to connect to a mail server, and debits its budget. Called on a probe's thread; may block for one
     * round trip.
     *
     * @param address the mail server's network address
     * @param question the question that the probe is for
     * @return leave, or why not
     */
    HostAdmission enterHost(InetAddress address, Question question);

    /**
     * Stores what a probe has learnt and ends the lease of its address. Called at most once for a grant, on a probe's
     * thread; may block for one round trip.
     *
     * @param lesson what was learnt
     */
    void learn(Lesson lesson);

    /**
     * Ends a grant: the probe is over, its connection closed. Called exactly once for a grant, on a probe's thread; may
     * block for one round trip.
     *
     * @param grant the grant
     */
    void release(Grant grant);
}

package org.senderauth.callout;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.probe.ProbeReport;
import org.senderauth.callout.state.Admission.Limiter;
import org.senderauth.core.MailAddress;

/**
 * Watches callouts; every method does nothing by default. Called on the threads that do the work, so methods must be
 * quick and thread-safe. What they throw is logged and has no other effect.
 */
public interface CalloutObserver {

    /** Watches nothing. */
    CalloutObserver NONE = new CalloutObserver() {};

    /**
     * A question was answered. Not called a second time for what a probe finds out after its caller has gone.
     *
     * @param result the answer
     * @param waited how long the caller waited
     */
    default void answered(CalloutResult result, Duration waited) {}

    /**
     * A question might have caused a probe and did not.
     *
     * @param by what limited it
     */
    default void limited(Limiter by) {}

    /**
     * A probe did not connect to a mail server because of the trouble that this gave before.
     *
     * @param trouble what it gave
     */
    default void avoided(CalloutReason trouble) {}

    /** A question waits for a probe that another one had caused. */
    default void joined() {}

    /** A probe begins. */
    default void probing() {}

    /**
     * A probe is over, whether its caller still waited or not.
     *
     * @param probe what was asked for whom, and what was found
     */
    default void probed(Probed probe) {}

    /**
     * A probe that is over.
     *
     * @param at when it began
     * @param took how long it took until its connection was closed
     * @param client the client whose mail caused it
     * @param address the address that was asked about
     * @param registrable the registrable domain of the address
     * @param report what was found
     */
    record Probed(
            Instant at,
            Duration took,
            InetAddress client,
            MailAddress address,
            String registrable,
            ProbeReport report) {}

    /**
     * Several observers as one.
     *
     * @param observers the observers
     * @return one that passes everything on to each
     */
    static CalloutObserver all(CalloutObserver... observers) {
        List<CalloutObserver> each = List.of(observers);
        return new CalloutObserver() {
            @Override
            public void answered(CalloutResult result, Duration waited) {
                each.forEach(observer -> observer.answered(result, waited));
            }

            @Override
            public void limited(Limiter by) {
                each.forEach(observer -> observer.limited(by));
            }

            @Override
            public void avoided(CalloutReason trouble) {
                each.forEach(observer -> observer.avoided(trouble));
            }

            @Override
            public void joined() {
                each.forEach(CalloutObserver::joined);
            }

            @Override
            public void probing() {
                each.forEach(CalloutObserver::probing);
            }

            @Override
            public void probed(Probed probe) {
                each.forEach(observer -> observer.probed(probe));
            }
        };
    }
}

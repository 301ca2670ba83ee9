package org.senderauth.callout;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.core.MailAddress;

/**
 * Observes callouts. Every method does nothing by default. Methods run on the threads that do the work, so they must be
 * quick and thread-safe. An exception that one throws is logged and has no other effect.
 */
public interface CalloutObserver {

    /** An observer that does nothing. */
    CalloutObserver NONE = new CalloutObserver() {};

    /**
     * A request has its result. Not called again for the result of a probe that its caller no longer waits for.
     *
     * @param result the result
     * @param waited the time that the caller waited
     */
    default void answered(CalloutResult result, Duration waited) {}

    /**
     * A limit or circuit breaker kept a request from a probe.
     *
     * @param by the limit or circuit breaker
     */
    default void limited(CalloutLimiter by) {}

    /**
     * A probe did not connect to a mail server because of an earlier failure there.
     *
     * @param trouble the earlier failure
     */
    default void avoided(CalloutReason trouble) {}

    /** A request waits for the probe that another request caused. */
    default void joined() {}

    /** A probe starts. */
    default void probing() {}

    /**
     * A probe has ended, whether its caller still waited or not.
     *
     * @param probe the probe with its report
     */
    default void probed(Probed probe) {}

    /**
     * A probe that has ended.
     *
     * @param at the time of its start
     * @param took its duration until the connection was closed
     * @param client the client whose mail caused it
     * @param address the address that was probed
     * @param registrable the registrable domain of the address
     * @param report the report
     */
    record Probed(
            Instant at,
            Duration took,
            InetAddress client,
            MailAddress address,
            String registrable,
            ProbeReport report) {}

    /**
     * Combines several observers.
     *
     * @param observers the observers
     * @return an observer that calls each of them
     */
    static CalloutObserver all(CalloutObserver... observers) {
        List<CalloutObserver> each = List.of(observers);
        return new CalloutObserver() {
            @Override
            public void answered(CalloutResult result, Duration waited) {
                each.forEach(observer -> observer.answered(result, waited));
            }

            @Override
            public void limited(CalloutLimiter by) {
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

package org.senderauth.server;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateUpdate;

/**
 * Measures how long a shared state takes to admit a request: each message waits for it, with or without a probe.
 *
 * @param next the state
 * @param meters times
 */
record MeteredCalloutState(CalloutState next, MetricRegistry meters) implements CalloutState {

    @Override
    public CompletionStage<Admission> admit(AdmissionRequest question) {
        long start = System.nanoTime();
        return next.admit(question).thenApply(admission -> {
            meters.time(Metric.REDIS_ADMISSION_DURATION, Duration.ofNanos(System.nanoTime() - start));
            return admission;
        });
    }

    @Override
    public HostAdmission admitHost(MailServer server, ProbePermit permit) {
        return next.admitHost(server, permit);
    }

    @Override
    public void apply(StateUpdate update) {
        next.apply(update);
    }

    @Override
    public void release(ProbePermit grant) {
        next.release(grant);
    }
}

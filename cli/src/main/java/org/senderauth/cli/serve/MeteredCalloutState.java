package org.senderauth.cli.serve;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.Grant;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.Lesson;
import org.senderauth.callout.state.Question;

/**
 * Times how long a shared state takes to admit a question: what each mail waits for it, whether anybody is asked or not.
 *
 * @param next the state
 * @param meters times
 */
record MeteredCalloutState(CalloutState next, Meters meters) implements CalloutState {

    @Override
    public CompletionStage<Admission> admit(Question question) {
        long start = System.nanoTime();
        return next.admit(question).thenApply(admission -> {
            meters.time("callout.shared.latency", Duration.ofNanos(System.nanoTime() - start));
            return admission;
        });
    }

    @Override
    public HostAdmission enterHost(InetAddress address, Question question) {
        return next.enterHost(address, question);
    }

    @Override
    public void learn(Lesson lesson) {
        next.learn(lesson);
    }

    @Override
    public void release(Grant grant) {
        next.release(grant);
    }
}

package org.senderauth.callout;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutResult.Source;
import org.senderauth.callout.probe.ProbeReport;
import org.senderauth.callout.state.AddressRecord;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.callout.state.Question;
import org.senderauth.core.MailAddress;

/** One question on its way from the gates to its answer. */
final class Inquiry {

    /** When the state says that somebody else is asking, how long until it is asked whether he has an answer. */
    static final Duration FIRST_LOOK_AGAIN = Duration.ofMillis(50);

    /** The longest time between two such looks. */
    static final Duration LONGEST_LOOK_AGAIN = Duration.ofSeconds(1);

    /**
     * What an inquiry needs to go its way.
     *
     * @param state what is known and allowed
     * @param probing runs probes
     * @param clock the time
     * @param timer ends the caller's wait
     * @param observer watches
     * @param callerWait how long the caller waits
     */
    record Way(
            CalloutState state,
            Probing probing,
            InstantSource clock,
            CalloutTimer timer,
            CalloutObserver observer,
            Duration callerWait) {}

    /** Makes a result of its reason, its source, and what it is known from. */
    @FunctionalInterface
    interface Results {
        CalloutResult result(
                CalloutReason reason, Source source, @Nullable AddressRecord known, @Nullable ProbeReport probe);
    }

    private final Way way;
    private final MailAddress address;
    private final InetAddress client;
    private final List<InetSocketAddress> hosts;
    private final Question question;
    private final Results results;
    private final CompletableFuture<CalloutResult> answer = new CompletableFuture<>();
    private boolean waiting;

    Inquiry(
            Way way,
            MailAddress address,
            InetAddress client,
            List<InetSocketAddress> hosts,
            Question question,
            Results results) {
        this.way = way;
        this.address = address;
        this.client = client;
        this.hosts = hosts;
        this.question = question;
        this.results = results;
    }

    CompletableFuture<CalloutResult> begin() {
        ask(FIRST_LOOK_AGAIN);
        return answer;
    }

    private void ask(Duration lookAgain) {
        boolean reserved = way.probing().reserve();
        way.state().admit(question.withMayProbe(reserved)).whenComplete((admission, failure) -> {
            if (failure != null) {
                giveBack(reserved);
                answer.completeExceptionally(failure);
                return;
            }
            if (admission instanceof Admission.Granted granted) {
                waitAtMost();
                way.probing()
                        .start(granted.grant(), address, client, hosts)
                        .whenComplete((report, e) -> settle(report, e, Source.PROBE));
            } else if (admission instanceof Admission.Known known) {
                answerFrom(known, reserved);
            } else if (admission instanceof Admission.Limited limited) {
                giveBack(reserved);
                way.observer().limited(limited.by());
                answer.complete(results.result(limited.by().reason(), Source.GATE, null, null));
            } else {
                giveBack(reserved);
                waitAtMost();
                join(lookAgain);
            }
        });
    }

    private void answerFrom(Admission.Known known, boolean reserved) {
        Source source = known.ofDomain() ? Source.DOMAIN : known.stale() ? Source.STALE : Source.ADDRESS;
        answer.complete(results.result(known.answer().reason(), source, known.answer(), null));
        if (known.refresh() == null) {
            giveBack(reserved);
        } else {
            way.probing().start(known.refresh(), address, client, hosts);
        }
    }

    /** Waits for this process's own probe, or looks again whether another host's has ended. */
    private void join(Duration lookAgain) {
        CompletableFuture<ProbeReport> running = way.probing().running(question);
        if (running != null) {
            way.observer().joined();
            running.whenComplete((report, e) -> settle(report, e, Source.JOINED));
            return;
        }
        Duration next = lookAgain.multipliedBy(2);
        way.timer().after(lookAgain, () -> {
            if (!answer.isDone()) {
                ask(next.compareTo(LONGEST_LOOK_AGAIN) < 0 ? next : LONGEST_LOOK_AGAIN);
            }
        });
    }

    private void waitAtMost() {
        if (!waiting) {
            waiting = true;
            way.timer()
                    .after(
                            way.callerWait(),
                            () -> answer.complete(results.result(CalloutReason.IN_PROGRESS, Source.GATE, null, null)));
        }
    }

    private void settle(@Nullable ProbeReport report, @Nullable Throwable failure, Source source) {
        if (report == null) {
            answer.completeExceptionally(failure == null ? new IllegalStateException("no report") : failure);
        } else {
            answer.complete(results.result(report.reason(), source, null, report));
        }
    }

    private void giveBack(boolean reserved) {
        if (reserved) {
            way.probing().giveBack();
        }
    }
}

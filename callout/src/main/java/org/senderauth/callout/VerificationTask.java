package org.senderauth.callout;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutResult.Source;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.state.AddressEntry;
import org.senderauth.callout.state.Admission;
import org.senderauth.callout.state.AdmissionRequest;
import org.senderauth.callout.state.CalloutState;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;

/** One verification request in progress. */
final class VerificationTask {

    /** The time until the state is queried again, where another host is probing the address. */
    static final Duration FIRST_LOOK_AGAIN = Duration.ofMillis(50);

    /** The maximum time between two such queries. */
    static final Duration LONGEST_LOOK_AGAIN = Duration.ofSeconds(1);

    /**
     * The parts that all requests share.
     *
     * @param state the caches and limits
     * @param probing runs probes
     * @param wallClock the clock that dates results
     * @param clock the clock of lifetimes
     * @param timer ends the caller's wait
     * @param observer the observer
     * @param responseTimeout the maximum time that the caller waits
     */
    record Way(
            CalloutState state,
            ProbeRunner probing,
            InstantSource wallClock,
            MonotonicClock clock,
            Scheduler timer,
            CalloutObserver observer,
            Duration responseTimeout) {}

    /** Creates a result from its reason, its source, and its cached entry or report. */
    @FunctionalInterface
    interface Results {
        CalloutResult result(
                CalloutReason reason,
                Source source,
                @Nullable AddressEntry known,
                @Nullable ProbeReport probe,
                @Nullable CalloutLimiter limiter);

        /** A result without a limit. */
        default CalloutResult result(
                CalloutReason reason, Source source, @Nullable AddressEntry known, @Nullable ProbeReport probe) {
            return result(reason, source, known, probe, null);
        }
    }

    private final Way way;
    private final MailAddress address;
    private final InetAddress client;
    private final List<InetSocketAddress> hosts;
    private final AdmissionRequest question;
    private final Results results;
    private final CompletableFuture<CalloutResult> answer = new CompletableFuture<>();
    private boolean waiting;

    VerificationTask(
            Way way,
            MailAddress address,
            InetAddress client,
            List<InetSocketAddress> hosts,
            AdmissionRequest question,
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
        try {
            way.state().admit(question.withMayProbe(reserved)).whenComplete((admission, failure) -> {
                try {
                    admitted(admission, failure, reserved, lookAgain);
                } catch (RuntimeException e) {
                    answer.completeExceptionally(e);
                }
            });
        } catch (RuntimeException e) {
            giveBack(reserved);
            answer.completeExceptionally(e);
        }
    }

    /** Starts the permitted probe, or gives its reservation back, before anything that could fail. */
    private void admitted(
            @Nullable Admission admission, @Nullable Throwable failure, boolean reserved, Duration lookAgain) {
        if (admission instanceof Admission.Granted granted) {
            way.probing()
                    .start(granted.grant(), address, client, hosts)
                    .whenComplete((report, e) -> settle(report, e, Source.PROBE));
            waitAtMost();
        } else if (admission instanceof Admission.Known known && known.refresh() != null) {
            try {
                answerFrom(known);
            } finally {
                way.probing().start(known.refresh(), address, client, hosts);
            }
        } else {
            giveBack(reserved);
            if (failure != null) {
                answer.completeExceptionally(failure);
            } else if (admission instanceof Admission.Known known) {
                answerFrom(known);
            } else if (admission instanceof Admission.Limited limited) {
                // The state needs only to know whether a probe is possible here.
                CalloutLimiter limiter =
                        !reserved && limited.by() == CalloutLimiter.OVERALL ? CalloutLimiter.ALL_PROBES : limited.by();
                way.observer().limited(limiter);
                answer.complete(results.result(limiter.reason(), Source.PRECHECK, null, null, limiter));
            } else {
                waitAtMost();
                join(lookAgain);
            }
        }
    }

    private void answerFrom(Admission.Known known) {
        Source source = known.ofDomain() ? Source.DOMAIN : known.stale() ? Source.STALE : Source.ADDRESS;
        answer.complete(results.result(known.answer().reason(), source, known.answer(), null));
    }

    /** Waits for the probe of this process, or checks again whether that of another host has ended. */
    private void join(Duration lookAgain) {
        CompletableFuture<ProbeReport> running = way.probing().running(question);
        if (running != null) {
            way.observer().joined();
            running.whenComplete((report, e) -> settle(report, e, Source.COALESCED));
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
        if (!waiting && !answer.isDone()) {
            waiting = true;
            way.timer().after(way.responseTimeout(), () -> {
                if (!answer.isDone()) {
                    answer.complete(results.result(CalloutReason.IN_PROGRESS, Source.PRECHECK, null, null));
                }
            });
        }
    }

    private void settle(@Nullable ProbeReport report, @Nullable Throwable failure, Source source) {
        if (report == null) {
            answer.completeExceptionally(failure == null ? new IllegalStateException("no report") : failure);
        } else {
            answer.complete(results.result(report.reason(), source, null, report, limiter(report.reason())));
        }
    }

    // A probe that connected to no mail server because of a limit, which its own listener counted.
    private static @Nullable CalloutLimiter limiter(CalloutReason reason) {
        if (reason == CalloutReason.HOST_UNDER_ATTACK) {
            return CalloutLimiter.HOST_BREAKER;
        }
        return reason == CalloutReason.RATE_LIMITED ? CalloutLimiter.HOST : null;
    }

    private void giveBack(boolean reserved) {
        if (reserved) {
            way.probing().giveBack();
        }
    }
}

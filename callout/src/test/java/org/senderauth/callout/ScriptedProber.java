package org.senderauth.callout;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.callout.prober.ProbeListener;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.callout.prober.Prober;

/** Answers as planned, a while later. */
final class ScriptedProber implements Prober {

    static final Duration ANSWER = Duration.ofMillis(200);
    private static final Duration GOODBYE = Duration.ofMillis(50);

    private record Plan(CalloutReason reason, Duration delay) {}

    private final ManualScheduler time;
    private final Map<String, Plan> plans = new HashMap<>();
    private final List<String> asked = new ArrayList<>();
    private final List<List<InetSocketAddress>> hosts = new ArrayList<>();
    private Plan usual = new Plan(CalloutReason.ACCEPTED, ANSWER);
    private Consumer<ProbeRequest> onProbe = request -> {};
    private int running;

    ScriptedProber(ManualScheduler time) {
        this.time = time;
    }

    void answer(String address, CalloutReason reason) {
        answer(address, reason, ANSWER);
    }

    void answer(String address, CalloutReason reason, Duration delay) {
        plans.put(address, new Plan(reason, delay));
    }

    void answerAll(CalloutReason reason) {
        usual = new Plan(reason, ANSWER);
    }

    void onProbe(Consumer<ProbeRequest> action) {
        onProbe = action;
    }

    List<String> asked() {
        return asked;
    }

    List<List<InetSocketAddress>> hostsAsked() {
        return hosts;
    }

    int running() {
        return running;
    }

    @Override
    public void probe(ProbeRequest request, ProbeListener listener) {
        asked.add(request.address().toString());
        hosts.add(request.hosts());
        onProbe.accept(request);
        running++;
        Plan plan = plans.getOrDefault(request.address().toString(), usual);
        ProbeReport report =
                report(plan.reason(), request.catchAll() == TriState.UNKNOWN ? TriState.NO : TriState.UNKNOWN);
        time.after(plan.delay(), () -> listener.verdict(report));
        time.after(plan.delay().plus(GOODBYE), () -> {
            running--;
            listener.finished(report);
        });
    }

    static void tell(ProbeListener listener, ProbeReport report) {
        listener.verdict(report);
        listener.finished(report);
    }

    static ProbeReport report(CalloutReason reason, TriState catchAll) {
        boolean bad = reason.verdict() == CalloutVerdict.UNDELIVERABLE;
        return new ProbeReport(
                reason,
                ProbeStage.RCPT,
                bad ? new TargetReply(550, "5.1.1", "planned") : null,
                null,
                null,
                null,
                reason == CalloutReason.ACCEPTED ? catchAll : TriState.UNKNOWN,
                TriState.UNKNOWN,
                List.of(),
                new ProbeReport.Sent(1, 1, 0, 0),
                false,
                List.of());
    }
}

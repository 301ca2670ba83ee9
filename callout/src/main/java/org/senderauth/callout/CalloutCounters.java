package org.senderauth.callout;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.senderauth.callout.probe.HostFinding;
import org.senderauth.callout.probe.ProbeReport;
import org.senderauth.callout.state.Admission.Limiter;

/**
 * Counts callouts under names with few labels, never an address or a domain among them, as monitoring wants it.
 * Thread-safe.
 */
public final class CalloutCounters implements CalloutObserver {

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final LongAdder asked = new LongAdder();
    private final LongAdder recipients = new LongAdder();
    private final LongAdder inFlight = new LongAdder();

    /** All counters begin at zero. */
    public CalloutCounters() {}

    @Override
    public void answered(CalloutResult result, Duration waited) {
        asked.increment();
        count("callout.requests{verdict=" + result.verdict() + ",reason=" + result.reason() + ",source="
                + result.source() + "}");
    }

    @Override
    public void limited(Limiter by) {
        count("callout.limited{by=" + by + "}");
    }

    @Override
    public void joined() {
        count("callout.singleflight.joined");
    }

    @Override
    public void probing() {
        inFlight.increment();
    }

    @Override
    public void probed(Probed probe) {
        inFlight.decrement();
        ProbeReport report = probe.report();
        count("callout.probes{verdict=" + report.reason().verdict() + ",stage=" + report.stage() + "}");
        ProbeReport.Sent sent = report.sent();
        recipients.add(sent.recipients());
        count("callout.rcpts{kind=target}", sent.targetRecipients());
        count("callout.rcpts{kind=random}", sent.randomRecipients());
        count("callout.rcpts{kind=control}", sent.controlRecipients());
        for (HostFinding host : report.hosts()) {
            count("callout.connections{result=" + (host.trouble() == null ? "ANSWERED" : host.trouble()) + "}");
        }
        if (report.protocolViolation()) {
            count("callout.protocol.violations");
        }
    }

    /**
     * All counters that are not zero.
     *
     * @return numbers by name and labels, in the order of names
     */
    public Map<String, Long> counts() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((name, count) -> all.put(name, count.sum()));
        return all;
    }

    /**
     * How many probes run now.
     *
     * @return their number
     */
    public long inFlight() {
        return inFlight.sum();
    }

    /**
     * How many RCPT commands were sent for each question that was answered: what to raise an alarm on. A site that is a
     * good neighbour stays below 0.05 in the long run.
     *
     * @return the figure; 0 before the first question
     */
    public double recipientsPerMessage() {
        long questions = asked.sum();
        return questions == 0 ? 0 : (double) recipients.sum() / questions;
    }

    private void count(String name) {
        count(name, 1);
    }

    private void count(String name, long add) {
        if (add > 0) {
            counts.computeIfAbsent(name, key -> new LongAdder()).add(add);
        }
    }
}

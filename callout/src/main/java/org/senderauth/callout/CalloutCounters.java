package org.senderauth.callout;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.HostReport;
import org.senderauth.callout.outcome.ProbeReport;

/**
 * Counts callouts for monitoring. Names have few labels, and no label contains an address or a domain. Thread-safe.
 *
 * <ul>
 *   <li>{@code callout.requests{verdict,reason,source}}: results of requests
 *   <li>{@code callout.caller.wait{le}}: results that took at most so many seconds
 *   <li>{@code callout.limited{by}}: requests that a limit or circuit breaker kept from a probe
 *   <li>{@code callout.avoided{trouble}}: connections that were not made because of backoff
 *   <li>{@code callout.singleflight.joined}: requests that waited for the probe of another request
 *   <li>{@code callout.probes{verdict,stage}}: probes that have ended
 *   <li>{@code callout.probe.duration{stage,le}}: probes that took at most so many seconds until the connection was closed
 *   <li>{@code callout.rcpts{kind}}: RCPT commands with the address, a random local part, or the postmaster
 *   <li>{@code callout.connections{result}}: connections, by {@code ANSWERED} or the failure
 *   <li>{@code callout.tls{result}}: sessions that were encrypted, or should have been
 *   <li>{@code callout.protocol.violations}: probes with a server that violates SMTP
 * </ul>
 */
public final class CalloutCounters implements CalloutObserver {

    /** Upper bounds of the duration of a request or probe, in seconds; the last counts all. */
    private static final List<Double> SECONDS = List.of(0.01, 0.1, 1.0, 8.0, 60.0, Double.POSITIVE_INFINITY);

    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private final LongAdder asked = new LongAdder();
    private final LongAdder recipients = new LongAdder();
    private final LongAdder inFlight = new LongAdder();

    /** Creates counters at zero. */
    public CalloutCounters() {}

    @Override
    public void answered(CalloutResult result, Duration waited) {
        asked.increment();
        count("callout.requests{verdict=" + result.verdict() + ",reason=" + result.reason() + ",source="
                + result.source() + "}");
        time("callout.caller.wait{", waited);
    }

    @Override
    public void limited(CalloutLimiter by) {
        count("callout.limited{by=" + by + "}");
    }

    @Override
    public void avoided(CalloutReason trouble) {
        count("callout.avoided{trouble=" + trouble + "}");
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
        ProbeReport report = probe.report();
        count("callout.probes{verdict=" + report.reason().verdict() + ",stage=" + report.stage() + "}");
        time("callout.probe.duration{stage=" + report.stage() + ",", probe.took());
        ProbeReport.Sent sent = report.sent();
        recipients.add(sent.recipients());
        count("callout.rcpts{kind=target}", sent.targetRecipients());
        count("callout.rcpts{kind=random}", sent.randomRecipients());
        count("callout.rcpts{kind=control}", sent.controlRecipients());
        for (HostReport host : report.hosts()) {
            count("callout.connections{result=" + (host.trouble() == null ? "ANSWERED" : host.trouble()) + "}");
            if (host.encrypted() || host.trouble() == CalloutReason.TLS_REQUIRED) {
                count("callout.tls{result=" + (host.encrypted() ? "ENCRYPTED" : "FAILED") + "}");
            }
        }
        if (report.protocolViolation()) {
            count("callout.protocol.violations");
        }
        // Last, so that a reader that sees no probe in flight sees all counts of the probes.
        inFlight.decrement();
    }

    /**
     * {@return all counters that are not zero: numbers by name with labels, in the order of names}
     */
    public Map<String, Long> counts() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((name, count) -> all.put(name, count.sum()));
        return all;
    }

    /**
     * {@return the number of probes in flight}
     */
    public long inFlight() {
        return inFlight.sum();
    }

    /**
     * {@return the RCPT commands sent per request: the figure to alert on; 0 before the first request} A site that is a
     * good neighbor stays below 0.05 in the long run.
     */
    public double recipientsPerMessage() {
        long questions = asked.sum();
        return questions == 0 ? 0 : (double) recipients.sum() / questions;
    }

    private void time(String name, Duration took) {
        double seconds = took.toNanos() / 1e9;
        for (double bound : SECONDS) {
            if (seconds <= bound) {
                count(name + "le=" + (Double.isInfinite(bound) ? "+Inf" : Double.toString(bound)) + "}");
            }
        }
    }

    private void count(String name) {
        count(name, 1);
    }

    private void count(String name, long add) {
        if (add > 0) {
            LongAdder present = counts.get(name);
            // computeIfAbsent locks even if the key is present.
            (present != null ? present : counts.computeIfAbsent(name, key -> new LongAdder())).add(add);
        }
    }
}

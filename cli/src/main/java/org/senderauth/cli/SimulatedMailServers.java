package org.senderauth.cli;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.HostReport;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.callout.prober.HostLimiter;
import org.senderauth.callout.prober.ProbeListener;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.callout.prober.Prober;

/** The mail servers of a simulated attack's victims, with counters of what they receive. Not thread-safe. */
final class SimulatedMailServers implements Prober {

    /** The time until a reply. */
    private static final Duration REPLY_TIME = Duration.ofMillis(200);

    /** The time of RSET and QUIT. */
    private static final Duration QUIT_TIME = Duration.ofMillis(50);

    /** The prober tries this many addresses of a domain at most. */
    private static final int MAX_ADDRESSES = 3;

    /** Senders with this local part, and a number, exist. */
    static final String GENUINE = "genuine";

    /** The reply of a server to RCPT. */
    enum Behaviour {
        /** It knows its users. */
        KNOWS_USERS,
        /** It accepts all recipients. */
        CATCH_ALL,
        /** It replies 451 to all recipients. */
        TEMPFAIL,
        /** It serves other domains: "relaying denied". */
        RELAY_DENIED
    }

    /**
     * The mail servers of a domain.
     *
     * @param operator the name under which RCPT commands are counted
     * @param mxHost the MX host name
     * @param addresses their network addresses; a probe starts at a random one
     * @param behaviour the reply to RCPT
     */
    record Site(String operator, String mxHost, List<InetAddress> addresses, Behaviour behaviour) {}

    private final SimulatedTime time;
    private final Function<String, Site> sites;
    private final SplittableRandom random;
    private final Map<String, Integer> recipientsByOperator = new HashMap<>();
    private long probes;
    private long recipients;

    SimulatedMailServers(SimulatedTime time, Function<String, Site> sites, SplittableRandom random) {
        this.time = time;
        this.sites = sites;
        this.random = random;
    }

    long probes() {
        return probes;
    }

    long recipients() {
        return recipients;
    }

    /** The RCPT commands that an operator received. */
    int recipients(String operator) {
        return recipientsByOperator.getOrDefault(operator, 0);
    }

    /** The most RCPT commands that one operator received, except this one. */
    int mostRecipients(String except) {
        return recipientsByOperator.entrySet().stream()
                .filter(operator -> !operator.getKey().equals(except))
                .mapToInt(Map.Entry::getValue)
                .max()
                .orElse(0);
    }

    @Override
    public void probe(ProbeRequest request, ProbeListener listener) {
        Site site = sites.apply(request.address().domain());
        int first = random.nextInt(site.addresses().size());
        int tries = Math.min(MAX_ADDRESSES, site.addresses().size());
        CalloutReason rejected = CalloutReason.RATE_LIMITED;
        List<HostReport> hosts = new ArrayList<>();
        List<InetAddress> entered = new ArrayList<>();
        int sent = 0;
        ProbeReport answer = null;
        for (int i = 0; i < tries && (answer == null || answer.reason() == CalloutReason.TEMPFAIL); i++) {
            InetAddress address =
                    site.addresses().get((first + i) % site.addresses().size());
            HostLimiter.Leave leave = request.gate().enter(site.mxHost(), address);
            if (leave instanceof HostLimiter.Refused refused) {
                rejected = refused.reason();
            } else {
                entered.add(address);
                answer = answer(request, site.behaviour(), address);
                hosts.addAll(answer.hosts());
                sent += answer.sent().recipients();
            }
        }
        if (answer == null) {
            ProbeReport report = ProbeReport.ofNothingSent(rejected, ProbeStage.DNS, null);
            listener.verdict(report);
            listener.finished(report);
            return;
        }
        ProbeReport report = withHosts(answer, hosts);
        probes++;
        recipients += sent;
        recipientsByOperator.merge(site.operator(), sent, Integer::sum);
        time.after(REPLY_TIME, () -> listener.verdict(report));
        time.after(REPLY_TIME.plus(QUIT_TIME), () -> {
            entered.forEach(request.gate()::leave);
            listener.finished(report);
        });
    }

    private static ProbeReport answer(ProbeRequest request, Behaviour behaviour, InetAddress address) {
        boolean randomRcpt = request.catchAll() == TriState.UNKNOWN;
        return switch (behaviour) {
            case TEMPFAIL ->
                report(CalloutReason.TEMPFAIL, new TargetReply(451, "4.3.0", "later"), address, TriState.UNKNOWN, 0);
            case RELAY_DENIED ->
                report(
                        CalloutReason.RELAY_DENIED,
                        new TargetReply(550, "5.7.1", "relaying denied"),
                        address,
                        TriState.UNKNOWN,
                        0);
            case CATCH_ALL ->
                randomRcpt
                        ? report(CalloutReason.ACCEPTS_ALL, null, address, TriState.YES, 1)
                        : report(CalloutReason.ACCEPTED, null, address, TriState.UNKNOWN, 0);
            case KNOWS_USERS -> {
                if (!request.address().localPart().startsWith(GENUINE)) {
                    TargetReply reply = new TargetReply(550, "5.1.1", "no such user");
                    yield report(CalloutReason.NO_SUCH_MAILBOX, reply, address, TriState.UNKNOWN, 0);
                }
                yield report(
                        CalloutReason.ACCEPTED,
                        null,
                        address,
                        randomRcpt ? TriState.NO : TriState.UNKNOWN,
                        randomRcpt ? 1 : 0);
            }
        };
    }

    private static ProbeReport report(
            CalloutReason reason, @Nullable TargetReply reply, InetAddress address, TriState catchAll, int random) {
        CalloutReason trouble = reason == CalloutReason.TEMPFAIL ? reason : null;
        return new ProbeReport(
                reason,
                random > 0 ? ProbeStage.RANDOM : ProbeStage.RCPT,
                reply,
                null,
                address,
                null,
                catchAll,
                TriState.UNKNOWN,
                List.of(new HostReport(address, trouble, ProbeStage.RCPT, false, false, false)),
                new ProbeReport.Sent(1, 1, random, 0),
                false,
                List.of());
    }

    private static ProbeReport withHosts(ProbeReport report, List<HostReport> hosts) {
        return new ProbeReport(
                report.reason(),
                report.stage(),
                report.reply(),
                report.host(),
                report.hostAddress(),
                report.dnsTtl(),
                report.catchAll(),
                report.control(),
                hosts,
                report.sent(),
                report.protocolViolation(),
                report.transcript());
    }
}

package org.senderauth.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.probe.HostFinding;
import org.senderauth.callout.probe.HostGate;
import org.senderauth.callout.probe.ProbeListener;
import org.senderauth.callout.probe.ProbeReport;
import org.senderauth.callout.probe.ProbeRequest;
import org.senderauth.callout.probe.ProbeRequest.Known;
import org.senderauth.callout.probe.ProbeStage;
import org.senderauth.callout.probe.Prober;
import org.senderauth.callout.probe.TargetReply;

/** The mail servers of a simulated attack's victims; they count what they are asked. Not thread-safe. */
final class SimulatedMailServers implements Prober {

    /** How long an answer takes. */
    private static final Duration ANSWER = Duration.ofMillis(200);

    /** How long the end of the session takes. */
    private static final Duration GOODBYE = Duration.ofMillis(50);

    /** Senders with this local part, and a number, exist. */
    static final String GENUINE = "genuine";

    /** The only server, where there is only one. */
    static final String ONE_SERVER = "victim";

    /** What the victims' servers say to RCPT. */
    enum Behaviour {
        /** They know their users. */
        KNOWS_USERS,
        /** They take everything. */
        CATCH_ALL,
        /** They say 451 to everything. */
        TEMPFAIL
    }

    private final SimulatedTime time;
    private final Behaviour behaviour;
    private final boolean oneServer;
    private final Map<String, Integer> recipientsByServer = new HashMap<>();
    private long probes;
    private long recipients;

    SimulatedMailServers(SimulatedTime time, Behaviour behaviour, boolean oneServer) {
        this.time = time;
        this.behaviour = behaviour;
        this.oneServer = oneServer;
    }

    long probes() {
        return probes;
    }

    long recipients() {
        return recipients;
    }

    /** The most RCPT commands that one mail server got, beside this one. */
    int mostRecipients(String except) {
        return recipientsByServer.entrySet().stream()
                .filter(server -> !server.getKey().equals(except))
                .mapToInt(Map.Entry::getValue)
                .max()
                .orElse(0);
    }

    @Override
    public void probe(ProbeRequest request, ProbeListener listener) {
        String server = oneServer ? ONE_SERVER : request.address().domain();
        InetAddress address = address(server);
        HostGate.Leave leave = request.gate().enter(address);
        if (leave instanceof HostGate.Refused refused) {
            ProbeReport report = ProbeReport.ofNothingSent(refused.reason(), ProbeStage.DNS, null);
            listener.verdict(report);
            listener.finished(report);
            return;
        }
        ProbeReport report = answer(request, address);
        probes++;
        recipients += report.sent().recipients();
        recipientsByServer.merge(server, report.sent().recipients(), Integer::sum);
        time.after(ANSWER, () -> listener.verdict(report));
        time.after(ANSWER.plus(GOODBYE), () -> {
            request.gate().leave(address);
            listener.finished(report);
        });
    }

    private ProbeReport answer(ProbeRequest request, InetAddress address) {
        boolean asksForCatchAll = request.catchAll() == Known.UNKNOWN;
        return switch (behaviour) {
            case TEMPFAIL ->
                report(CalloutReason.TEMPFAIL, new TargetReply(451, "4.3.0", "later"), address, Known.UNKNOWN, 0);
            case CATCH_ALL ->
                asksForCatchAll
                        ? report(CalloutReason.ACCEPTS_ANYTHING, null, address, Known.YES, 1)
                        : report(CalloutReason.ACCEPTED, null, address, Known.UNKNOWN, 0);
            case KNOWS_USERS -> {
                if (!request.address().localPart().startsWith(GENUINE)) {
                    TargetReply reply = new TargetReply(550, "5.1.1", "no such user");
                    yield report(CalloutReason.NO_SUCH_MAILBOX, reply, address, Known.UNKNOWN, 0);
                }
                yield report(
                        CalloutReason.ACCEPTED,
                        null,
                        address,
                        asksForCatchAll ? Known.NO : Known.UNKNOWN,
                        asksForCatchAll ? 1 : 0);
            }
        };
    }

    private static ProbeReport report(
            CalloutReason reason, @Nullable TargetReply reply, InetAddress address, Known catchAll, int random) {
        return new ProbeReport(
                reason,
                random > 0 ? ProbeStage.RANDOM : ProbeStage.RCPT,
                reply,
                null,
                address,
                null,
                catchAll,
                Known.UNKNOWN,
                List.of(new HostFinding(address, null, ProbeStage.RCPT, false, false, false)),
                new ProbeReport.Sent(1, 1, random, 0),
                false,
                List.of());
    }

    /** An address of its own for each server; the simulation has no other network. */
    private static InetAddress address(String server) {
        int hash = server.hashCode();
        byte[] octets = {100, (byte) (hash >> 16), (byte) (hash >> 8), (byte) hash};
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four octets are an address", e);
        }
    }
}

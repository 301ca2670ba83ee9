package org.senderauth.simulation;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.outcome.HostReport;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeReport.Sent;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.callout.prober.HostLimiter;
import org.senderauth.callout.prober.ProbeListener;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.callout.prober.Prober;
import org.senderauth.callout.reply.PostmasterCheck;
import org.senderauth.callout.reply.ReplyClassification;
import org.senderauth.callout.reply.ReplyClassifier;
import org.senderauth.callout.reply.ReplyStage;
import org.senderauth.callout.reply.ServerReply;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Type;

/** The mail servers that callouts ask: what they know, and the moods that make them say something else. */
final class MailServers {

    /** How a mail server behaves for a while. */
    enum Mood {
        HEALTHY,
        DOWN,
        HANGS_UP,
        BUSY,
        GREYLISTS,
        /** Rejects all our recipients, with a text that could mean the mailbox. */
        REJECTS_US,
        SLOW
    }

    /** One mail server and the domains whose mailboxes it has. */
    record MailServerModel(String name, InetAddress address) {}

    private final SimulatedTime time;
    private final Random random;
    private final SimulatedDns dns;
    private final PlantedFault fault;
    private final Map<String, MailServerModel> mx = new HashMap<>();
    private final Map<String, Duration> mailboxes = new HashMap<>();
    private final Map<MailServerModel, Mood> moods = new HashMap<>();
    private final Map<String, PostmasterCheck> remembered = new HashMap<>();
    private String catchAllDomain = "";

    MailServers(SimulatedTime time, Random random, SimulatedDns dns, PlantedFault fault) {
        this.time = time;
        this.dns = dns;
        this.random = random;
        this.fault = fault;
    }

    void serve(String domain, MailServerModel server) {
        mx.put(domain, server);
        moods.put(server, Mood.HEALTHY);
    }

    void acceptAll(String domain) {
        catchAllDomain = domain;
    }

    /** Adds a mailbox that exists from a time on. */
    void mailbox(String address, Duration since) {
        mailboxes.put(address, since);
    }

    /** How long a mailbox has existed; negative if it does not. */
    Duration age(String address) {
        if (address.endsWith('@' + catchAllDomain)) {
            return Duration.ofDays(1000);
        }
        Duration since = mailboxes.get(address);
        return since == null ? Duration.ofDays(-1) : time.elapsed().minus(since);
    }

    List<MailServerModel> all() {
        return moods.keySet().stream()
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }

    void mood(MailServerModel server, Mood mood) {
        moods.put(server, mood);
    }

    /** A prober on a host; its sessions end with the host. */
    Prober from(MailHost host) {
        return (request, listener) -> probe(host, request, listener);
    }

    private void probe(MailHost host, ProbeRequest request, ProbeListener listener) {
        dns.of(host).query(DomainNames.of(request.address().domain()), Type.MX).thenAccept(answer -> {
            if (answer instanceof DnsAnswer.Unavailable) {
                end(host, listener, ProbeReport.ofNothingSent(CalloutReason.DNS_TEMPFAIL, ProbeStage.DNS, null));
            } else if (answer instanceof DnsAnswer.NoSuchDomain) {
                end(host, listener, ProbeReport.ofNothingSent(CalloutReason.NO_SUCH_DOMAIN, ProbeStage.DNS, null));
            } else {
                connect(host, mx.get(request.address().domain()), request, listener);
            }
        });
    }

    private void connect(MailHost host, MailServerModel server, ProbeRequest request, ProbeListener listener) {
        if (request.gate().enter(server.name(), server.address()) instanceof HostLimiter.Refused refused) {
            end(host, listener, ProbeReport.ofNothingSent(refused.reason(), ProbeStage.NONE, null));
            return;
        }
        Duration wait = moods.get(server) == Mood.SLOW ? Duration.ofSeconds(5 + random.nextInt(50)) : latency();
        host.after(wait, () -> {
            ProbeReport report = session(server, request);
            host.after(latency(), () -> {
                request.gate().leave(server.address());
                end(host, listener, report);
            });
        });
    }

    private Duration latency() {
        return Duration.ofMillis(1 + random.nextInt(2_000));
    }

    private void end(MailHost host, ProbeListener listener, ProbeReport report) {
        listener.verdict(report);
        host.after(Duration.ofMillis(random.nextInt(200)), () -> listener.finished(report));
    }

    private ProbeReport session(MailServerModel server, ProbeRequest request) {
        return switch (moods.get(server)) {
            case DOWN ->
                report(server, CalloutReason.UNREACHABLE, ProbeStage.CONNECT, null, TriState.UNKNOWN, TriState.UNKNOWN);
            case HANGS_UP ->
                report(
                        server,
                        CalloutReason.CONNECTION_LOST,
                        ProbeStage.RCPT,
                        null,
                        TriState.UNKNOWN,
                        TriState.UNKNOWN);
            case BUSY -> replied(server, request, "450 4.3.2 System busy, try again later", true);
            case GREYLISTS -> replied(server, request, "451 4.7.1 Greylisted, please come back later", true);
            case REJECTS_US -> replied(server, request, "550 #5.1.0 Address rejected", false);
            case HEALTHY, SLOW -> healthy(server, request);
        };
    }

    private ProbeReport healthy(MailServerModel server, ProbeRequest request) {
        String address = request.address().toString();
        String domain = request.address().domain();
        if (age(address).isNegative()) {
            boolean ours = mailboxes.keySet().stream().anyMatch(known -> known.endsWith('@' + domain));
            String reply = !ours
                    ? "550 5.7.1 Relaying denied"
                    : address.hashCode() % 2 == 0 ? "550 5.1.1 No such user" : "550 #5.1.0 Address rejected";
            return replied(server, request, reply, true);
        }
        boolean all = domain.equals(catchAllDomain);
        boolean asks = request.catchAll() == TriState.UNKNOWN;
        return report(
                server,
                asks && all ? CalloutReason.ACCEPTS_ALL : CalloutReason.ACCEPTED,
                asks && all ? ProbeStage.RANDOM : ProbeStage.RCPT,
                new TargetReply(250, "2.1.5", "ok"),
                asks ? (all ? TriState.YES : TriState.NO) : TriState.UNKNOWN,
                TriState.UNKNOWN);
    }

    private ProbeReport replied(MailServerModel server, ProbeRequest request, String line, boolean acceptsPostmaster) {
        ServerReply reply = ServerReply.of(List.of(line));
        ReplyClassification meaning = ReplyClassifier.classify(reply, ReplyStage.RCPT, PostmasterCheck.UNKNOWN);
        TriState control = TriState.UNKNOWN;
        if (meaning.next() == ReplyClassification.Next.POSTMASTER_CHECK) {
            PostmasterCheck check = acceptsPostmaster ? PostmasterCheck.ACCEPTED : PostmasterCheck.REJECTED;
            if (fault == PlantedFault.POSTMASTER_REMEMBERED) {
                check = remembered.merge(request.address().domain(), check, (earlier, later) -> earlier);
            }
            control = check == PostmasterCheck.ACCEPTED ? TriState.YES : TriState.NO;
            meaning = ReplyClassifier.classify(reply, ReplyStage.RCPT, check);
        }
        String enhanced = reply.enhancedCode();
        TargetReply said = new TargetReply(reply.code(), enhanced, line.substring(4));
        return report(server, meaning.reason(), ProbeStage.RCPT, said, TriState.UNKNOWN, control);
    }

    private static ProbeReport report(
            MailServerModel server,
            CalloutReason reason,
            ProbeStage stage,
            @Nullable TargetReply reply,
            TriState catchAll,
            TriState control) {
        boolean undecided = reason.verdict() == CalloutVerdict.UNDECIDED;
        HostReport host = new HostReport(server.address(), undecided ? reason : null, stage, false, false, false);
        int recipients = stage.compareTo(ProbeStage.RCPT) >= 0 ? 1 : 0;
        return new ProbeReport(
                reason,
                stage,
                reply,
                server.name(),
                server.address(),
                null,
                catchAll,
                control,
                List.of(host),
                new Sent(1, recipients, catchAll == TriState.UNKNOWN ? 0 : 1, control == TriState.UNKNOWN ? 0 : 1),
                false,
                List.of());
    }
}

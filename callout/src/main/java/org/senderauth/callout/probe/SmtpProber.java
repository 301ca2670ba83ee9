package org.senderauth.callout.probe;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.HostReport;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.callout.probe.MxTargets.Target;
import org.senderauth.callout.prober.HostLimiter;
import org.senderauth.callout.prober.ProbeListener;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.callout.prober.Prober;
import org.senderauth.callout.reply.ServerReply;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MonotonicClock;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;

/**
 * Probes over SMTP, in the calling thread: it looks up the mail servers of the address, and connects to at most three of
 * their network addresses, one after another, until one replies.
 *
 * <p>Every wait is bounded, and the whole probe by {@link ProbeTimeouts#whole}, whatever the servers do. The listener
 * hears the verdict before the last session is ended with RSET and QUIT. Thread-safe; give each call a thread of its
 * own, virtual where the JVM has them.
 */
public final class SmtpProber implements Prober {

    private static final int MAX_LOCK_STEP_HOSTS = 10_000;

    private final ProbeSettings settings;
    private final MxResolver finder;

    /**
     * Mail servers that offer PIPELINING and fail at a group of commands: true if they reply to single commands, false if
     * they do not reply then either, so a second session would be useless. About 150 bytes each.
     */
    private final Cache<InetSocketAddress, Boolean> lockStepHosts = Caffeine.newBuilder()
            .maximumSize(MAX_LOCK_STEP_HOSTS)
            .expireAfterWrite(Duration.ofDays(7))
            .ticker(MonotonicClock.system()::nanoTime)
            .executor(Runnable::run)
            .build();

    private SmtpProber(ProbeSettings settings, MxResolver finder) {
        this.settings = settings;
        this.finder = finder;
    }

    /**
     * Creates a prober.
     *
     * @param dns the DNS client for MX records and addresses
     * @param settings the settings of probes
     * @return the prober
     */
    public static SmtpProber of(DnsClient dns, ProbeSettings settings) {
        return new SmtpProber(
                settings,
                new MxResolver(
                        DnsClient.guarded(Objects.requireNonNull(dns, "dns")),
                        settings.addressFilter(),
                        settings.ownAddresses(),
                        settings.port(),
                        settings.random()));
    }

    @Override
    public void probe(ProbeRequest request, ProbeListener listener) {
        Deadline whole = Deadline.in(settings.timeouts().whole());
        MxTargets hosts =
                request.address().isValid() ? hosts(request, whole) : none(CalloutReason.BAD_SYNTAX, "not an address");
        if (hosts instanceof MxTargets.Found found) {
            new Probe(request, listener, whole).ask(found.targets(), () -> more(request, whole));
        } else {
            MxTargets.None none = (MxTargets.None) hosts;
            ProbeStage stage = none.reason() == CalloutReason.BAD_SYNTAX ? ProbeStage.NONE : ProbeStage.DNS;
            ProbeRecorder notes = new ProbeRecorder();
            notes.happened(none.detail());
            ProbeReport report = report(notes, HostOutcome.last(none.reason(), stage, null), null, null, none.ttl());
            listener.verdict(report);
            listener.finished(report);
        }
    }

    private MxTargets hosts(ProbeRequest request, Deadline whole) {
        if (!request.hosts().isEmpty()) {
            return new MxTargets.Found(targets(request, MxResolver.MAX_TARGETS));
        }
        MailAddress address = request.address();
        return address.isAddressLiteral() ? literal(address.domain()) : finder.find(address.domain(), whole);
    }

    /** Returns all addresses that may be tried where some of the first ones are known not to respond. */
    private List<Target> more(ProbeRequest request, Deadline whole) {
        if (!request.hosts().isEmpty()) {
            return targets(request, MxResolver.MAX_CANDIDATES);
        }
        boolean literal = request.address().isAddressLiteral();
        return !literal && finder.findMore(request.address().domain(), whole) instanceof MxTargets.Found found
                ? found.targets()
                : List.of();
    }

    private static List<Target> targets(ProbeRequest request, int most) {
        return request.hosts().stream()
                .limit(most)
                .map(address -> new Target(address.getHostString(), address, false))
                .toList();
    }

    // address-literal = "[" ( IPv4-address-literal / IPv6-address-literal / ... ) "]" (RFC 5321 section 4.1.3)
    private MxTargets literal(String domain) {
        String content = domain.substring(1, domain.length() - 1);
        String text = content.regionMatches(true, 0, "IPv6:", 0, 5) ? content.substring(5) : content;
        return IpAddresses.parse(text)
                .map(address -> settings.ownAddresses().contains(address)
                        ? none(CalloutReason.SELF_MX, "this host: " + text)
                        : settings.addressFilter().allows(address)
                                ? new MxTargets.Found(List.of(
                                        new Target(text, new InetSocketAddress(address, settings.port()), false)))
                                : none(CalloutReason.MX_NOT_PUBLIC, "not a public address: " + text))
                .orElseGet(() -> none(CalloutReason.BAD_SYNTAX, "not an address literal"));
    }

    private static MxTargets none(CalloutReason reason, String detail) {
        return new MxTargets.None(reason, null, detail);
    }

    /** One host of a probe, with its outcome. */
    private record Asked(
            Target target, HostOutcome finding, @Nullable ProbeSession dialogue, boolean violated) {}

    /** One probe over its hosts. */
    private final class Probe {

        private final ProbeRequest request;
        private final ProbeListener listener;
        private final Deadline whole;
        private final ProbeRecorder notes = new ProbeRecorder();
        private final Set<InetSocketAddress> seen = new HashSet<>();
        private int tried;
        private int skipped;
        private @Nullable Asked best;

        Probe(ProbeRequest request, ProbeListener listener, Deadline whole) {
            this.request = request;
            this.listener = listener;
            this.whole = whole;
        }

        void ask(List<Target> targets, Supplier<List<Target>> more) {
            boolean told = askEach(targets);
            if (!told && skipped > 0) {
                told = askEach(more.get());
            }
            if (!told) {
                tell();
            }
            listener.finished(report());
        }

        // An address that is known not to respond does not count among those that are tried.
        private boolean askEach(List<Target> targets) {
            boolean told = false;
            for (int i = 0; i < targets.size() && !told && tried < MxResolver.MAX_TARGETS; i++) {
                Target target = targets.get(i);
                if (seen.add(target.address())) {
                    boolean end = skipped == 0 && i == targets.size() - 1;
                    told = ask(target, end || tried == MxResolver.MAX_TARGETS - 1);
                }
            }
            return told;
        }

        private void tell() {
            listener.verdict(report());
        }

        // True if the listener has the verdict.
        private boolean ask(Target target, boolean last) {
            HostLimiter.Leave leave =
                    request.gate().enter(target.host(), target.address().getAddress());
            if (leave instanceof HostLimiter.Refused refused) {
                // Where a rate limit is reached, the next address of the same provider must not evade it.
                boolean limited = refused.reason() == CalloutReason.RATE_LIMITED
                        || refused.reason() == CalloutReason.HOST_UNDER_ATTACK;
                tried += limited ? 1 : 0;
                skipped += limited ? 0 : 1;
                notes.happened("not connected: " + target.host() + " (" + refused.reason() + ")");
                consider(new Asked(target, HostOutcome.next(refused.reason(), ProbeStage.NONE, null), null, false));
                return false;
            }
            tried++;
            try {
                return ask(target, (HostLimiter.Entered) leave, last);
            } finally {
                request.gate().leave(target.address().getAddress());
            }
        }

        private boolean ask(Target target, HostLimiter.Entered known, boolean last) {
            if (known.refusesNullSender() && request.sender() == null && settings.fallbackSender() == null) {
                notes.happened("not connected: " + target.host() + " is known to reject the null sender");
                consider(new Asked(
                        target,
                        HostOutcome.next(CalloutReason.NULL_SENDER_REFUSED, ProbeStage.NONE, null),
                        null,
                        false));
                return false;
            }
            Boolean lockStep = lockStepHosts.getIfPresent(target.address());
            Boolean told = connect(target, known, last, Boolean.TRUE.equals(lockStep), lockStep == null);
            if (told == null) {
                notes.happened("repeating without PIPELINING");
                told = connect(target, known, last, true, false);
            }
            return Boolean.TRUE.equals(told);
        }

        // Null if the server should be probed again without PIPELINING, which it offers and seems unable to do.
        private @Nullable Boolean connect(
                Target target, HostLimiter.Entered known, boolean last, boolean lockStep, boolean onceMore) {
            notes.connecting();
            notes.happened("connecting to " + text(target));
            try (SmtpWire wire = SmtpWire.connect(
                    target.address(),
                    settings.localAddress(),
                    settings.timeouts().connect(),
                    whole)) {
                SmtpClientSession talk = new SmtpClientSession(wire, notes);
                if (lockStep) {
                    talk.goLockStep();
                }
                ProbeSession dialogue = new ProbeSession(talk, settings, request, target, known);
                HostOutcome finding = dialogue.hold();
                boolean failed =
                        finding.reason() == CalloutReason.TIMEOUT || finding.reason() == CalloutReason.CONNECTION_LOST;
                if (failed && dialogue.failedAtGroup() && onceMore && !whole.isOver()) {
                    dialogue.end();
                    return null;
                }
                if (lockStep) {
                    lockStepHosts.put(target.address(), !failed);
                }
                learnt(target, finding, dialogue);
                consider(new Asked(target, finding, dialogue, talk.violated()));
                boolean over = last || !finding.nextHost() || whole.isOver();
                if (over) {
                    tell();
                }
                dialogue.end();
                return over;
            } catch (IOException e) {
                notes.happened("no connection: " + e.getMessage());
                HostOutcome finding = HostOutcome.next(CalloutReason.UNREACHABLE, ProbeStage.CONNECT, null);
                learnt(target, finding, null);
                consider(new Asked(target, finding, null, false));
                return false;
            }
        }

        private void learnt(Target target, HostOutcome finding, @Nullable ProbeSession dialogue) {
            notes.learnt(new HostReport(
                    target.address().getAddress(),
                    finding.trouble(),
                    finding.stage(),
                    dialogue != null && dialogue.isEncrypted(),
                    dialogue != null && dialogue.needsTls(),
                    dialogue != null && dialogue.refusesNullSender()));
        }

        private void consider(Asked asked) {
            if (best == null || !asked.finding.nextHost() || asked.finding.tellsMoreThan(best.finding)) {
                best = asked;
            }
        }

        private ProbeReport report() {
            Asked asked = Objects.requireNonNull(best);
            return SmtpProber.report(notes, asked.finding, asked, asked.dialogue, null);
        }
    }

    private static ProbeReport report(
            ProbeRecorder notes,
            HostOutcome finding,
            @Nullable Asked asked,
            @Nullable ProbeSession dialogue,
            @Nullable Duration dnsTtl) {
        return new ProbeReport(
                finding.reason(),
                finding.stage(),
                Optional.ofNullable(finding.reply())
                        .map(SmtpProber::targetReply)
                        .orElse(null),
                asked == null ? null : asked.target.host(),
                asked == null ? null : asked.target.address().getAddress(),
                dnsTtl,
                dialogue == null ? TriState.UNKNOWN : dialogue.catchAll(),
                dialogue == null ? TriState.UNKNOWN : dialogue.control(),
                notes.hosts(),
                notes.sent(),
                asked != null && asked.violated,
                notes.transcript());
    }

    private static TargetReply targetReply(ServerReply reply) {
        String codes = reply.enhancedCode();
        String text = String.join(" ", reply.lines());
        String rest = !codes.isEmpty() && text.startsWith(codes)
                ? text.substring(codes.length()).strip()
                : text;
        return new TargetReply(reply.code(), codes, rest.substring(0, Math.min(rest.length(), TargetReply.MAX_TEXT)));
    }

    private static String text(Target target) {
        InetSocketAddress address = target.address();
        return target.host() + " [" + address.getAddress().getHostAddress() + "] port " + address.getPort();
    }
}

package org.senderauth.callout.probe;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.probe.MailHosts.Target;
import org.senderauth.callout.probe.ProbeRequest.Known;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;

/**
 * Asks over SMTP, in the calling thread: it finds the mail servers of the address, and holds one dialogue after another
 * with at most three of their network addresses until one answers.
 *
 * <p>Every wait is bounded, and the whole probe by {@link ProbeTimeouts#whole}, whatever the servers do. The listener
 * hears the verdict before the last session is ended with RSET and QUIT. Thread-safe; give each call a thread of its
 * own, virtual where the JVM has them.
 */
public final class SmtpProber implements Prober {

    private final ProbeSettings settings;
    private final MailHostFinder finder;

    private SmtpProber(ProbeSettings settings, MailHostFinder finder) {
        this.settings = settings;
        this.finder = finder;
    }

    /**
     * A prober.
     *
     * @param dns where MX records and addresses come from
     * @param settings how to ask, and as whom
     * @return the prober
     */
    public static SmtpProber of(DnsClient dns, ProbeSettings settings) {
        return new SmtpProber(
                settings,
                new MailHostFinder(
                        dns, settings.addressFilter(), settings.ownAddresses(), settings.port(), settings.random()));
    }

    @Override
    public void probe(ProbeRequest request, ProbeListener listener) {
        Deadline whole = Deadline.in(settings.timeouts().whole());
        MailHosts hosts =
                request.address().isValid() ? hosts(request, whole) : none(CalloutReason.BAD_SYNTAX, "not an address");
        if (hosts instanceof MailHosts.Found found) {
            new Probe(request, listener, whole).ask(found.targets());
        } else {
            MailHosts.None none = (MailHosts.None) hosts;
            ProbeStage stage = none.reason() == CalloutReason.BAD_SYNTAX ? ProbeStage.NONE : ProbeStage.DNS;
            Notes notes = new Notes();
            notes.happened(none.detail());
            ProbeReport report = report(notes, Finding.last(none.reason(), stage, null), null, null, none.ttl());
            listener.verdict(report);
            listener.finished(report);
        }
    }

    private MailHosts hosts(ProbeRequest request, Deadline whole) {
        if (!request.hosts().isEmpty()) {
            return new MailHosts.Found(request.hosts().stream()
                    .limit(MailHostFinder.MAX_TARGETS)
                    .map(address -> new Target(address.getHostString(), address, false))
                    .toList());
        }
        MailAddress address = request.address();
        return address.isAddressLiteral() ? literal(address.domain()) : finder.find(address.domain(), whole);
    }

    // address-literal = "[" ( IPv4-address-literal / IPv6-address-literal / ... ) "]" (RFC 5321 section 4.1.3)
    private MailHosts literal(String domain) {
        String content = domain.substring(1, domain.length() - 1);
        String text = content.regionMatches(true, 0, "IPv6:", 0, 5) ? content.substring(5) : content;
        return IpAddresses.parse(text)
                .map(address -> settings.ownAddresses().contains(address)
                        ? none(CalloutReason.SELF_MX, "this host: " + text)
                        : settings.addressFilter().allows(address)
                                ? new MailHosts.Found(List.of(
                                        new Target(text, new InetSocketAddress(address, settings.port()), false)))
                                : none(CalloutReason.MX_NOT_PUBLIC, "not a public address: " + text))
                .orElseGet(() -> none(CalloutReason.BAD_SYNTAX, "not an address literal"));
    }

    private static MailHosts none(CalloutReason reason, String detail) {
        return new MailHosts.None(reason, null, detail);
    }

    /** One host that was or may not be asked. */
    private record Asked(
            Target target, Finding finding, @Nullable Dialogue dialogue, boolean violated) {}

    /** One probe over its hosts. */
    private final class Probe {

        private final ProbeRequest request;
        private final ProbeListener listener;
        private final Deadline whole;
        private final Notes notes = new Notes();
        private @Nullable Asked best;

        Probe(ProbeRequest request, ProbeListener listener, Deadline whole) {
            this.request = request;
            this.listener = listener;
            this.whole = whole;
        }

        void ask(List<Target> targets) {
            boolean told = false;
            for (int i = 0; i < targets.size() && !told; i++) {
                boolean last = i == targets.size() - 1;
                told = ask(targets.get(i), last);
            }
            if (!told) {
                tell();
            }
            listener.finished(report());
        }

        private void tell() {
            listener.verdict(report());
        }

        // True if the listener knows the verdict.
        private boolean ask(Target target, boolean last) {
            HostGate.Leave leave = request.gate().enter(target.address().getAddress());
            if (leave instanceof HostGate.Refused refused) {
                notes.happened("not asked: " + target.host() + " (" + refused.reason() + ")");
                consider(new Asked(target, Finding.next(refused.reason(), ProbeStage.NONE, null), null, false));
                return false;
            }
            try {
                return ask(target, (HostGate.Entered) leave, last);
            } finally {
                request.gate().leave(target.address().getAddress());
            }
        }

        private boolean ask(Target target, HostGate.Entered known, boolean last) {
            if (known.refusesNullSender() && request.sender() == null && settings.fallbackSender() == null) {
                notes.happened("not asked: " + target.host() + " is known to refuse the null sender");
                consider(new Asked(
                        target, Finding.next(CalloutReason.NULL_SENDER_REFUSED, ProbeStage.NONE, null), null, false));
                return false;
            }
            notes.connecting();
            notes.happened("connecting to " + text(target));
            try (SmtpWire wire = SmtpWire.connect(
                    target.address(),
                    settings.localAddress(),
                    settings.timeouts().connect(),
                    whole)) {
                Conversation talk = new Conversation(wire, notes);
                Dialogue dialogue = new Dialogue(talk, settings, request, target, known);
                Finding finding = dialogue.hold();
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
                Finding finding = Finding.next(CalloutReason.UNREACHABLE, ProbeStage.CONNECT, null);
                learnt(target, finding, null);
                consider(new Asked(target, finding, null, false));
                return false;
            }
        }

        private void learnt(Target target, Finding finding, @Nullable Dialogue dialogue) {
            notes.learnt(new HostFinding(
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
            Notes notes,
            Finding finding,
            @Nullable Asked asked,
            @Nullable Dialogue dialogue,
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
                dialogue == null ? Known.UNKNOWN : dialogue.catchAll(),
                dialogue == null ? Known.UNKNOWN : dialogue.control(),
                notes.hosts(),
                notes.sent(),
                asked != null && asked.violated,
                notes.transcript());
    }

    private static TargetReply targetReply(ServerReply reply) {
        EnhancedCode enhanced = reply.enhanced();
        String codes = enhanced == null ? "" : enhanced.toString();
        String text = reply.text();
        String rest = enhanced != null && text.startsWith(codes)
                ? text.substring(codes.length()).strip()
                : text;
        return new TargetReply(reply.code(), codes, rest.substring(0, Math.min(rest.length(), TargetReply.MAX_TEXT)));
    }

    private static String text(Target target) {
        InetSocketAddress address = target.address();
        return target.host() + " [" + address.getAddress().getHostAddress() + "] port " + address.getPort();
    }
}

package org.senderauth.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.state.BreakerScope;
import org.senderauth.callout.state.HostAdmission;
import org.senderauth.callout.state.MailServer;
import org.senderauth.callout.state.ProbePermit;
import org.senderauth.callout.state.StateConstants;
import org.senderauth.callout.state.StateUpdate;

/** What must hold after each step, and whatever does not. */
final class Rules {

    /** The time that a server's state forgets what opened a circuit breaker of it. */
    private static final Duration BREAKER_MEMORY = Duration.ofHours(7);

    private record Running(MailHost host, ProbePermit permit, boolean shared, Instant since, boolean answered) {}

    private final SimulatedTime time;
    private final CalloutLimits limits;
    private final List<String> broken = new ArrayList<>();
    private final List<Running> running = new ArrayList<>();
    private final Map<String, List<Instant>> granted = new HashMap<>();
    private final Map<MailServer, Instant> reservedFailures = new HashMap<>();
    private final Set<String> signatures = new HashSet<>();
    private int probes;

    Rules(SimulatedTime time, CalloutLimits limits) {
        this.time = time;
        this.limits = limits;
    }

    void broken(String rule) {
        broken.add(time.elapsed() + ": " + rule);
    }

    List<String> broken() {
        return broken;
    }

    int probes() {
        return probes;
    }

    void signed(String address) {
        if (!signatures.add(address)) {
            broken("a serial number was issued twice: " + address);
        }
    }

    int signatures() {
        return signatures.size();
    }

    /** The crash of a host ends its probes; their leases end by their time. */
    void crashed(MailHost host) {
        running.removeIf(probe -> probe.host() == host);
    }

    /** No probe may run when nothing happens any more. */
    void atTheEnd() {
        if (!running.isEmpty()) {
            broken("probes that never ended: " + running.size());
        }
    }

    RedisModel.Watch of(MailHost[] host) {
        return new RedisModel.Watch() {
            @Override
            public void granted(ProbePermit permit, boolean shared) {
                Rules.this.granted(new Running(host[0], permit, shared, now(), false));
            }

            @Override
            public void answered(ProbePermit permit) {
                running.replaceAll(probe -> probe.permit() == permit
                        ? new Running(probe.host(), permit, probe.shared(), probe.since(), true)
                        : probe);
            }

            @Override
            public void released(ProbePermit permit) {
                running.removeIf(probe -> probe.permit() == permit);
            }

            @Override
            public void admitted(ProbePermit permit, MailServer server, HostAdmission admission) {
                Instant failed = reservedFailures.getOrDefault(server, Instant.MIN);
                if (admission instanceof HostAdmission.UnderAttack
                        && permit.scope() == BreakerScope.RESERVED
                        && failed.isBefore(now().minus(BREAKER_MEMORY))) {
                    broken("strangers stopped the probes of a domain that is long known");
                }
            }

            @Override
            public void learned(StateUpdate update) {
                if (update.grant().scope() == BreakerScope.RESERVED) {
                    update.probed().forEach((server, tally) -> {
                        if (tally == StateUpdate.Tally.BAD) {
                            reservedFailures.put(server, now());
                        }
                    });
                }
            }
        };
    }

    private Instant now() {
        return time.monotonic().instant();
    }

    private void granted(Running probe) {
        probes++;
        String address = probe.permit().question().address();
        String domain = probe.permit().question().registrable();
        for (Running other : running) {
            boolean together = probe.shared() ? other.shared() : !other.shared() && other.host() == probe.host();
            boolean leased = now().isBefore(other.since().plus(StateConstants.LEASE));
            if (!together || !leased) {
                continue;
            }
            if (!other.answered() && other.permit().question().address().equals(address)) {
                broken("two probes about " + address + " at once");
            }
            if (other.permit().question().registrable().equals(domain)
                    && isUnknown(probe)
                    && isUnknown(other)
                    && !other.answered()) {
                broken("two probes find out at once whether " + domain + " accepts every address");
            }
        }
        running.add(probe);
        if (probe.shared()) {
            withinRate(granted.computeIfAbsent(domain, absent -> new ArrayList<>()), domain);
        }
    }

    private boolean isUnknown(Running probe) {
        return probe.permit().facts().catchAll() == TriState.UNKNOWN;
    }

    /** In no stretch of time more than the burst and what the rate allows for its length. */
    private void withinRate(List<Instant> times, String domain) {
        Instant now = now();
        times.add(now);
        times.removeIf(time -> time.isBefore(now.minus(Duration.ofHours(1))));
        for (int i = 0; i < times.size(); i++) {
            long refilled = Duration.between(times.get(i), now)
                    .dividedBy(limits.domainRate().interval());
            if (times.size() - i > limits.domainRate().burst() + refilled) {
                broken("more probes of " + domain + " than its rate limit allows");
                return;
            }
        }
    }
}

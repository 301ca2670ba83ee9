package org.senderauth.callout;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.senderauth.callout.state.RegistrableDomain;

/**
 * Keeps the last probes with the client that caused each, so that the owner of a domain who asks gets an answer. It
 * holds addresses: treat it as the log of a mail server. Thread-safe.
 */
public final class AuditTrail implements CalloutObserver {

    private final int size;
    private final Deque<Probed> probes = new ArrayDeque<>();

    /**
     * An empty trail.
     *
     * @param size how many probes it keeps
     * @throws IllegalArgumentException if it would keep none
     */
    public AuditTrail(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("an audit trail keeps at least one probe");
        }
        this.size = size;
    }

    @Override
    public void probed(Probed probe) {
        synchronized (probes) {
            if (probes.size() == size) {
                probes.removeFirst();
            }
            probes.addLast(probe);
        }
    }

    /**
     * The probes that are kept.
     *
     * @return the oldest first
     */
    public List<Probed> probes() {
        synchronized (probes) {
            return List.copyOf(probes);
        }
    }

    /**
     * The probes of one registrable domain.
     *
     * @param domain any name of it
     * @return the oldest first
     */
    public List<Probed> probesOf(String domain) {
        String registrable = RegistrableDomain.of(domain);
        return probes().stream()
                .filter(probe -> probe.registrable().equals(registrable))
                .toList();
    }
}

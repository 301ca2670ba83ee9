package org.senderauth.callout;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.senderauth.callout.state.RegistrableDomain;

/**
 * The last probes with the client that caused each, to answer the owner of a domain who asks. It contains addresses:
 * protect it like the log of a mail server. Thread-safe.
 */
public final class AuditTrail implements CalloutObserver {

    private final int size;
    private final Deque<Probed> probes = new ArrayDeque<>();

    /**
     * Creates an empty trail.
     *
     * @param size the maximum number of probes
     * @throws IllegalArgumentException if it is not positive
     */
    public AuditTrail(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("size must be at least 1, was " + size);
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
     * {@return the probes in the trail, the oldest first}
     */
    public List<Probed> probes() {
        synchronized (probes) {
            return List.copyOf(probes);
        }
    }

    /**
     * {@return the probes of one registrable domain, the oldest first}
     *
     * @param domain any name below it
     */
    public List<Probed> probesOf(String domain) {
        String registrable = RegistrableDomain.of(domain);
        return probes().stream()
                .filter(probe -> probe.registrable().equals(registrable))
                .toList();
    }
}

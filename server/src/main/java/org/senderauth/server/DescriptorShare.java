package org.senderauth.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Divides the file descriptors of the process between its listeners, so that none takes those of another. */
final class DescriptorShare {

    /** Descriptors for all else: jars, DNS queries, probes, HTTP. */
    static final int RESERVED = 512;

    /** The minimum for each listener. */
    static final int MIN = 32;

    private DescriptorShare() {}

    /** {@return the maximum number of file descriptors of this process} */
    static long max() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /**
     * Returns the connections that each listener may have.
     *
     * @param wanted the configured limit
     * @param listeners the number of listeners
     * @param max the maximum number of file descriptors
     */
    static int connections(int wanted, int listeners, long max) {
        long share = Math.max(MIN, (max - Math.min(RESERVED, max / 2)) / Math.max(1, listeners));
        return (int) Math.min(wanted, share);
    }
}

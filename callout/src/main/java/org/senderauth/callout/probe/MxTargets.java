package org.senderauth.callout.probe;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;

/** The result of the DNS lookups for the mail servers of a domain. */
sealed interface MxTargets {

    /**
     * The domain has mail servers to probe.
     *
     * @param targets the addresses to connect to, in this order
     */
    record Found(List<Target> targets) implements MxTargets {}

    /**
     * The domain has no mail server to probe, which is the result.
     *
     * @param reason the reason
     * @param ttl the time for which the DNS answer may be cached; null without one
     * @param detail the same for the reader of a transcript
     */
    record None(CalloutReason reason, @Nullable Duration ttl, String detail) implements MxTargets {}

    /**
     * One network address of a mail server.
     *
     * @param host the name of the server
     * @param address its address and port
     * @param backup whether the domain has an MX host with a lower preference value
     */
    record Target(String host, InetSocketAddress address, boolean backup) {}
}

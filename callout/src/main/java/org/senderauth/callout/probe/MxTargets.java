package org.senderauth.callout.probe;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;

/** What the DNS says about where the mail of a domain goes. */
sealed interface MxTargets {

    /**
     * There are hosts to ask.
     *
     * @param targets where to connect to, in this order
     */
    record Found(List<Target> targets) implements MxTargets {}

    /**
     * There are none, which is the answer.
     *
     * @param reason why
     * @param ttl how long the answer of the DNS may be kept; null if it does not say
     * @param detail the same for a person
     */
    record None(CalloutReason reason, @Nullable Duration ttl, String detail) implements MxTargets {}

    /**
     * One network address of a mail server.
     *
     * @param host the name of the server
     * @param address where it listens
     * @param backup the domain has an MX host with a lower preference value
     */
    record Target(String host, InetSocketAddress address, boolean backup) {}
}

package org.senderauth.callout.probe;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;

/**
 * The findings about one address of a mail server to which a probe connected or tried to connect.
 *
 * @param address the network address
 * @param trouble why it gave no answer about the address; null if it did
 * @param stage where the trouble was, or where the last answer came from
 * @param encrypted the session was encrypted in the end
 * @param needsTls it wants STARTTLS before MAIL
 * @param refusesNullSender it refuses the null reverse-path
 */
public record HostReport(
        InetAddress address,
        @Nullable CalloutReason trouble,
        ProbeStage stage,
        boolean encrypted,
        boolean needsTls,
        boolean refusesNullSender) {}

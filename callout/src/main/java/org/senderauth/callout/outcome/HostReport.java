package org.senderauth.callout.outcome;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The findings about one address of a mail server to which a probe connected or tried to connect.
 *
 * @param address the network address
 * @param trouble the reason for the missing reply about the address; null if there was one
 * @param stage the stage of the failure, or of the last reply
 * @param encrypted whether the session was encrypted in the end
 * @param needsTls whether it requires STARTTLS before MAIL
 * @param refusesNullSender whether it rejects the null sender
 */
public record HostReport(
        InetAddress address,
        @Nullable CalloutReason trouble,
        ProbeStage stage,
        boolean encrypted,
        boolean needsTls,
        boolean refusesNullSender) {}

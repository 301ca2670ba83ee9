package org.senderauth.callout.probe;

import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.reply.ServerReply;

/**
 * The outcome of one host.
 *
 * @param reason the meaning of its reply, or the reason for the missing one
 * @param stage the stage of the session
 * @param reply the reply that decided; null if none did
 * @param nextHost whether another host of the domain should be probed
 */
record HostOutcome(
        CalloutReason reason, ProbeStage stage, @Nullable ServerReply reply, boolean nextHost) {

    static HostOutcome last(CalloutReason reason, ProbeStage stage, @Nullable ServerReply reply) {
        return new HostOutcome(reason, stage, reply, false);
    }

    static HostOutcome next(CalloutReason reason, ProbeStage stage, @Nullable ServerReply reply) {
        return new HostOutcome(reason, stage, reply, true);
    }

    /**
     * The failure of the host; null if its reply concerns the address. A reply about a domain that it does not host, or
     * without a reason, must not stop probes for the domains that it hosts.
     */
    @Nullable
    CalloutReason trouble() {
        return switch (reason) {
            case RELAY_DENIED, UNCLEAR_REJECTION -> null;
            case LOOP -> reason;
            default -> reason.verdict() == CalloutVerdict.UNDECIDED ? reason : null;
        };
    }

    /**
     * {@return true if this outcome is more informative than that of another host, where no host returned a verdict} A later
     * stage is more informative, and an outcome that a retry may change comes first.
     */
    boolean tellsMoreThan(HostOutcome other) {
        boolean open = reason.verdict() != CalloutVerdict.UNDELIVERABLE;
        boolean otherOpen = other.reason.verdict() != CalloutVerdict.UNDELIVERABLE;
        return open == otherOpen ? stage.compareTo(other.stage) > 0 : open;
    }
}

package org.senderauth.callout.probe;

import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.outcome.ServerReply;

/**
 * What one host said in the end.
 *
 * @param reason its answer, or why it gave none
 * @param stage where that came from
 * @param reply the reply that decided; null if none did
 * @param nextHost whether another host of the domain should be asked
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
     * Whether this outcome is more informative than that of another host, where no host gave a verdict: a later stage is
     * more informative, and an outcome that a retry may change comes first.
     */
    boolean tellsMoreThan(HostOutcome other) {
        boolean open = reason.verdict() != CalloutVerdict.UNDELIVERABLE;
        boolean otherOpen = other.reason.verdict() != CalloutVerdict.UNDELIVERABLE;
        return open == otherOpen ? stage.compareTo(other.stage) > 0 : open;
    }
}

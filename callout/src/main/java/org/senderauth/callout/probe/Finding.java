package org.senderauth.callout.probe;

import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.CalloutVerdict;

/**
 * What one host said in the end.
 *
 * @param reason its answer, or why it gave none
 * @param stage where that came from
 * @param reply the reply that decided; null if none did
 * @param nextHost whether another host of the domain should be asked
 */
record Finding(
        CalloutReason reason, ProbeStage stage, @Nullable ServerReply reply, boolean nextHost) {

    static Finding last(CalloutReason reason, ProbeStage stage, @Nullable ServerReply reply) {
        return new Finding(reason, stage, reply, false);
    }

    static Finding next(CalloutReason reason, ProbeStage stage, @Nullable ServerReply reply) {
        return new Finding(reason, stage, reply, true);
    }

    /** Why the host said nothing of the address; null if it did. */
    @Nullable
    CalloutReason trouble() {
        return reason.verdict() == CalloutVerdict.UNDECIDED || reason == CalloutReason.LOOP ? reason : null;
    }

    /**
     * Whether this tells more than what another host said, where no host gave an answer: who can still be asked later is
     * not given up, and whoever got further knows more.
     */
    boolean tellsMoreThan(Finding other) {
        boolean open = reason.verdict() != CalloutVerdict.UNDELIVERABLE;
        boolean otherOpen = other.reason.verdict() != CalloutVerdict.UNDELIVERABLE;
        return open == otherOpen ? stage.compareTo(other.stage) > 0 : open;
    }
}

package org.senderauth.postfix;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.senderauth.batv.BounceGuard;
import org.senderauth.batv.SenderProof;
import org.senderauth.core.MailAddress;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;

/** The proof of a sender by SPF, for a {@link BounceGuard}. Thread-safe. */
record SpfProofs(BounceGuard guard, SpfVerifier spf) {

    /**
     * Decides whether a bounce may be sent. Waits for the DNS.
     *
     * @return the reason; empty if the sender is unproven only because the DNS failed
     */
    Optional<BounceGuard.Reason> decide(InetAddress client, String helo, MailAddress sender) {
        SpfVerdict verdict =
                spf.verify(SpfQuery.mailFrom(client, sender.toString(), helo)).verdict();
        List<SenderProof> proofs =
                verdict == SpfVerdict.PASS ? List.of(SenderProof.spfPass(sender.domain())) : List.of();
        BounceGuard.Reason reason = guard.decide(sender, proofs);
        return reason == BounceGuard.Reason.UNPROVEN && verdict == SpfVerdict.TEMPERROR
                ? Optional.empty()
                : Optional.of(reason);
    }
}

package org.senderauth.dkim2;

import java.util.List;
import org.senderauth.dkim2.Dkim2Signature.Binding;

/**
 * One signature of a message, as it claims to be: proven only if the result is a pass. Immutable.
 *
 * @param number its number (i=), from 1
 * @param domain the signing domain (d=), in lower case
 * @param time when it was signed (t=), in seconds since 1970; any number up to 18 digits
 * @param sender the envelope sender (mf=) in angle brackets; empty for a hop without SMTP (nd=)
 * @param recipients the recipients (rt=) in angle brackets; empty for a hop without SMTP
 */
public record Dkim2Hop(int number, String domain, long time, String sender, List<String> recipients) {

    /**
     * Creates a hop; the list is copied.
     *
     * @param number its number
     * @param domain the signing domain
     * @param time when it was signed
     * @param sender the envelope sender
     * @param recipients the recipients
     */
    public Dkim2Hop {
        recipients = List.copyOf(recipients);
    }

    static Dkim2Hop of(Dkim2Signature signature) {
        return signature.binding() instanceof Binding.Envelope envelope
                ? new Dkim2Hop(
                        signature.number(),
                        signature.domain(),
                        signature.time(),
                        envelope.sender().toString(),
                        envelope.recipients().stream().map(SignedPath::toString).toList())
                : new Dkim2Hop(signature.number(), signature.domain(), signature.time(), "", List.of());
    }
}

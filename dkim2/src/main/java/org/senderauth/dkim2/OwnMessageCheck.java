package org.senderauth.dkim2;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.senderauth.dkim2.Dkim2Signature.Binding;
import org.senderauth.dkim2.KeyLookup.Found;

/**
 * Checks whether a returned message is ours, as we signed it, for the recipient of the bounce. It needs neither the DNS nor
 * the report.
 *
 * @param ownKeys the public keys of our signatures
 * @param domains our signing domains
 * @param draft the rules that decide
 */
record OwnMessageCheck(OwnKeys ownKeys, Set<String> domains, Draft draft) {

    OwnMessageCheck {
        domains = Set.copyOf(domains);
    }

    /** Tests whether a recipient is at one of our signing domains or below one. */
    boolean covers(String rcptTo) {
        return SignedPath.ofEnvelope(rcptTo)
                .filter(path -> domains.stream().anyMatch(domain -> SignedPath.isAtOrBelow(path.domain(), domain)))
                .isPresent();
    }

    /** The rules that need neither DNS nor the report. Empty if the returned message is ours, as we signed it. */
    Optional<Dkim2BounceResult> contradiction(
            SignedMessage returned, boolean whole, String rcptTo, Dkim2BounceResult.Builder result) {
        Dkim2Signature top = returned.top();
        if (!domains.contains(top.domain())) {
            return Optional.of(result.build(
                    Dkim2BounceVerdict.NOT_OURS,
                    Dkim2Reason.OTHER_DOMAIN,
                    "the returned message is signed by " + top.domain()));
        }
        if (!(top.binding() instanceof Binding.Envelope envelope)) {
            return Optional.of(result.build(
                    Dkim2BounceVerdict.MALFORMED, Dkim2Reason.ENVELOPE_MISMATCH, top.title() + " unexpected nd="));
        }
        if (!top.isSenderAligned()) {
            return Optional.of(result.build(
                    Dkim2BounceVerdict.FORGED,
                    Dkim2Reason.SENDER_NOT_ALIGNED,
                    top.title() + " MAIL FROM and d= do not match"));
        }
        if (!SignedPath.ofEnvelope(rcptTo).equals(Optional.of(envelope.sender()))) {
            return Optional.of(result.build(
                    Dkim2BounceVerdict.WRONG_RECIPIENT,
                    Dkim2Reason.OTHER_SENDER,
                    "the returned message was not sent by this recipient"));
        }
        // Own keys are there at once, so the future is complete.
        Outcome signature =
                new SignatureCheck(returned, draft, this::ownKey).verify(top).join();
        if (!signature.isPass()) {
            Dkim2Reason reason =
                    signature.reason() == Dkim2Reason.KEY_MISSING ? Dkim2Reason.UNKNOWN_KEY : signature.reason();
            return Optional.of(
                    result.build(Dkim2BounceVerdict.FORGED, reason, "returned message: " + signature.detail()));
        }
        Outcome hashes = InstanceCheck.verify(returned.message(), returned.topInstance(), draft, whole);
        if (!hashes.isPass()) {
            return Optional.of(
                    result.build(Dkim2BounceVerdict.ALTERED, hashes.reason(), "returned message: " + hashes.detail()));
        }
        result.signature(top);
        return Optional.empty();
    }

    private CompletableFuture<Found> ownKey(String selector, String domain) {
        return CompletableFuture.completedFuture(
                ownKeys.find(selector, domain).<Found>map(Found.Key::new).orElseGet(Found.Missing::new));
    }

    /** Tests whether a signer of a report is a domain that our message was sent to, or above one. */
    static boolean isRecipientDomain(String reporter, Dkim2Signature ours) {
        return ours.binding() instanceof Binding.Envelope envelope
                && envelope.recipients().stream()
                        .anyMatch(recipient -> SignedPath.isAtOrBelow(recipient.domain(), reporter));
    }

    /** The result for a message that is too old, or from the future, at a time. */
    static Optional<Dkim2BounceResult> age(Dkim2Signature ours, Instant now, Dkim2BounceResult.Builder result) {
        return switch (Age.of(ours.time(), now, Dkim2Verifier.MAX_AGE, Dkim2Verifier.SKEW)) {
            case EXPIRED ->
                Optional.of(result.build(
                        Dkim2BounceVerdict.EXPIRED,
                        Dkim2Reason.EXPIRED,
                        "the returned message was signed more than " + Dkim2Verifier.MAX_AGE.toDays()
                                + " days before"));
            case FUTURE ->
                Optional.of(result.build(
                        Dkim2BounceVerdict.EXPIRED,
                        Dkim2Reason.NOT_YET_VALID,
                        "the returned message was signed in the future; check the clock"));
            case CURRENT -> Optional.empty();
        };
    }
}

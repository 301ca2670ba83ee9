package org.senderauth.dkim2;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.senderauth.core.HeaderText;
import org.senderauth.core.SafeText;
import org.senderauth.dkim2.Dkim2Signature.Binding;

/**
 * One check of a received message (-06 sections 10 and 11). The rules that need neither DNS nor a public-key operation come
 * first; a message that breaks one costs nothing else.
 */
final class MessageCheck {

    private static final int MAX_SHOWN_PATH = 100;

    private final SignedMessage signed;
    private final Draft draft;
    private final Duration maxAge;
    private final Duration skew;

    MessageCheck(SignedMessage signed, Draft draft, Duration maxAge, Duration skew) {
        this.signed = signed;
        this.draft = draft;
        this.maxAge = maxAge;
        this.skew = skew;
    }

    CompletableFuture<Outcome> verify(String mailFrom, List<String> rcptTo, Instant now, KeyLookup keys) {
        Optional<Outcome> early = ages(now)
                .or(this::senders)
                .or(this::custody)
                .or(() -> envelope(mailFrom, rcptTo))
                .or(this::authors)
                .or(this::hashes);
        if (early.isPresent()) {
            return CompletableFuture.completedFuture(early.get());
        }
        SignatureCheck check = new SignatureCheck(signed, draft, keys::find);
        return signatures(check, signed.signatures().size() - 1, Outcome.PASS).thenApply(this::earlierStates);
    }

    private Optional<Outcome> ages(Instant now) {
        for (Dkim2Signature signature : signed.signatures()) {
            Optional<Outcome> outcome = age(signature, now);
            if (outcome.isPresent()) {
                return outcome;
            }
        }
        return Optional.empty();
    }

    // -06 section 11.3. The skew is a limit of this implementation; -06 leaves times in the future open.
    private Optional<Outcome> age(Dkim2Signature signature, Instant now) {
        return switch (Age.of(signature.time(), now, maxAge, skew)) {
            case EXPIRED ->
                Optional.of(Outcome.of(draft.misuseVerdict(), Dkim2Reason.EXPIRED, signature, "signature expired"));
            case FUTURE ->
                Optional.of(Outcome.of(
                        draft.misuseVerdict(),
                        Dkim2Reason.NOT_YET_VALID,
                        signature,
                        "time is in the future; check the clock"));
            case CURRENT -> Optional.empty();
        };
    }

    // -06 section 8.4.
    private Optional<Outcome> senders() {
        return signed.signatures().stream()
                .filter(signature -> !signature.isSenderAligned())
                .findFirst()
                .map(signature -> Outcome.of(
                        Dkim2Verdict.PERMERROR,
                        Dkim2Reason.SENDER_NOT_ALIGNED,
                        signature,
                        "MAIL FROM and d= do not match"));
    }

    // -06 section 9.4.
    private Optional<Outcome> custody() {
        for (int i = 1; i < signed.signatures().size(); i++) {
            Dkim2Signature before = signed.signatures().get(i - 1);
            Dkim2Signature next = signed.signatures().get(i);
            boolean holds = before.binding() instanceof Binding.NextDomain handed
                    ? handed.domain().equals(next.domain())
                    : before.binding() instanceof Binding.Envelope envelope
                            && isRecipient(claimedDomain(next), envelope.recipients());
            if (!holds) {
                String sender = next.binding() instanceof Binding.Envelope envelope
                        ? "MAIL FROM " + shown(envelope.sender().toString())
                        : "d= " + next.domain();
                return Optional.of(
                        Outcome.of(draft.misuseVerdict(), Dkim2Reason.CUSTODY_BROKEN, next, sender + " did not match"));
            }
        }
        return Optional.empty();
    }

    // The draft does not say what counts for a hop without a sender; others take its d=.
    private static String claimedDomain(Dkim2Signature signature) {
        return signature.binding() instanceof Binding.Envelope envelope
                        && !envelope.sender().isNull()
                ? envelope.sender().domain()
                : signature.domain();
    }

    private static boolean isRecipient(String domain, List<SignedPath> recipients) {
        return recipients.stream().anyMatch(recipient -> SignedPath.isAtOrBelow(domain, recipient.domain()));
    }

    // -06 section 11.4.
    private Optional<Outcome> envelope(String mailFrom, List<String> rcptTo) {
        Dkim2Signature top = signed.top();
        if (!(top.binding() instanceof Binding.Envelope envelope)) {
            return Optional.of(
                    Outcome.of(Dkim2Verdict.PERMERROR, Dkim2Reason.ENVELOPE_MISMATCH, top, "unexpected nd="));
        }
        if (!SignedPath.ofEnvelope(mailFrom).equals(Optional.of(envelope.sender()))) {
            return Optional.of(mismatch(top, "MAIL FROM " + shown(mailFrom)));
        }
        Set<SignedPath> signedRecipients = Set.copyOf(envelope.recipients());
        for (String recipient : rcptTo) {
            if (SignedPath.ofEnvelope(recipient)
                    .filter(signedRecipients::contains)
                    .isEmpty()) {
                return Optional.of(mismatch(top, "RCPT TO " + shown(recipient)));
            }
        }
        return Optional.empty();
    }

    private Outcome mismatch(Dkim2Signature signature, String what) {
        return Outcome.of(draft.misuseVerdict(), Dkim2Reason.ENVELOPE_MISMATCH, signature, what + " did not match");
    }

    private static String shown(String path) {
        return HeaderText.cut(SafeText.ascii(path), MAX_SHOWN_PATH);
    }

    // From -08 on. With several instances a reviser may have changed the field, which only recipes could tell.
    private Optional<Outcome> authors() {
        if (!draft.requiresAuthenticFrom() || signed.instances().size() > 1) {
            return Optional.empty();
        }
        String domain = signed.signatures().get(0).domain();
        boolean authentic = FromDomains.of(signed.message())
                .filter(found -> found.stream().allMatch(from -> SignedPath.isAtOrBelow(from, domain)))
                .isPresent();
        return authentic
                ? Optional.empty()
                : Optional.of(Outcome.of(
                        Dkim2Verdict.FAIL,
                        Dkim2Reason.FROM_NOT_AUTHENTIC,
                        signed.signatures().get(0),
                        "From is not of the signing domain"));
    }

    private Optional<Outcome> hashes() {
        Outcome outcome = InstanceCheck.verify(signed.message(), signed.topInstance(), draft, true);
        return outcome.isPass() ? Optional.empty() : Optional.of(outcome);
    }

    // From the top; a failure ends it, and otherwise the worst outcome counts, so that a forgery is never deferred.
    private CompletableFuture<Outcome> signatures(SignatureCheck check, int index, Outcome worst) {
        if (index < 0 || worst.verdict() == Dkim2Verdict.FAIL) {
            return CompletableFuture.completedFuture(worst);
        }
        return check.verify(signed.signatures().get(index))
                .thenCompose(outcome -> signatures(check, index - 1, worse(worst, outcome)));
    }

    private static Outcome worse(Outcome first, Outcome second) {
        return severity(second) > severity(first) ? second : first;
    }

    private static int severity(Outcome outcome) {
        return switch (outcome.verdict()) {
            case FAIL -> 3;
            case PERMERROR -> 2;
            case TEMPERROR -> 1;
            default -> 0;
        };
    }

    private Outcome earlierStates(Outcome outcome) {
        return !outcome.isPass() || signed.instances().size() == 1
                ? outcome
                : Outcome.of(
                        Dkim2Verdict.NOT_DETERMINED,
                        Dkim2Reason.RECIPE_NEEDED,
                        "signatures verify; earlier states were not recreated by their recipes");
    }
}

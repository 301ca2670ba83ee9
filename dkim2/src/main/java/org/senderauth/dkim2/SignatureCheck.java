package org.senderauth.dkim2;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.senderauth.dkim2.Dkim2Signature.Value;
import org.senderauth.dkim2.KeyLookup.Found;

/**
 * Verifies the values of one message's signatures (-06 sections 11.5 and 11.6). Values of unknown algorithms are skipped
 * before their keys are looked up. Used from one thread at a time.
 */
final class SignatureCheck {

    /** The maximum number of public-key operations for one message. */
    static final int MAX_OPERATIONS = 40;

    private final SignedMessage message;
    private final Draft draft;
    private final BiFunction<String, String, CompletableFuture<Found>> keys;
    private int operations;

    /** A check whose keys come from a function of selector and domain. */
    SignatureCheck(SignedMessage message, Draft draft, BiFunction<String, String, CompletableFuture<Found>> keys) {
        this.message = message;
        this.draft = draft;
        this.keys = keys;
    }

    /** Verifies one signature. */
    CompletableFuture<Outcome> verify(Dkim2Signature signature) {
        List<List<CompletableFuture<Found>>> found = new ArrayList<>();
        List<CompletableFuture<Found>> all = new ArrayList<>();
        for (List<Value> group : signature.groups()) {
            List<CompletableFuture<Found>> groupFound = new ArrayList<>();
            for (Value value : group) {
                CompletableFuture<Found> key = value.algorithm().isPresent()
                        ? keys.apply(value.selector(), signature.domain())
                        : CompletableFuture.completedFuture(new Found.Missing());
                groupFound.add(key);
            }
            found.add(groupFound);
            all.addAll(groupFound);
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> anyGroup(signature, found));
    }

    private Outcome anyGroup(Dkim2Signature signature, List<List<CompletableFuture<Found>>> found) {
        byte[] input = SignatureInput.of(message, signature);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            outcomes.add(allValues(signature, signature.groups().get(i), found.get(i), input));
        }
        // One group is enough, so an unavailable key leaves it open even if another group is wrong.
        return first(outcomes, Dkim2Verdict.PASS)
                .or(() -> first(outcomes, Dkim2Verdict.TEMPERROR))
                .or(() -> first(outcomes, Dkim2Verdict.FAIL))
                .orElse(outcomes.get(0));
    }

    private Outcome allValues(
            Dkim2Signature signature, List<Value> values, List<CompletableFuture<Found>> found, byte[] input) {
        List<Outcome> outcomes = new ArrayList<>();
        Optional<Outcome> missing = Optional.empty();
        boolean unknown = false;
        for (int i = 0; i < values.size(); i++) {
            Value value = values.get(i);
            if (value.algorithm().isEmpty()) {
                unknown = true;
                continue;
            }
            Found key = found.get(i).join();
            if (key instanceof Found.Missing) {
                missing = Optional.of(keyError(signature, value, Dkim2Reason.KEY_MISSING, "does not exist"));
            } else {
                outcomes.add(oneValue(signature, value, value.algorithm().get(), key, input));
            }
        }
        if (unknown && draft.rejectsUnknownAlgorithms()) {
            outcomes.add(unknownAlgorithm(signature, Dkim2Verdict.PERMERROR));
        }
        // A failure comes first, so that a forgery never gets a temporary reply (-06 section 10.4).
        return first(outcomes, Dkim2Verdict.FAIL)
                .or(() -> first(outcomes, Dkim2Verdict.PERMERROR))
                .or(() -> first(outcomes, Dkim2Verdict.TEMPERROR))
                .or(() -> first(outcomes, Dkim2Verdict.PASS))
                .or(constant(missing))
                .orElseGet(() -> unknownAlgorithm(signature, draft.unknownOnlyVerdict()));
    }

    private static java.util.function.Supplier<Optional<Outcome>> constant(Optional<Outcome> outcome) {
        return () -> outcome;
    }

    private static Outcome unknownAlgorithm(Dkim2Signature signature, Dkim2Verdict verdict) {
        return Outcome.of(verdict, Dkim2Reason.UNKNOWN_ALGORITHM, signature, "has no known algorithm");
    }

    private Outcome oneValue(
            Dkim2Signature signature, Value value, SignatureAlgorithm algorithm, Found key, byte[] input) {
        if (key instanceof Found.Unusable unusable) {
            return keyError(signature, value, unusable.reason(), unusable.problem());
        }
        if (key instanceof Found.NotAvailable) {
            return Outcome.of(
                    Dkim2Verdict.TEMPERROR,
                    Dkim2Reason.KEY_UNAVAILABLE,
                    signature,
                    "public key " + value.selector() + " could not be fetched");
        }
        if (!(key instanceof Found.Key usable) || operations >= MAX_OPERATIONS) {
            return Outcome.of(
                    Dkim2Verdict.PERMERROR, Dkim2Reason.LIMIT_EXCEEDED, signature, "needs too many key operations");
        }
        if (usable.record().algorithm() != algorithm) {
            return keyError(signature, value, Dkim2Reason.KEY_UNUSABLE, "is for another algorithm");
        }
        operations++;
        return algorithm.verify(usable.record().key(), input, value.signature())
                ? Outcome.PASS
                : Outcome.of(
                        Dkim2Verdict.FAIL,
                        Dkim2Reason.BAD_SIGNATURE,
                        signature,
                        "signature " + value.selector() + " did not verify");
    }

    private static Outcome keyError(Dkim2Signature signature, Value value, Dkim2Reason reason, String problem) {
        return Outcome.of(Dkim2Verdict.PERMERROR, reason, signature, "public key " + value.selector() + " " + problem);
    }

    private static Optional<Outcome> first(List<Outcome> outcomes, Dkim2Verdict verdict) {
        for (Outcome outcome : outcomes) {
            if (outcome.verdict() == verdict) {
                return Optional.of(outcome);
            }
        }
        return Optional.empty();
    }
}

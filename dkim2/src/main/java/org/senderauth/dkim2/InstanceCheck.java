package org.senderauth.dkim2;

import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.senderauth.dkim2.MessageInstance.Hash;

/** Compares a message with the hashes of an instance (-06 section 11.7). Stateless. */
final class InstanceCheck {

    private InstanceCheck() {}

    /**
     * Compares header and, if it is there, body. All known hashes of one group must fit, by one list of header fields.
     *
     * @param withBody whether the message has its body; otherwise only the header is compared
     */
    static Outcome verify(WireMessage message, MessageInstance instance, Draft draft, boolean withBody) {
        Optional<Outcome> failure = Optional.empty();
        for (List<Hash> group : instance.groups()) {
            Outcome outcome = group(message, instance, group, draft, withBody);
            if (outcome.isPass()) {
                return outcome;
            }
            // A wrong hash says more than an unknown algorithm.
            if (failure.isEmpty() || outcome.reason() == Dkim2Reason.HASH_MISMATCH) {
                failure = Optional.of(outcome);
            }
        }
        return failure.orElseThrow();
    }

    private static Outcome group(
            WireMessage message, MessageInstance instance, List<Hash> group, Draft draft, boolean withBody) {
        String title = "Message-Instance m=" + instance.number();
        List<Hash> known =
                group.stream().filter(hash -> hash.algorithm().isPresent()).toList();
        if (known.isEmpty() || known.size() < group.size() && draft.rejectsUnknownAlgorithms()) {
            return Outcome.of(
                    known.isEmpty() ? draft.unknownOnlyVerdict() : Dkim2Verdict.PERMERROR,
                    Dkim2Reason.UNKNOWN_ALGORITHM,
                    title + " has no known hash algorithm");
        }
        if (!headerFits(message, known, draft)) {
            return Outcome.of(Dkim2Verdict.FAIL, Dkim2Reason.HASH_MISMATCH, title + " header hash did not match");
        }
        return !withBody || bodyFits(message, known)
                ? Outcome.PASS
                : Outcome.of(Dkim2Verdict.FAIL, Dkim2Reason.HASH_MISMATCH, title + " body hash did not match");
    }

    private static boolean headerFits(WireMessage message, List<Hash> known, Draft draft) {
        for (HeaderList list : draft.headerLists()) {
            if (headerFits(MessageHash.headerInput(message, list), known)) {
                return true;
            }
        }
        return false;
    }

    private static boolean headerFits(byte[] input, List<Hash> known) {
        for (Hash hash : known) {
            byte[] digest = hash.algorithm().orElseThrow().digest().digest(input);
            if (!MessageDigest.isEqual(hash.header(), digest)) {
                return false;
            }
        }
        return true;
    }

    private static boolean bodyFits(WireMessage message, List<Hash> known) {
        for (Hash hash : known) {
            if (!MessageDigest.isEqual(
                    hash.body(), MessageHash.body(message, hash.algorithm().orElseThrow()))) {
                return false;
            }
        }
        return true;
    }
}

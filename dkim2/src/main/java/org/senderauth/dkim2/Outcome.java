package org.senderauth.dkim2;

import java.util.Optional;

/**
 * The outcome of one rule. Immutable.
 *
 * @param verdict the state of the message as far as the rule goes
 * @param reason the rule
 * @param detail a sentence for humans, in printable ASCII
 * @param hop the number of the signature that it is about
 */
record Outcome(Dkim2Verdict verdict, Dkim2Reason reason, String detail, Optional<Integer> hop) {

    static final Outcome PASS =
            new Outcome(Dkim2Verdict.PASS, Dkim2Reason.VERIFIED, "all signatures and hashes verify", Optional.empty());

    static Outcome of(Dkim2Verdict verdict, Dkim2Reason reason, String detail) {
        return new Outcome(verdict, reason, detail, Optional.empty());
    }

    static Outcome of(Dkim2Verdict verdict, Dkim2Reason reason, Dkim2Signature signature, String detail) {
        return new Outcome(verdict, reason, signature.title() + " " + detail, Optional.of(signature.number()));
    }

    static Outcome of(MalformedMessageException e) {
        return of(Dkim2Verdict.PERMERROR, e.reason(), e.text());
    }

    boolean isPass() {
        return verdict == Dkim2Verdict.PASS;
    }
}

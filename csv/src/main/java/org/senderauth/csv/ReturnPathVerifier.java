package org.senderauth.csv;

import java.util.concurrent.CompletableFuture;

/**
 * Tells whether a reverse-path has a signature of its domain. The draft means public-key BATV, which nobody specified;
 * whoever can ask the domain (the public look-up of SES, say) may fill this place, as an extension. Thread-safe.
 */
@FunctionalInterface
public interface ReturnPathVerifier {

    /** Knows no signature. */
    ReturnPathVerifier NONE = reversePath -> CompletableFuture.completedFuture(Verdict.UNSIGNED);

    /** What is known of a reverse-path. */
    enum Verdict {
        /** There is a signature, and it is the domain's. */
        VALID,
        /** There is a signature, and it is not the domain's, or too old. */
        INVALID,
        /** There is no signature that can be verified. */
        UNSIGNED,
        /** It cannot be told now. */
        UNAVAILABLE
    }

    /**
     * Verifies a reverse-path.
     *
     * @param reversePath the reverse-path as the client sent it, without angle brackets, never empty
     * @return a future of the verdict, which should not fail; if it does, that is {@link Verdict#UNAVAILABLE}
     */
    CompletableFuture<Verdict> verify(String reversePath);
}

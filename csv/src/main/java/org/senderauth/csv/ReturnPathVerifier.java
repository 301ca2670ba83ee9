package org.senderauth.csv;

import java.util.concurrent.CompletableFuture;

/**
 * A verifier of signed reverse-paths. The draft refers to public-key BATV, which was never specified; as an extension this
 * can be the public validation lookup of SES. Thread-safe.
 */
@FunctionalInterface
public interface ReturnPathVerifier {

    /** The verifier that recognizes no signature. */
    ReturnPathVerifier NONE = reversePath -> CompletableFuture.completedFuture(Verdict.UNSIGNED);

    /** The result of verifying a reverse-path. */
    enum Verdict {
        /** The signature is the domain's. */
        VALID,
        /** The signature is not the domain's, or has expired. */
        INVALID,
        /** There is no verifiable signature. */
        UNSIGNED,
        /** The verification is temporarily unavailable. */
        UNAVAILABLE
    }

    /**
     * Verifies a reverse-path.
     *
     * @param reversePath the reverse-path as the client sent it, without angle brackets, never empty
     * @return the verdict; an exceptional completion counts as {@link Verdict#UNAVAILABLE}
     */
    CompletableFuture<Verdict> verify(String reversePath);
}

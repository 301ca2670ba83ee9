package org.senderauth.ses;

/**
 * Observes a {@link Ses}, for logs and metrics. Called on the deciding thread: must be thread-safe and quick. An exception is
 * logged and changes nothing.
 */
public interface SesObserver {

    /** An observer that does nothing. */
    SesObserver NONE = new SesObserver() {};

    /**
     * Reports an attempt to sign.
     *
     * @param signing the result
     */
    default void signed(SesSigningResult signing) {}

    /**
     * Reports a verification. {@link SesResult#uses} grows with every use, so a log may warn at twenty public lookups, long
     * before the limit.
     *
     * @param use the purpose
     * @param result the result
     */
    default void verified(VerificationPurpose use, SesResult result) {}
}

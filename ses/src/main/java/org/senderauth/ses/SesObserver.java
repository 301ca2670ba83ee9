package org.senderauth.ses;

/** Watches a {@link Ses}, for logs and metrics. Called on the deciding thread: must be thread-safe, quick, not throw. */
public interface SesObserver {

    /** Watches nothing. */
    SesObserver NONE = new SesObserver() {};

    /**
     * An address was signed, or not.
     *
     * @param signing what became of it
     */
    default void signed(SesSigning signing) {}

    /**
     * A signature was verified. {@link SesResult#uses} grows with every use: a log may begin to speak at twenty public
     * look-ups, long before they are refused.
     *
     * @param use what for
     * @param result what became of it
     */
    default void verified(SesUse use, SesResult result) {}
}

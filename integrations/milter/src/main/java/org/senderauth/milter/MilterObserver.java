package org.senderauth.milter;

/** Watches sessions; thread-safe, quick, and throws nothing. */
public interface MilterObserver {

    /** Watches nothing. */
    MilterObserver NONE = new MilterObserver() {};

    /**
     * A handler failed; the answer was TEMPFAIL.
     *
     * @param cause what was thrown
     */
    default void failed(Throwable cause) {}

    /**
     * The MTA broke the protocol; the connection is closed, and the MTA does what its configuration says for a filter
     * that fails.
     *
     * @param problem what is wrong; no octet of the MTA's
     */
    default void broken(String problem) {}

    /**
     * A change was left out, since the MTA does not allow it.
     *
     * @param action what it does not allow
     */
    default void leftOut(MilterAction action) {}
}

package org.senderauth.policy;

/** What is behind an address that may carry one of our own signatures. Immutable. */
public sealed interface Unsigned {

    /**
     * The signature is ours.
     *
     * @param address the address without it
     */
    record Original(String address) implements Unsigned {}

    /** There is no signature, or none of ours: the address stays as it is. */
    record NotOurs() implements Unsigned {}

    /**
     * That cannot be told now.
     *
     * @param reason why, one line for a person
     */
    record TryLater(String reason) implements Unsigned {}
}

package org.senderauth.policy;

/** The result of stripping an address that may be signed. Immutable. */
public sealed interface StrippedAddress {

    /**
     * The address had a signature at one of our domains, valid or not.
     *
     * @param address the address without it
     */
    record Original(String address) implements StrippedAddress {}

    /** The address is not signed, or its domain is not ours: it remains unchanged. */
    record NotSigned() implements StrippedAddress {}

    /**
     * The result is unknown because of a temporary failure.
     *
     * @param reason the failure, on one line
     */
    record Unavailable(String reason) implements StrippedAddress {}
}

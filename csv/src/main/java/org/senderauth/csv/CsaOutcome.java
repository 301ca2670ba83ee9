package org.senderauth.csv;

import java.util.Locale;

/** What Client SMTP Authorization (draft-ietf-marid-csv-csa-02) says of a HELO name and a client address. */
public enum CsaOutcome {
    /** The name is authorized, and the client's address is one of its addresses. */
    PASS,
    /** The name is not authorized to send mail from any address. */
    FAIL_NOT_AUTHORIZED,
    /** The name is authorized, and the client's address is not one of its addresses. */
    FAIL_MISMATCH,
    /** The name is authorized, and its target has no address. */
    FAIL_NO_ADDRESS,
    /** A parent domain says that each authorized name below it has a record, and this one has none. */
    FAIL_EXPLICIT,
    /** Nothing is published that can be understood. */
    UNKNOWN,
    /** The name is authorized, and its addresses are not to be used to tell whether the client may use it. */
    AUTHORIZED_UNAUTHENTICATED,
    /** The DNS gave no answer about the record. */
    TEMPERROR_SRV,
    /** The DNS gave no answer about the target's addresses. */
    TEMPERROR_ADDR,
    /** There is no name to check: an address literal, a bare address, or no HELO. */
    NOT_APPLICABLE;

    /**
     * Whether the name's owner says that this client is not entitled to it: the only outcomes that may ever reject.
     *
     * @return true for the FAIL outcomes
     */
    public boolean isFailure() {
        return name().startsWith("FAIL_");
    }

    /**
     * The outcome as the command and {@code Authentication-Results} write it.
     *
     * @return the name in lower case
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}

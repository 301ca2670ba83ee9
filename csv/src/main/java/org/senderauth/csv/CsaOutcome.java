package org.senderauth.csv;

import java.util.Locale;

/** What CSA (draft-ietf-marid-csv-csa-02) says of a HELO name and a client address. */
public enum CsaOutcome {
    /** The name is authorized, and the client's address is one of its addresses. */
    PASS("ok", "ok"),
    /** The name is not authorized to send mail from any address. */
    FAIL_NOT_AUTHORIZED("fail", "failed (host name not authorized)"),
    /** The name is authorized, and the client's address is not one of its addresses. */
    FAIL_MISMATCH("fail", "failed (client address mismatch)"),
    /** The name is authorized, and its target has no address. */
    FAIL_NO_ADDRESS("fail", "failed (no authorized addresses)"),
    /** A parent domain says that each authorized name below it has a record, and this one has none. */
    FAIL_EXPLICIT("fail", "failed (explicit authorization required)"),
    /** Nothing is published that can be understood. */
    UNKNOWN("unknown", "unknown"),
    /** The name is authorized, and its addresses are not to be used to tell whether the client may use it. */
    AUTHORIZED_UNAUTHENTICATED("unknown", "unknown"),
    /** The DNS gave no answer about the record. */
    TEMPERROR_SRV("defer", "deferred (SRV lookup failed)"),
    /** The DNS gave no answer about the target's addresses. */
    TEMPERROR_ADDR("defer", "deferred (target address lookup failed)"),
    /** There is no name to check: an address, no HELO, a local submission, or what is no domain name. */
    NOT_APPLICABLE("unknown", "unknown");

    private final String eximStatus;
    private final String eximReason;

    CsaOutcome(String eximStatus, String eximReason) {
        this.eximStatus = eximStatus;
        this.eximReason = eximReason;
    }

    /**
     * Whether the name's owner says that this client is not entitled to it: the only outcomes that may ever reject.
     *
     * @return true for the FAIL outcomes
     */
    public boolean isFailure() {
        return eximStatus.equals("fail");
    }

    /**
     * Whether the same question may get another answer later.
     *
     * @return true for the TEMPERROR outcomes
     */
    public boolean isTemporary() {
        return eximStatus.equals("defer");
    }

    /**
     * The outcome as the command writes it.
     *
     * @return the name in lower case
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The value that Exim has in {@code $csa_status} for this outcome.
     *
     * @return {@code ok}, {@code fail}, {@code unknown} or {@code defer}
     */
    public String eximStatus() {
        return eximStatus;
    }

    /**
     * What Exim writes behind "client SMTP authorization" in its log for this outcome.
     *
     * @return the text, such as {@code failed (client address mismatch)}
     */
    public String eximReason() {
        return eximReason;
    }
}

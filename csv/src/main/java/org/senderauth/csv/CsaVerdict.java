package org.senderauth.csv;

import java.util.Locale;

/** The verdicts of CSA (draft-ietf-marid-csv-csa-02) for a HELO name and a client address. */
public enum CsaVerdict {
    /** The name is authorized, and the client's address is one of its addresses. */
    PASS("ok", "ok"),
    /** The name is not authorized to send mail from any address. */
    FAIL_NOT_AUTHORIZED("fail", "failed (host name not authorized)"),
    /** The name is authorized, and the client's address is not one of its addresses. */
    FAIL_MISMATCH("fail", "failed (client address mismatch)"),
    /** The name is authorized, and its target has no address. */
    FAIL_NO_ADDRESS("fail", "failed (no authorized addresses)"),
    /** A parent domain sets the explicit-authorization bit, and this name has no record. */
    FAIL_EXPLICIT("fail", "failed (explicit authorization required)"),
    /** No usable record is published. */
    UNKNOWN("unknown", "unknown"),
    /** The name is authorized, but its addresses must not be used to authorize the client. */
    AUTHORIZED_UNAUTHENTICATED("unknown", "unknown"),
    /** The lookup of the record failed. */
    TEMPERROR_SRV("defer", "deferred (SRV lookup failed)"),
    /** The lookup of the target's addresses failed. */
    TEMPERROR_ADDR("defer", "deferred (target address lookup failed)"),
    /** There is no name to check: an address literal, no HELO, a local submission, or not a domain name. */
    NOT_APPLICABLE("unknown", "unknown");

    private final String eximStatus;
    private final String eximReason;

    CsaVerdict(String eximStatus, String eximReason) {
        this.eximStatus = eximStatus;
        this.eximReason = eximReason;
    }

    /**
     * Tests whether the client is not authorized to use the name: the only verdicts that may ever reject.
     *
     * @return true for the FAIL verdicts
     */
    public boolean isFailure() {
        return eximStatus.equals("fail");
    }

    /**
     * Tests whether a later check may have another verdict.
     *
     * @return true for the TEMPERROR verdicts
     */
    public boolean isTemporary() {
        return eximStatus.equals("defer");
    }

    /**
     * Returns the text form, as in the batch format.
     *
     * @return the name in lower case
     */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the value of Exim's {@code $csa_status} for this verdict.
     *
     * @return {@code ok}, {@code fail}, {@code unknown} or {@code defer}
     */
    public String eximStatus() {
        return eximStatus;
    }

    /**
     * Returns the text after "client SMTP authorization" in Exim's log for this verdict.
     *
     * @return the text, such as {@code failed (client address mismatch)}
     */
    public String eximReason() {
        return eximReason;
    }
}

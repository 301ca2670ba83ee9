package org.senderauth.dkim2;

import org.senderauth.core.Ascii;

/** The reason of a result: which rule decided. Section numbers are those of draft-ietf-dkim-dkim2-spec-06. */
public enum Dkim2Reason {
    /** All that was checked is as signed. */
    VERIFIED,
    /** The message has no DKIM2-Signature field. */
    UNSIGNED,
    /** The header section is not one of RFC 5322, or a DKIM2 field breaks the grammar or the numbering (11.2). */
    MALFORMED,
    /** The message, or a key for it, exceeds a limit of this implementation; see the limits of {@link Dkim2Verifier}. */
    LIMIT_EXCEEDED,
    /** A signature is older than 14 days (11.3). */
    EXPIRED,
    /** A signature's time is more than the clock skew in the future. */
    NOT_YET_VALID,
    /** The domain of mf= is not d= or below it. */
    SENDER_NOT_ALIGNED,
    /** A hop was not a recipient of the hop before it (9.4). */
    CUSTODY_BROKEN,
    /** The SMTP envelope is not that of the top signature (11.4). */
    ENVELOPE_MISMATCH,
    /** A From field is of another domain than the signer's. */
    FROM_NOT_AUTHENTIC,
    /** The DNS does not respond about a key (11.5). */
    KEY_UNAVAILABLE,
    /** No key record exists (11.5). */
    KEY_MISSING,
    /** A key record is revoked, malformed, duplicated, too short or of another algorithm (11.5). */
    KEY_UNUSABLE,
    /** No signature value or hash is of a known algorithm, or a key record is of an unknown type. */
    UNKNOWN_ALGORITHM,
    /** A signature value does not verify (11.6). */
    BAD_SIGNATURE,
    /** The header or body is not as it was signed. */
    HASH_MISMATCH,
    /** Earlier states of the message can be checked only with the recipes of its revisers, which are not supported. */
    RECIPE_NEEDED,
    /** The sender is not the null sender, or the message is for several recipients. */
    NOT_A_BOUNCE,
    /** The message is not a delivery report by its MIME type (RFC 6522). */
    NOT_A_DELIVERY_REPORT,
    /** Only the beginning of the report was kept, and it ends before the header of the returned message does. */
    INCOMPLETE,
    /** The report does not return a message. */
    NOTHING_RETURNED,
    /** The returned message is signed by another domain. */
    OTHER_DOMAIN,
    /** The returned message was not sent with the address that the report is for as envelope sender. */
    OTHER_SENDER,
    /** The returned message names a key that this host never had. */
    UNKNOWN_KEY,
    /** The signer of the report is not a domain that the returned message was sent to (12.1.2). */
    REPORTER_NOT_ALIGNED;

    /** Tests whether the message is beyond what this implementation knows, which proves nothing about it. */
    boolean isUnknown() {
        return this == LIMIT_EXCEEDED || this == UNKNOWN_ALGORITHM;
    }

    /** {@return the text form, such as {@code bad-signature}} */
    public String text() {
        return Ascii.text(this);
    }
}

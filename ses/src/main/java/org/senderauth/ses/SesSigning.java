package org.senderauth.ses;

import org.senderauth.core.MailAddress;

/**
 * What became of an attempt to sign. Immutable.
 *
 * @param outcome what became of it
 * @param address the signed address; the sender as it was unless the outcome is {@link Outcome#SIGNED}
 * @param detail the reason, one line for a log; empty for {@link Outcome#SIGNED}
 */
public record SesSigning(Outcome outcome, MailAddress address, String detail) {

    /** Whether an address was signed, and why not. */
    public enum Outcome {
        /** The address carries a signature now. */
        SIGNED,
        /** The keyring has no key for the domain: it is not ours. */
        FOREIGN,
        /** The address carries a signature of some kind (SES, BATV, SRS) already. */
        ALREADY_SIGNED,
        /** The signed local part would be too long to be used. */
        TOO_LONG,
        /** The local part is a quoted string or otherwise none that a signature can stand before. */
        UNSIGNABLE,
        /** There is no message id now: try later. */
        TRY_LATER
    }
}

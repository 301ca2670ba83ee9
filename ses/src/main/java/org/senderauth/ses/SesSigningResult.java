package org.senderauth.ses;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/** The result of signing one address. Immutable. */
public final class SesSigningResult {

    private final Outcome outcome;
    private final MailAddress address;
    private final String reason;

    SesSigningResult(Outcome outcome, MailAddress address, String reason) {
        this.outcome = outcome;
        this.address = address;
        this.reason = reason;
    }

    /** {@return the outcome} */
    public Outcome outcome() {
        return outcome;
    }

    /** {@return the signed address; the sender as it was unless the outcome is {@link Outcome#SIGNED}} */
    public MailAddress address() {
        return address;
    }

    /** {@return why not, one line for a log; empty for {@link Outcome#SIGNED}} */
    public String reason() {
        return reason;
    }

    /** An outcome of signing. */
    public enum Outcome {
        /** The address is signed. */
        SIGNED,
        /** The keyring has no key for the domain. */
        FOREIGN,
        /** The address is already signed by SES, BATV or SRS. */
        ALREADY_SIGNED,
        /** The signed local part would be too long to be used. */
        TOO_LONG,
        /** The local part is a quoted string. */
        UNSIGNABLE,
        /** The store of serial numbers is unavailable, or the clock is not set; try again later. */
        UNAVAILABLE
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SesSigningResult that
                && outcome.equals(that.outcome)
                && address.equals(that.address)
                && reason.equals(that.reason);
    }

    @Override
    public int hashCode() {
        return Objects.hash(outcome, address, reason);
    }

    @Override
    public String toString() {
        return "SesSigningResult[outcome=" + outcome + ", address=" + address + ", reason=" + reason + "]";
    }
}

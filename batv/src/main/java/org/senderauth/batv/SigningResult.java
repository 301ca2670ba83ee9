package org.senderauth.batv;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/** The result of signing one sender. Immutable. */
public final class SigningResult {

    private final MailAddress address;
    private final SigningOutcome outcome;

    SigningResult(MailAddress address, SigningOutcome outcome) {
        this.address = address;
        this.outcome = outcome;
    }

    /** {@return the tagged address if the outcome is {@link SigningOutcome#SIGNED}, else the sender unchanged} */
    public MailAddress address() {
        return address;
    }

    /** {@return whether it was signed, and if not, the reason} */
    public SigningOutcome outcome() {
        return outcome;
    }

    /** {@return whether the outcome is {@link SigningOutcome#SIGNED}} */
    public boolean isSigned() {
        return outcome == SigningOutcome.SIGNED;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SigningResult that && address.equals(that.address) && outcome.equals(that.outcome);
    }

    @Override
    public int hashCode() {
        return Objects.hash(address, outcome);
    }

    @Override
    public String toString() {
        return "SigningResult[address=" + address + ", outcome=" + outcome + "]";
    }
}

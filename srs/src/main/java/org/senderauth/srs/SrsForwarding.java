package org.senderauth.srs;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/** The envelope sender under which a message is forwarded. Immutable. */
public final class SrsForwarding {

    private final MailAddress address;
    private final Outcome outcome;

    SrsForwarding(MailAddress address, Outcome outcome) {
        this.address = address;
        this.outcome = outcome;
    }

    /** {@return the sender to use: the rewritten one, or the original one unchanged} */
    public MailAddress address() {
        return address;
    }

    /** {@return what was done, and why} */
    public Outcome outcome() {
        return outcome;
    }

    /** The outcome of forwarding a sender. */
    public enum Outcome {
        /** Rewritten as SRS0 or SRS1. */
        REWRITTEN("rewritten"),
        /** Rewritten as an alias that the store keeps, since the address would be too long. */
        ALIAS("rewritten as an alias"),
        /** Unchanged: the sender is at one of our domains. */
        LOCAL_SENDER("Need not rewrite local domain."),
        /** Unchanged: the recipient is at one of our domains, so that nothing is forwarded. */
        LOCAL_RECIPIENT("Need not rewrite for a local recipient."),
        /** Unchanged: the sender has an address literal, for which there is no SPF. */
        ADDRESS_LITERAL("Need not rewrite an address literal."),
        /** Unchanged: the sender is not a valid address, or the rewritten one would not be. */
        UNSUITABLE("The sender cannot be rewritten."),
        /** Unchanged: the local part would exceed 64 octets (RFC 5321 section 4.5.3.1.1). */
        TOO_LONG("The rewritten local part would have more than 64 octets."),
        /** Unchanged: the store that should keep an alias does not respond. */
        STORE_UNAVAILABLE("The alias store does not respond.");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        /**
         * The outcome in words.
         *
         * @return a clause or sentence
         */
        public String text() {
            return text;
        }
    }

    /**
     * Tests whether the sender was rewritten.
     *
     * @return true if {@link #address} is ours now
     */
    public boolean isRewritten() {
        return outcome == Outcome.REWRITTEN || outcome == Outcome.ALIAS;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SrsForwarding that && address.equals(that.address) && outcome.equals(that.outcome);
    }

    @Override
    public int hashCode() {
        return Objects.hash(address, outcome);
    }

    @Override
    public String toString() {
        return "SrsForwarding[address=" + address + ", outcome=" + outcome + "]";
    }
}

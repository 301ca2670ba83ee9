package org.senderauth.srs;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.AuthResult;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;

/** The result of reversing one address. Immutable. */
public final class SrsResult {

    /** The method's name in {@code Authentication-Results}: a private one, since none is registered. */
    public static final String METHOD = "x-srs";

    // One reply for all our invalid addresses: a guesser must learn neither a valid hash nor a valid day.
    private static final SmtpReply REJECTION =
            SmtpReply.of(550, "5.1.1", "Invalid or expired SRS address: no bounce to it is accepted");

    private static final SmtpReply DEFERRAL =
            SmtpReply.of(451, "4.3.0", "SRS address cannot be verified currently; try again later");

    private final SrsVerdict verdict;
    private final SrsReason reason;
    private final Optional<MailAddress> original;
    private final Optional<SrsMode> mode;
    private final OptionalInt keyIndex;

    SrsResult(
            SrsVerdict verdict,
            SrsReason reason,
            Optional<MailAddress> original,
            Optional<SrsMode> mode,
            OptionalInt keyIndex) {
        this.verdict = verdict;
        this.reason = reason;
        this.original = original;
        this.mode = mode;
        this.keyIndex = keyIndex;
    }

    /** {@return the verdict} */
    public SrsVerdict verdict() {
        return verdict;
    }

    /** {@return the reason for it} */
    public SrsReason reason() {
        return reason;
    }

    /** {@return the sender that a bounce goes to; present only if the verdict is {@link SrsVerdict#VALID}} */
    public Optional<MailAddress> original() {
        return original;
    }

    /** {@return the program whose form the address has; present if a key confirmed its hash} */
    public Optional<SrsMode> mode() {
        return mode;
    }

    /** {@return the position in the keyring of the key that confirmed the hash, the signing key first} */
    public OptionalInt keyIndex() {
        return keyIndex;
    }

    /**
     * Tests whether a bounce to the address is for {@link #original}.
     *
     * @return true if the verdict is {@link SrsVerdict#VALID}
     */
    public boolean isValid() {
        return verdict == SrsVerdict.VALID;
    }

    /**
     * Returns the reply to a bounce to this address.
     *
     * @return the same 550 for all our invalid addresses, 451 if the store is unavailable; empty for all others
     */
    public Optional<SmtpReply> smtpReply() {
        if (verdict == SrsVerdict.UNAVAILABLE) {
            return Optional.of(DEFERRAL);
        }
        return verdict.isRejected() ? Optional.of(REJECTION) : Optional.empty();
    }

    /** {@return the result for an {@code Authentication-Results} field, without the reason, which would help to guess} */
    public AuthResult authResult() {
        String result = switch (verdict) {
            case VALID -> "pass";
            case EXPIRED, FORGED, MALFORMED -> "fail";
            case UNAVAILABLE -> "temperror";
            case NOT_SRS, FOREIGN -> "none";
        };
        return AuthResult.builder(METHOD, result).build();
    }

    static SrsResult of(SrsVerdict verdict, SrsReason reason) {
        return new SrsResult(verdict, reason, Optional.empty(), Optional.empty(), OptionalInt.empty());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SrsResult that
                && verdict.equals(that.verdict)
                && reason.equals(that.reason)
                && original.equals(that.original)
                && mode.equals(that.mode)
                && keyIndex.equals(that.keyIndex);
    }

    @Override
    public int hashCode() {
        return Objects.hash(verdict, reason, original, mode, keyIndex);
    }

    @Override
    public String toString() {
        return "SrsResult[verdict=" + verdict + ", reason=" + reason + ", original=" + original + ", mode=" + mode
                + ", keyIndex=" + keyIndex + "]";
    }
}

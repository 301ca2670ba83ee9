package org.senderauth.dkim2;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.senderauth.core.Ascii;

/** The result of signing one message. Immutable. */
public final class Dkim2SigningResult {

    /** The outcome. */
    public enum Outcome {
        /** The fields were made. */
        SIGNED,
        /** The message has DKIM2 fields already: this host forwards it, which is not supported yet. */
        ALREADY_SIGNED,
        /** The envelope sender is not of the signing domain or below. */
        OTHER_DOMAIN,
        /** A recipient of several is not in To or Cc, and the signature would show it to the others. */
        HIDDEN_RECIPIENTS,
        /** The header section is malformed or too large, so no verifier would accept the signature. */
        MALFORMED_MESSAGE,
        /** The sender or a recipient is not a path of SMTP, or the recipients do not fit in one signature. */
        UNUSABLE_ENVELOPE;

        /** {@return the text form, such as {@code already-signed}} */
        public String text() {
            return Ascii.text(this);
        }
    }

    private final Outcome outcome;
    private final Optional<String> header;
    private final String detail;

    private Dkim2SigningResult(Outcome outcome, Optional<String> header, String detail) {
        this.outcome = outcome;
        this.header = header;
        this.detail = detail;
    }

    static Dkim2SigningResult signed(String header) {
        return new Dkim2SigningResult(Outcome.SIGNED, Optional.of(header), "signed");
    }

    static Dkim2SigningResult unsigned(Outcome outcome, String detail) {
        return new Dkim2SigningResult(outcome, Optional.empty(), detail);
    }

    /** {@return what happened} */
    public Outcome outcome() {
        return outcome;
    }

    /** {@return whether the fields were made} */
    public boolean isSigned() {
        return header.isPresent();
    }

    /** {@return the reason as a sentence for humans} */
    public String detail() {
        return detail;
    }

    /**
     * Returns the two fields, to be prepended to the message as they are.
     *
     * @return the DKIM2-Signature and the Message-Instance field, each with a CRLF at its end; empty if not signed
     */
    public Optional<String> header() {
        return header;
    }

    /**
     * Prepends the fields to a message.
     *
     * @param message the message that was signed
     * @return a new array; a copy of the message if it was not signed
     */
    public byte[] prependTo(byte[] message) {
        byte[] fields = header.orElse("").getBytes(StandardCharsets.US_ASCII);
        byte[] signed = new byte[fields.length + message.length];
        System.arraycopy(fields, 0, signed, 0, fields.length);
        System.arraycopy(message, 0, signed, fields.length, message.length);
        return signed;
    }

    @Override
    public String toString() {
        return outcome.text() + ": " + detail;
    }
}

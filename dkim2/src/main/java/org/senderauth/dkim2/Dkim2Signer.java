package org.senderauth.dkim2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Signs mail that this host originates: one Message-Instance and one DKIM2-Signature (draft-ietf-dkim-dkim2-spec-06
 * section 9). Experimental.
 *
 * <pre>{@code
 * Dkim2Signer signer = Dkim2Signer.builder().key(Dkim2SigningKey.read("mail", "example.org", file)).build();
 * Dkim2SigningResult result = signer.trySign(message, "<alice@example.org>", List.of("<bob@example.net>"));
 * byte[] signed = result.prependTo(message);
 * }</pre>
 *
 * <p>Sign last: after every change of sender, recipients, header and body, so after BATV, SES or SRS has signed the
 * sender. The signature contains every recipient, so send a copy of its own to a recipient in Bcc. It signs the fields
 * that both header lists of {@link Draft} leave in; a message with Auto-Submitted or VBR-Info verifies by one of the lists
 * only, the newer one.
 *
 * <p>It never changes the message, and signs no message that has DKIM2 fields.
 *
 * <p>Immutable and thread-safe.
 */
public final class Dkim2Signer {

    /** The maximum number of recipients of one signature. */
    public static final int MAX_RECIPIENTS = Dkim2Signature.MAX_RECIPIENTS;

    /** The maximum size of the header section that is signed: it must not exceed the limit of a verifier with what is added. */
    static final int MAX_HEADER_BYTES = WireMessage.MAX_HEADER_BYTES - 64 * 1024;

    private static final int LINE = 74;
    private static final String FOLD = "\r\n ";

    private final List<Dkim2SigningKey> keys;
    private final InstantSource clock;

    private Dkim2Signer(Builder builder) {
        this.keys = List.copyOf(builder.keys);
        this.clock = builder.clock;
    }

    /** {@return a new builder; {@link Builder#key} must be called} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Signs a message.
     *
     * @param message the message as it will be sent in DATA: CRLF newlines, without dot-stuffing
     * @param mailFrom the argument of MAIL FROM; {@code <>} or empty for the null sender
     * @param rcptTo the arguments of RCPT TO of this copy, at least one
     * @return the fields, or why there are none; never an exception for what a message contains
     */
    public Dkim2SigningResult trySign(byte[] message, String mailFrom, List<String> rcptTo) {
        return sign(message, null, mailFrom, rcptTo);
    }

    /**
     * Signs a message whose body was hashed as it arrived, so that only its header is kept.
     *
     * @param header the header section as it will be sent, with or without the empty line at its end
     * @param body the hash of the body; it cannot be used again
     * @param mailFrom the argument of MAIL FROM; {@code <>} or empty for the null sender
     * @param rcptTo the arguments of RCPT TO of this copy, at least one
     * @return the fields, or why there are none; never an exception for what a message contains
     */
    public Dkim2SigningResult trySign(byte[] header, Dkim2BodyHasher body, String mailFrom, List<String> rcptTo) {
        return sign(header, Objects.requireNonNull(body, "body"), mailFrom, rcptTo);
    }

    /** {@return the domain of the keys (d=): senders of this domain and below are signed} */
    public String domain() {
        return keys.get(0).domain();
    }

    private Dkim2SigningResult sign(
            byte[] message, @Nullable Dkim2BodyHasher body, String mailFrom, List<String> rcptTo) {
        String domain = keys.get(0).domain();
        Optional<SignedPath> sender = SignedPath.ofEnvelope(Objects.requireNonNull(mailFrom, "mailFrom"));
        if (sender.isEmpty()) {
            return unusable("the sender is not a path of SMTP");
        }
        if (!sender.get().isNull() && !SignedPath.isAtOrBelow(sender.get().domain(), domain)) {
            return Dkim2SigningResult.unsigned(
                    Dkim2SigningResult.Outcome.OTHER_DOMAIN, "the sender is not of " + domain + " or below");
        }
        if (rcptTo.isEmpty() || rcptTo.size() > MAX_RECIPIENTS) {
            return unusable("a signature has 1 to " + MAX_RECIPIENTS + " recipients, not " + rcptTo.size());
        }
        for (String recipient : rcptTo) {
            if (SignedPath.ofEnvelope(recipient).filter(path -> !path.isNull()).isEmpty()) {
                return unusable("a recipient is not a path of SMTP");
            }
        }
        try {
            WireMessage wire = WireMessage.parse(message, 0, message.length);
            if (wire.has(Dkim2Signature.NAME) || wire.has(MessageInstance.NAME)) {
                return Dkim2SigningResult.unsigned(
                        Dkim2SigningResult.Outcome.ALREADY_SIGNED, "the message has DKIM2 fields");
            }
            if (wire.bodyStart() > MAX_HEADER_BYTES) {
                return Dkim2SigningResult.unsigned(
                        Dkim2SigningResult.Outcome.MALFORMED_MESSAGE,
                        "the header section exceeds " + MAX_HEADER_BYTES + " bytes");
            }
            byte[] bodyHash = body == null ? MessageHash.body(wire, MessageHash.HashAlgorithm.SHA256) : body.hash();
            return sign(wire, bodyHash, mailFrom, rcptTo);
        } catch (MalformedMessageException e) {
            return Dkim2SigningResult.unsigned(Dkim2SigningResult.Outcome.MALFORMED_MESSAGE, e.text());
        }
    }

    private static Dkim2SigningResult unusable(String detail) {
        return Dkim2SigningResult.unsigned(Dkim2SigningResult.Outcome.UNUSABLE_ENVELOPE, detail);
    }

    private Dkim2SigningResult sign(WireMessage message, byte[] bodyHash, String mailFrom, List<String> rcptTo) {
        String instance = " m=1; h=sha256:"
                + Base64Text.encode(MessageHash.header(message, HeaderList.SINCE_08, MessageHash.HashAlgorithm.SHA256))
                + ":" + FOLD
                + Base64Text.encode(bodyHash) + ";";
        List<String> recipients =
                rcptTo.stream().map(Dkim2Signer::path).map(Dkim2Signer::folded).toList();
        String envelope = " i=1; m=1; t=" + clock.instant().getEpochSecond() + "; d="
                + keys.get(0).domain() + ";" + FOLD + "mf=" + folded(path(mailFrom)) + ";" + FOLD + "rt="
                + String.join("," + FOLD, recipients) + ";";
        if (envelope.length() > Dkim2Signature.MAX_FIELD_BYTES - 8 * 1024) {
            return unusable("the recipients do not fit in " + Dkim2Signature.MAX_FIELD_BYTES + " bytes");
        }
        ByteArrayOutputStream input = new ByteArrayOutputStream(1024);
        input.writeBytes(SignatureInput.fieldForm(MessageInstance.NAME, unfolded(instance)));
        String unsigned = envelope + signatures(key -> "");
        input.writeBytes(SignatureInput.fieldForm(Dkim2Signature.NAME, unfolded(unsigned)));
        byte[] signed = input.toByteArray();
        String signature = envelope + signatures(key -> Base64Text.encode(key.sign(signed)));
        return Dkim2SigningResult.signed("DKIM2-Signature:" + signature + "\r\nMessage-Instance:" + instance + "\r\n");
    }

    private String signatures(Function<Dkim2SigningKey, String> value) {
        List<String> values = new ArrayList<>();
        for (Dkim2SigningKey key : keys) {
            values.add(key.selector() + ":" + key.algorithm().tagName() + ":" + FOLD + folded(value.apply(key)));
        }
        return FOLD + "s=" + String.join("," + FOLD, values) + ";";
    }

    private static String path(String path) {
        String bracketed = path.startsWith("<") ? path : "<" + path + ">";
        return Base64Text.encode(bracketed.getBytes(StandardCharsets.UTF_8));
    }

    private static String folded(String base64) {
        StringBuilder lines = new StringBuilder(base64);
        for (int i = (base64.length() - 1) / LINE * LINE; i > 0; i -= LINE) {
            lines.insert(i, FOLD);
        }
        return lines.toString();
    }

    private static String unfolded(String value) {
        return value.replace("\r\n", "");
    }

    /** Collects what a signer needs. Not thread-safe; can be used again after {@link #build}. */
    public static final class Builder {

        private final List<Dkim2SigningKey> keys = new ArrayList<>();
        private InstantSource clock = InstantSource.system();

        private Builder() {}

        /**
         * Adds a key; with two, the message has a signature by each, and both must verify.
         *
         * @param key the key
         * @return this builder
         * @throws IllegalArgumentException if it is of another domain than the first, or of its selector or algorithm
         */
        public Builder key(Dkim2SigningKey key) {
            Objects.requireNonNull(key, "key");
            for (Dkim2SigningKey other : keys) {
                if (!other.domain().equals(key.domain())
                        || other.selector().equals(key.selector())
                        || other.algorithm() == key.algorithm()) {
                    throw new IllegalArgumentException("key must be of the domain of " + other
                            + " with another selector and algorithm, was " + key);
                }
            }
            keys.add(key);
            return this;
        }

        /**
         * Sets the clock.
         *
         * @param clock the clock of the signature's time (default: the system's)
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Builds the signer.
         *
         * @return the signer
         * @throws IllegalStateException if no key was added
         */
        public Dkim2Signer build() {
            if (keys.isEmpty()) {
                throw new IllegalStateException("key must be set");
            }
            return new Dkim2Signer(this);
        }
    }
}

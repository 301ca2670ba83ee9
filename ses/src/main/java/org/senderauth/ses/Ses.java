package org.senderauth.ses;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/**
 * Signs the sender addresses of a domain and verifies its own signatures.
 *
 * <p>Sign each message once, at submission. Verify the recipients of bounces, and let everybody verify through {@link
 * SesZone}. Immutable and thread-safe.
 */
public final class Ses {

    /** Time units by which a signer's clock may be ahead of ours, unless the caller says otherwise. */
    public static final int DEFAULT_SKEW = 1;

    /** How long a verification waits for the ledger, unless the caller says otherwise. */
    public static final Duration DEFAULT_LEDGER_TIMEOUT = Duration.ofSeconds(1);

    private final SesKeyring keyring;
    private final SesSigner signer;
    private final UseCounter uses;
    private final InstantSource clock;
    private final int skew;
    private final boolean fixedAllowed;
    private final SesObserver observer;

    private Ses(Builder builder, SesKeyring keyring) {
        this.keyring = keyring;
        this.clock = builder.clock;
        ReplayLedger ledger = builder.ledger == null
                ? MemoryReplayLedger.create(builder.clock, MemoryReplayLedger.DEFAULT_SIZE)
                : builder.ledger;
        this.uses = new UseCounter(ledger, builder.limits, builder.ledgerTimeout);
        MessageIds ids = builder.messageIds == null ? MessageIds.ofRandomStart(new SecureRandom()) : builder.messageIds;
        this.signer = new SesSigner(keyring, ids, clock, builder.publicLookup);
        this.skew = builder.skew;
        this.fixedAllowed = builder.fixedAllowed;
        this.observer = builder.observer;
    }

    /**
     * Starts a signer and verifier; it needs a keyring, the rest has defaults.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Signs a sender. What cannot or must not be signed is given back as it is; {@link #attempt} tells why.
     *
     * @param sender the envelope sender of one message
     * @return the signed address, its local part in lower case; or the sender itself
     */
    public MailAddress sign(MailAddress sender) {
        return attempt(sender).address();
    }

    /**
     * Signs a sender, or says why not.
     *
     * @param sender the envelope sender of one message
     * @return the signed address, or the reason
     */
    public SesSigning attempt(MailAddress sender) {
        SesSigning signing = signer.attempt(sender);
        observer.signed(signing);
        return signing;
    }

    /**
     * Whether a local part looks signed already, by SES, BATV or SRS.
     *
     * @param localPart a local part
     * @return true if it begins like one of them
     */
    public static boolean isSigned(String localPart) {
        return SesSigner.isSigned(localPart);
    }

    /**
     * Verifies an address and waits for the ledger, at most for the ledger timeout.
     *
     * @param address the address that may be signed
     * @param use what for
     * @return the result
     */
    public SesResult verify(MailAddress address, SesUse use) {
        return verify(address.toString(), use);
    }

    /**
     * Verifies a text that may be a signed address and waits for the ledger, at most for the ledger timeout.
     *
     * @param address any text
     * @param use what for
     * @return the result
     */
    public SesResult verify(String address, SesUse use) {
        return verifyAsync(address, use).toCompletableFuture().join();
    }

    /**
     * Verifies a text that may be a signed address.
     *
     * @param address any text
     * @param use what for
     * @return the result; it never completes exceptionally, and no later than the ledger timeout
     */
    public CompletionStage<SesResult> verifyAsync(String address, SesUse use) {
        return verifyAsync(address, use, null);
    }

    /** Verifies for a client whose address the question named, if it is not null. */
    CompletionStage<SesResult> verifyAsync(String address, SesUse use, @Nullable String client) {
        CompletableFuture<SesResult> answer = verified(address, use, client);
        if (answer.isDone()) {
            observer.verified(use, answer.join());
            return answer;
        }
        return answer.thenApply(result -> {
            observer.verified(use, result);
            return result;
        });
    }

    private CompletableFuture<SesResult> verified(String address, SesUse use, @Nullable String client) {
        SesSyntax syntax = SesSyntax.parse(address);
        if (syntax instanceof SesSyntax.NotSes) {
            return refused(SesVerdict.NOT_SES, "");
        }
        if (syntax instanceof SesSyntax.Malformed malformed) {
            return refused(SesVerdict.MALFORMED, malformed.reason());
        }
        if (!(syntax instanceof SesSyntax.Signed signed)) {
            return refused(SesVerdict.NON_CANONICAL, "the signature begins with a zero");
        }
        String domain = SesKeyring.canonical(signed.domain());
        List<SesKey> keys = keyring.keys(domain);
        if (keys.isEmpty()) {
            return refused(SesVerdict.BAD, "no key for this domain");
        }
        long now = Math.floorDiv(clock.millis(), 1000L);
        SignatureCheck.Claims claims =
                SignatureCheck.of(signed, domain, now, skew, fixedAllowed).against(keys);
        byte[] mac = claims.mac();
        if (mac == null) {
            return refused(claims.verdict(), "");
        }
        SesLayout layout = keys.get(claims.keyIndex()).layout();
        SesSignature signature = signature(signed, claims, layout);
        if (claims.verdict() == SesVerdict.EXPIRED || !uses.isCounted(use, client)) {
            return CompletableFuture.completedFuture(new SesResult(claims.verdict(), signature, 0, ""));
        }
        // A fixed signature has no end: its uses are counted anew in each period of the expiration time.
        long counted = signature.isFixed() ? layout.timecode(now) : claims.timecode();
        Instant forgetAt = layout.instant(counted + layout.window() + skew);
        return uses.count(HexFormat.of().formatHex(mac), use, client, signature, forgetAt);
    }

    private static SesSignature signature(SesSyntax.Signed signed, SignatureCheck.Claims claims, SesLayout layout) {
        long timecode = claims.timecode();
        return new SesSignature(
                new MailAddress(claims.localPart(), signed.domain()),
                timecode,
                claims.messageId(),
                claims.keyIndex(),
                timecode == 0 ? null : layout.instant(timecode + layout.window()));
    }

    private static CompletableFuture<SesResult> refused(SesVerdict verdict, String detail) {
        return CompletableFuture.completedFuture(SesResult.refused(verdict, detail));
    }

    InstantSource clock() {
        return clock;
    }

    /** Sets up a {@link Ses}. Not thread-safe. */
    public static final class Builder {

        private @Nullable SesKeyring keyring;
        private @Nullable ReplayLedger ledger;
        private @Nullable MessageIds messageIds;
        private SesLimits limits = SesLimits.DEFAULT;
        private InstantSource clock = InstantSource.system();
        private int skew = DEFAULT_SKEW;
        private boolean fixedAllowed;
        private boolean publicLookup = true;
        private Duration ledgerTimeout = DEFAULT_LEDGER_TIMEOUT;
        private SesObserver observer = SesObserver.NONE;

        private Builder() {}

        /**
         * The keys; there is no default.
         *
         * @param keys the keyring
         * @return this
         */
        public Builder keyring(SesKeyring keys) {
            this.keyring = Objects.requireNonNull(keys, "keyring");
            return this;
        }

        /**
         * Counts the uses of signatures; by default a {@link MemoryReplayLedger} of its own.
         *
         * @param replayLedger the ledger
         * @return this
         */
        public Builder ledger(ReplayLedger replayLedger) {
            this.ledger = Objects.requireNonNull(replayLedger, "ledger");
            return this;
        }

        /**
         * How often a signature may be used; by default {@link SesLimits#DEFAULT}.
         *
         * @param sesLimits the limits
         * @return this
         */
        public Builder limits(SesLimits sesLimits) {
            this.limits = Objects.requireNonNull(sesLimits, "limits");
            return this;
        }

        /**
         * Numbers the messages; by default {@link MessageIds#ofRandomStart}, which needs no store. {@link
         * FileMessageIds} makes shorter addresses.
         *
         * @param ids the numbers
         * @return this
         */
        public Builder messageIds(MessageIds ids) {
            this.messageIds = Objects.requireNonNull(ids, "messageIds");
            return this;
        }

        /**
         * The time; by default the system's.
         *
         * @param instants the clock
         * @return this
         */
        public Builder clock(InstantSource instants) {
            this.clock = Objects.requireNonNull(instants, "clock");
            return this;
        }

        /**
         * How far a signer's clock may be ahead of ours; by default {@value #DEFAULT_SKEW}.
         *
         * @param units time units, not negative and at most what every key's {@link SesLayout#maxSkew} allows
         * @return this
         */
        public Builder skew(int units) {
            this.skew = units;
            return this;
        }

        /**
         * Whether signatures without a time are accepted; by default they are not, since they never expire.
         *
         * @param allowed whether they are
         * @return this
         */
        public Builder fixedSignatures(boolean allowed) {
            this.fixedAllowed = allowed;
            return this;
        }

        /**
         * Whether signed addresses must fit the public look-up, where a local part has at most 63 octets; by default
         * they must. Without it 64 octets are allowed (RFC 5321 section 4.5.3.1.1).
         *
         * @param wanted whether they must
         * @return this
         */
        public Builder publicLookup(boolean wanted) {
            this.publicLookup = wanted;
            return this;
        }

        /**
         * How long a verification waits for the ledger before its answer is {@link SesVerdict#TRY_LATER}; by default
         * one second.
         *
         * @param timeout the time, positive
         * @return this
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder ledgerTimeout(Duration timeout) {
            if (timeout.toMillis() <= 0) {
                throw new IllegalArgumentException("the ledger timeout must be at least a millisecond");
            }
            this.ledgerTimeout = timeout;
            return this;
        }

        /**
         * Watches what is decided; by default nobody does.
         *
         * @param sesObserver the observer
         * @return this
         */
        public Builder observer(SesObserver sesObserver) {
            this.observer = Objects.requireNonNull(sesObserver, "observer");
            return this;
        }

        /**
         * The signer and verifier.
         *
         * @return it
         * @throws IllegalStateException if there is no keyring
         * @throws IllegalArgumentException if the clock skew is out of the range that the keys' layouts allow
         */
        public Ses build() {
            if (keyring == null) {
                throw new IllegalStateException("Ses needs a keyring: call keyring(...)");
            }
            if (skew < 0 || skew > keyring.maxSkew()) {
                throw new IllegalArgumentException(
                        "with these keys the clock skew must be 0 to " + keyring.maxSkew() + " units, not " + skew);
            }
            return new Ses(this, keyring);
        }
    }
}

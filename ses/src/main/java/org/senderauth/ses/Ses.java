package org.senderauth.ses;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;
import org.senderauth.core.ObserverGuard;

/**
 * Signs the sender addresses of a domain and verifies its own signatures.
 *
 * <p>Sign each message once, at submission. Verify the recipients of bounces, and let anyone verify through {@link
 * SesZone}. Immutable and thread-safe.
 */
public final class Ses {

    /** The default of {@link Builder#skew}. */
    public static final int DEFAULT_SKEW = 1;

    /** The default of {@link Builder#ledgerTimeout}. */
    public static final Duration DEFAULT_LEDGER_TIMEOUT = Duration.ofSeconds(1);

    private final SesKeyring keyring;
    private final SesSigner signer;
    private final UseLimiter uses;
    private final InstantSource clock;
    private final int skew;
    private final boolean fixedAllowed;
    private final SesObserver observer;

    private Ses(Builder builder, SesKeyring keyring) {
        this.keyring = keyring;
        this.clock = builder.clock;
        ReplayLedger ledger = builder.ledger == null
                ? MemoryReplayLedger.create(builder.clock, System::nanoTime, MemoryReplayLedger.defaultSize())
                : builder.ledger;
        this.uses = new UseLimiter(ledger, builder.limits, builder.ledgerTimeout);
        SerialNumbers ids =
                builder.serialNumbers == null ? SerialNumbers.ofRandomStart(new SecureRandom()) : builder.serialNumbers;
        this.signer = new SesSigner(keyring, ids, clock, builder.publicLookup);
        this.skew = builder.skew;
        this.fixedAllowed = builder.fixedAllowed;
        this.observer = builder.observer;
    }

    /**
     * Returns a builder of a signer and verifier; it requires a keyring, the rest has defaults.
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Signs a sender. What cannot or must not be signed is returned unchanged; {@link #trySign} reports the reason.
     *
     * @param sender the envelope sender of one message
     * @return the signed address, its local part in lower case; or the sender itself
     */
    public MailAddress sign(MailAddress sender) {
        return trySign(sender).address();
    }

    /**
     * Signs a sender, or reports the reason why not.
     *
     * @param sender the envelope sender of one message
     * @return the signed address, or the reason
     */
    public SesSigningResult trySign(MailAddress sender) {
        SesSigningResult signing = signer.trySign(sender);
        notify(() -> observer.signed(signing));
        return signing;
    }

    /**
     * Returns whether mail of an address is signed, without signing it: whether a bounce to the bare address is for a
     * message that this domain never sent. An address that is too long with some serial numbers below 2<sup>41</sup>, which
     * those of this library are, counts as too long.
     *
     * @param sender an address
     * @return the outcome that {@link #trySign} has; never {@link SesSigningResult.Outcome#UNAVAILABLE}
     */
    public SesSigningResult.Outcome canSign(MailAddress sender) {
        return signer.canSign(sender);
    }

    /**
     * Tests whether a local part looks signed, by SES, BATV or SRS.
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
     * @param use the purpose
     * @return the result
     */
    public SesResult verify(MailAddress address, VerificationPurpose use) {
        return verify(address.toString(), use);
    }

    /**
     * Verifies a text that may be a signed address and waits for the ledger, at most for the ledger timeout.
     *
     * @param address any text
     * @param use the purpose
     * @return the result
     */
    public SesResult verify(String address, VerificationPurpose use) {
        return verifyAsync(address, use).join();
    }

    /**
     * Verifies a text that may be a signed address.
     *
     * @param address any text
     * @param use the purpose
     * @return the result; it never completes exceptionally, and no later than the ledger timeout
     */
    public CompletableFuture<SesResult> verifyAsync(String address, VerificationPurpose use) {
        return verifyAsync(address, use, null);
    }

    /** Verifies for a client whose address is in the query name, unless it is null. */
    CompletableFuture<SesResult> verifyAsync(String address, VerificationPurpose use, @Nullable String client) {
        CompletableFuture<SesResult> answer = verified(address, use, client);
        if (answer.isDone()) {
            notify(() -> observer.verified(use, answer.join()));
            return answer;
        }
        return answer.thenApply(result -> {
            notify(() -> observer.verified(use, result));
            return result;
        });
    }

    /** An observer that throws changes nothing. */
    private static void notify(Runnable observation) {
        ObserverGuard.call(SesObserver.class, observation);
    }

    private CompletableFuture<SesResult> verified(String address, VerificationPurpose use, @Nullable String client) {
        SesSyntax syntax = SesSyntax.parse(address);
        if (syntax instanceof SesSyntax.NotSes) {
            return refused(SesVerdict.UNSIGNED, "");
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
            return refused(SesVerdict.INVALID, "no key for this domain");
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
        // A fixed signature never expires: its uses are counted anew in each period of the expiration time.
        long counted = signature.isFixed() ? layout.timecode(now) : claims.timecode();
        Instant dropAfter = layout.instant(counted + layout.window() + skew);
        return uses.count(HexFormat.of().formatHex(mac), use, client, signature, dropAfter);
    }

    /**
     * Strips a signature from an address at a domain with keys, valid or not: mail to an address whose key has changed
     * still belongs to its mailbox. This does not verify the signature, and does not count as a use.
     *
     * @param address any text
     * @return the address without its signature; empty if it has none, or if there are no keys for its domain
     */
    public Optional<MailAddress> strip(String address) {
        if (!(SesSyntax.parse(address) instanceof SesSyntax.Signed signed)
                || keyring.keys(SesKeyring.canonical(signed.domain())).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(signed.original());
    }

    private static SesSignature signature(SesSyntax.Signed signed, SignatureCheck.Claims claims, SesLayout layout) {
        long timecode = claims.timecode();
        MailAddress original = signed.original();
        return new SesSignature(
                claims.localPart().equals(original.localPart()) ? original : original.withLocalPart(claims.localPart()),
                timecode,
                claims.serialNumber(),
                claims.keyIndex(),
                timecode == 0 ? Optional.empty() : Optional.of(layout.instant(timecode + layout.window())));
    }

    private static CompletableFuture<SesResult> refused(SesVerdict verdict, String detail) {
        return CompletableFuture.completedFuture(SesResult.refused(verdict, detail));
    }

    InstantSource clock() {
        return clock;
    }

    /** A builder of {@link Ses}. Not thread-safe. */
    public static final class Builder {

        private @Nullable SesKeyring keyring;
        private @Nullable ReplayLedger ledger;
        private @Nullable SerialNumbers serialNumbers;
        private SesLimits limits = SesLimits.DEFAULT;
        private InstantSource clock = InstantSource.system();
        private int skew = DEFAULT_SKEW;
        private boolean fixedAllowed;
        private boolean publicLookup = true;
        private Duration ledgerTimeout = DEFAULT_LEDGER_TIMEOUT;
        private SesObserver observer = SesObserver.NONE;

        private Builder() {}

        /**
         * Sets the keys; there is no default.
         *
         * @param keys the keyring
         */
        public Builder keyring(SesKeyring keys) {
            this.keyring = Objects.requireNonNull(keys, "keyring");
            return this;
        }

        /**
         * Sets the ledger that counts the uses of signatures; by default a {@link MemoryReplayLedger} of its own.
         *
         * @param replayLedger the ledger
         */
        public Builder ledger(ReplayLedger replayLedger) {
            this.ledger = Objects.requireNonNull(replayLedger, "ledger");
            return this;
        }

        /**
         * Sets the use limits of a signature; by default {@link SesLimits#DEFAULT}.
         *
         * @param sesLimits the limits
         */
        public Builder limits(SesLimits sesLimits) {
            this.limits = Objects.requireNonNull(sesLimits, "limits");
            return this;
        }

        /**
         * Sets the serial numbers; by default {@link SerialNumbers#ofRandomStart}, which needs no store. {@link
         * FileSerialNumbers} makes shorter addresses.
         *
         * @param ids the numbers
         */
        public Builder serialNumbers(SerialNumbers ids) {
            this.serialNumbers = Objects.requireNonNull(ids, "serialNumbers");
            return this;
        }

        /**
         * Sets the clock; by default the system's.
         *
         * @param instants the clock
         */
        public Builder clock(InstantSource instants) {
            this.clock = Objects.requireNonNull(instants, "clock");
            return this;
        }

        /**
         * Sets how far a signer's clock may be ahead; by default {@value #DEFAULT_SKEW}.
         *
         * @param units time units, not negative and not above any key's {@link SesLayout#maxSkew}
         */
        public Builder skew(int units) {
            if (units < 0) {
                throw new IllegalArgumentException("skew must be at least 0, was " + units);
            }
            this.skew = units;
            return this;
        }

        /**
         * Sets whether signatures without a time are accepted; by default they are not, since they never expire.
         *
         * @param allowed whether they are
         */
        public Builder fixedSignatures(boolean allowed) {
            this.fixedAllowed = allowed;
            return this;
        }

        /**
         * Sets whether signed addresses must fit the public lookup (default: true): a local part has at most 63 bytes,
         * and what some SPF verifiers cannot query is escaped ({@link SesSyntax}), which pysrs cannot read. Without it
         * 64 bytes are allowed (RFC 5321 section 4.5.3.1.1), and nothing is escaped.
         *
         * @param wanted whether they must
         */
        public Builder publicLookup(boolean wanted) {
            this.publicLookup = wanted;
            return this;
        }

        /**
         * Sets how long a verification waits for the ledger before its result is {@link SesVerdict#UNAVAILABLE}; by
         * default one second.
         *
         * @param timeout 1 ms to 1 day
         * @throws IllegalArgumentException if it is shorter or longer
         */
        public Builder ledgerTimeout(Duration timeout) {
            if (Objects.requireNonNull(timeout, "ledgerTimeout").compareTo(Duration.ofMillis(1)) < 0
                    || timeout.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("ledgerTimeout must be between 1 ms and 1 day, was " + timeout);
            }
            this.ledgerTimeout = timeout;
            return this;
        }

        /**
         * Sets the observer; by default there is none.
         *
         * @param sesObserver the observer
         */
        public Builder observer(SesObserver sesObserver) {
            this.observer = Objects.requireNonNull(sesObserver, "observer");
            return this;
        }

        /**
         * Builds the signer and verifier.
         *
         * @throws IllegalStateException if there is no keyring
         * @throws IllegalArgumentException if the clock skew is out of the range that the keys' layouts allow
         */
        public Ses build() {
            if (keyring == null) {
                throw new IllegalStateException("Ses needs a keyring: call keyring(...)");
            }
            if (skew > keyring.maxSkew()) {
                throw new IllegalArgumentException(
                        "skew must be between 0 and " + keyring.maxSkew() + " units with these keys, was " + skew);
            }
            return new Ses(this, keyring);
        }
    }
}

package org.senderauth.batv;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.LocalPartScheme;
import org.senderauth.core.MailAddress;

/**
 * Signs envelope senders with a tag and verifies the tags of bounces (draft-levine-smtp-batv-01), compatible with Exim's
 * {@code prvs} and with batv-tools. A tag contains the first 24 bits of an HMAC-SHA1 over key number, day of expiry and
 * address, byte for byte as the address is written.
 *
 * <p>A tag must be the same for all recipients and all delivery attempts of one message (section 5): sign when the
 * message is accepted, and store the result with it. Immutable and thread-safe.
 */
public final class Batv {

    /** The default lifetime of a tag in days (draft-levine-smtp-batv-01 section 4). */
    public static final int DEFAULT_LIFETIME_DAYS = BatvDays.DEFAULT_LIFETIME;

    /** The maximum lifetime of a tag in days: the day has three digits, and one day must remain on which it is expired. */
    public static final int MAX_LIFETIME_DAYS = BatvDays.MAX_LIFETIME;

    /** The number of bytes that a tag adds to an address. */
    public static final int OVERHEAD_BYTES = "prvs=".length() + BatvTag.Prvs.LENGTH + "=".length();

    private final BatvKeys keys;
    private final InstantSource clock;
    private final int lifetime;
    private final int longestLifetime;
    private final boolean lowerCase;
    private final char delimiter;
    private final Predicate<MailAddress> untagged;

    private Batv(Builder builder, BatvKeys keys) {
        this.keys = keys;
        this.clock = builder.clock;
        this.lifetime = builder.lifetime;
        this.longestLifetime = Math.max(builder.lifetime, builder.longestLifetime);
        this.lowerCase = builder.lowerCase;
        this.delimiter = builder.delimiter;
        this.untagged = builder.untagged;
    }

    /**
     * {@return a builder; it requires keys}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Signs a sender if it can be signed.
     *
     * @param sender the envelope sender of outbound mail
     * @return the tagged address, or the sender unchanged; {@link #trySign(MailAddress)} also returns the reason
     */
    public MailAddress sign(MailAddress sender) {
        return trySign(sender).address();
    }

    /**
     * Signs a sender if it can be signed, and returns the reason if not. A tagged address is never tagged again, so this
     * may be called any number of times.
     *
     * @param sender the envelope sender of outbound mail; never that of mail relayed for others
     * @return the outcome, with the address to use
     */
    public SigningResult trySign(MailAddress sender) {
        Preparation preparation = prepare(sender);
        if (preparation.keyring == null) {
            return new SigningResult(sender, preparation.outcome);
        }
        MailAddress canonical = lowerCase ? sender.toLowerCase() : sender;
        BatvKeyring.Entry key = preparation.keyring.signing();
        String dated = BatvTag.Prvs.dated(key.number(), BatvDays.expiry(clock.instant(), lifetime));
        String hash = BatvTag.Prvs.hashText(key.hash(dated, canonical));
        return new SigningResult(write(canonical, dated, hash), SigningOutcome.SIGNED);
    }

    /**
     * Signs the sender of a message whose recipients are known. One transaction has one sender: if any recipient is an
     * untagged destination, the sender remains unchanged.
     *
     * @param sender the envelope sender of outbound mail
     * @param recipients all recipients of the message
     * @return the outcome, with the address to use
     */
    public SigningResult trySign(MailAddress sender, Collection<MailAddress> recipients) {
        return recipients.stream().anyMatch(untagged)
                ? new SigningResult(sender, SigningOutcome.UNTAGGED_DESTINATION)
                : trySign(sender);
    }

    /**
     * Returns whether a sender would be signed, without the work of signing. Bounces to a sender that is never tagged
     * must not be rejected because they have no tag.
     *
     * @param sender our address
     * @return {@link SigningOutcome#SIGNED} if {@link #trySign(MailAddress)} would sign it, else its outcome
     */
    public SigningOutcome canSign(MailAddress sender) {
        return prepare(sender).outcome;
    }

    private record Preparation(
            SigningOutcome outcome, @Nullable BatvKeyring keyring) {}

    private Preparation prepare(MailAddress sender) {
        if (LocalPartScheme.of(Objects.requireNonNull(sender, "sender").unquotedLocalPart())
                .filter(scheme -> scheme != LocalPartScheme.BATV)
                .isPresent()) {
            return new Preparation(SigningOutcome.OTHER_SCHEME, null);
        }
        if (TaggedAddress.parse(sender).isPresent()) {
            return new Preparation(SigningOutcome.ALREADY_TAGGED, null);
        }
        BatvKeys.Answer answer = keysOf(sender);
        if (answer instanceof BatvKeys.None) {
            return new Preparation(SigningOutcome.NO_KEYS, null);
        }
        if (tooLong(sender)) {
            return new Preparation(SigningOutcome.TOO_LONG, null);
        }
        return answer instanceof BatvKeys.Found found
                ? new Preparation(SigningOutcome.SIGNED, found.keyring())
                : new Preparation(SigningOutcome.KEYS_UNAVAILABLE, null);
    }

    private static boolean tooLong(MailAddress sender) {
        return sender.localPartOctets() + OVERHEAD_BYTES > MailAddress.MAX_LOCAL_PART_OCTETS
                || sender.octets() + OVERHEAD_BYTES > MailAddress.MAX_ADDRESS_OCTETS;
    }

    // A quoted local part becomes one quoted string around tag and content: prvs=...="x y" is not a valid address.
    private MailAddress write(MailAddress sender, String dated, String hash) {
        String local = sender.localPart();
        boolean quoted = sender.isQuoted();
        String core = quoted ? local.substring(1, local.length() - 1) : local;
        String tagged =
                delimiter == 0 ? "prvs=" + dated + hash + '=' + core : core + delimiter + "prvs=" + dated + hash;
        return sender.withLocalPart(quoted ? '"' + tagged + '"' : tagged);
    }

    /**
     * Verifies the tag of a recipient.
     *
     * @param recipient the text of the recipient, as {@link EnvelopePath} reads it
     * @return the result; {@link BatvVerdict#MALFORMED} if the text is not an address
     */
    public BatvResult verify(String recipient) {
        EnvelopePath path = EnvelopePath.parse(Objects.requireNonNull(recipient, "recipient"));
        return path.address().map(this::verify).orElseGet(BatvResult::malformed);
    }

    /**
     * Verifies the tag of a recipient.
     *
     * <p>The tag is checked against the address as received, with its domain in lower case, and all in lower case, since
     * relays change case; and with the domain in A-labels instead of U-labels or the reverse, since servers without
     * SMTPUTF8 change that. An address that was signed in mixed case and came back in lower case cannot be verified: see
     * {@link Builder#lowerCase}.
     *
     * @param recipient the recipient
     * @return the result
     */
    public BatvResult verify(MailAddress recipient) {
        Optional<TaggedAddress> parsed = TaggedAddress.parse(Objects.requireNonNull(recipient, "recipient"));
        if (parsed.isEmpty()) {
            return BatvResult.untagged(recipient);
        }
        TaggedAddress tagged = parsed.get();
        BatvResult result = verify(tagged, tagged.original());
        if (result.verdict() != BatvVerdict.INVALID) {
            return result;
        }
        return DomainSpelling.other(tagged.original())
                .map(original -> verify(tagged, original))
                .filter(other -> other.verdict() != BatvVerdict.INVALID)
                .orElse(result);
    }

    /** The keys of a domain, whichever of its spellings they are given for. */
    private BatvKeys.Answer keysOf(MailAddress address) {
        BatvKeys.Answer answer = keys.forDomain(address.withLowerCaseDomain().domain());
        return answer instanceof BatvKeys.None
                ? DomainSpelling.other(address.domain()).map(keys::forDomain).orElse(answer)
                : answer;
    }

    /** Verifies a tag as one of an address, which is that without the tag or the same with another spelling of its domain. */
    private BatvResult verify(TaggedAddress tagged, MailAddress original) {
        BatvKeys.Answer answer = keysOf(original);
        if (answer instanceof BatvKeys.Found found) {
            return tagged.tag() instanceof BatvTag.Prvs tag
                    ? new TagVerifier(found.keyring(), longestLifetime, clock.instant()).check(tagged, tag, original)
                    : BatvResult.unchecked(BatvVerdict.FOREIGN, BatvReason.OTHER_PRODUCT, tagged);
        }
        return answer instanceof BatvKeys.None
                ? BatvResult.unchecked(BatvVerdict.FOREIGN, BatvReason.NO_KEYS, tagged)
                : BatvResult.unchecked(BatvVerdict.UNAVAILABLE, BatvReason.KEYS_UNAVAILABLE, tagged);
    }

    /**
     * Verifies the tag of a recipient with given keys at a given time, whatever its domain. Tags of any lifetime up to
     * {@value #MAX_LIFETIME_DAYS} days are accepted.
     *
     * @param recipient the recipient
     * @param keyring the keys
     * @param at the time
     * @return the result
     */
    public static BatvResult verify(MailAddress recipient, BatvKeyring keyring, Instant at) {
        return builder()
                .keyring(keyring)
                .clock(InstantSource.fixed(at))
                .longestLifetimeDays(MAX_LIFETIME_DAYS)
                .build()
                .verify(recipient);
    }

    /** A builder of {@link Batv}. Not thread-safe. */
    public static final class Builder {

        private @Nullable BatvKeys keys;
        private InstantSource clock = InstantSource.system();
        private int lifetime = DEFAULT_LIFETIME_DAYS;
        private int longestLifetime = 0;
        private boolean lowerCase;
        private char delimiter;
        private Predicate<MailAddress> untagged = recipient -> false;

        private Builder() {}

        /**
         * Sets the keys of every domain.
         *
         * @param keyring the keys
         */
        public Builder keyring(BatvKeyring keyring) {
            return keys(BatvKeys.of(Objects.requireNonNull(keyring, "keyring")));
        }

        /**
         * Sets the source of the keys of each domain.
         *
         * @param keys the source
         */
        public Builder keys(BatvKeys keys) {
            this.keys = Objects.requireNonNull(keys, "keys");
            return this;
        }

        /**
         * Sets the clock. Default: the system clock.
         *
         * @param clock the clock
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Sets the lifetime of new tags. Default: {@value #DEFAULT_LIFETIME_DAYS} days.
         *
         * @param days 1 to {@value #MAX_LIFETIME_DAYS}
         * @throws IllegalArgumentException if the number is out of range
         */
        public Builder lifetimeDays(int days) {
            this.lifetime = BatvDays.checkLifetime("lifetimeDays", days);
            return this;
        }

        /**
         * Sets the longest lifetime that any signer with these keys uses, if it is longer than this one's: tags that
         * expire later are not accepted.
         *
         * @param days 1 to {@value #MAX_LIFETIME_DAYS}
         * @throws IllegalArgumentException if the number is out of range
         */
        public Builder longestLifetimeDays(int days) {
            this.longestLifetime = BatvDays.checkLifetime("longestLifetimeDays", days);
            return this;
        }

        /**
         * Sets whether senders are lowercased before they are signed: then bounces are valid after relays that lowercase
         * recipients, and at Exim with its default configuration. Default: false.
         *
         * @param lowerCase whether to lowercase
         */
        public Builder lowerCase(boolean lowerCase) {
            this.lowerCase = lowerCase;
            return this;
        }

        /**
         * Signs in the sub-address format of batv-tools, {@code joe+prvs=...@example.org}, which servers that support
         * sub-addresses deliver without change. Verification accepts both formats in any case.
         *
         * @param delimiter {@code +} or {@code -}
         * @throws IllegalArgumentException if it is another character
         */
        public Builder subAddress(char delimiter) {
            if (delimiter != '+' && delimiter != '-') {
                throw new IllegalArgumentException("subAddress must be + or -, was '" + delimiter + "'");
            }
            this.delimiter = delimiter;
            return this;
        }

        /**
         * Sets the recipients to whom mail is sent without a tag, such as mailing lists that recognize their posters by
         * envelope sender. Their bounces have no tag: exempt these hosts in the bounce filter. Default: no recipient.
         *
         * @param destinations true for such a recipient; thread-safe
         */
        public Builder untaggedDestinations(Predicate<MailAddress> destinations) {
            this.untagged = Objects.requireNonNull(destinations, "destinations");
            return this;
        }

        /**
         * Builds the signer and verifier.
         *
         * @return an immutable, thread-safe instance
         * @throws IllegalStateException if no keys are set
         */
        public Batv build() {
            if (keys == null) {
                throw new IllegalStateException("keys are missing; call keyring or keys");
            }
            return new Batv(this, keys);
        }
    }
}

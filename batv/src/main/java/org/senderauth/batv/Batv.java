package org.senderauth.batv;

import java.time.InstantSource;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/**
 * Tags envelope senders and checks the tags when a bounce comes back (draft-levine-smtp-batv-01), in the way of Exim's
 * {@code prvs} and of batv-tools: the first 24 bits of an HMAC-SHA1 over key number, day of expiry and address, the
 * address octet for octet as it is written.
 *
 * <p>A tag must be the same for all recipients and all delivery attempts of one message (section 5): sign when the
 * message is accepted, and store the result with it. Immutable and thread-safe.
 */
public final class Batv {

    /** The lifetime of a tag in days if no other is set (draft-levine-smtp-batv-01 section 4). */
    public static final int DEFAULT_LIFETIME_DAYS = BatvDays.DEFAULT_LIFETIME;

    /** The longest lifetime of a tag in days: with three digits for the day, one must be left to be over on. */
    public static final int MAX_LIFETIME_DAYS = BatvDays.MAX_LIFETIME;

    /** Octets that a tag adds to an address. */
    public static final int OVERHEAD_OCTETS = "prvs=".length() + BatvTag.Prvs.LENGTH + "=".length();

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
     * Starts the configuration of a signer and verifier.
     *
     * @return a builder; it needs keys
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Tags a sender if it can be tagged.
     *
     * @param sender the envelope sender of outbound mail
     * @return the tagged address, or the sender unchanged; {@link #signing(MailAddress)} also says why
     */
    public MailAddress sign(MailAddress sender) {
        return signing(sender).address();
    }

    /**
     * Tags a sender if it can be tagged, and says if not, why. A tagged address is never tagged again, so that this may
     * be applied any number of times.
     *
     * @param sender the envelope sender of outbound mail; never that of mail relayed for others
     * @return the outcome, with the address to use
     */
    public SignedSender signing(MailAddress sender) {
        Preparation preparation = prepare(sender);
        if (preparation.keyring == null) {
            return new SignedSender(sender, preparation.outcome);
        }
        MailAddress canonical = lowerCase ? sender.toLowerCase() : sender;
        BatvKeyring.Entry key = preparation.keyring.signing();
        String dated = BatvTag.Prvs.dated(key.number(), BatvDays.expiry(clock.instant(), lifetime));
        String hash = BatvTag.Prvs.hashText(key.hash(dated, canonical));
        return new SignedSender(write(canonical, dated, hash), SigningOutcome.SIGNED);
    }

    /**
     * Tags the sender of a message whose recipients are known. One transaction has one sender: if any recipient is an
     * untagged destination, the sender stays as it is.
     *
     * @param sender the envelope sender of outbound mail
     * @param recipients all recipients of the message
     * @return the outcome, with the address to use
     */
    public SignedSender signing(MailAddress sender, Collection<MailAddress> recipients) {
        return recipients.stream().anyMatch(untagged)
                ? new SignedSender(sender, SigningOutcome.UNTAGGED_DESTINATION)
                : signing(sender);
    }

    /**
     * Whether a sender would be tagged, without the work of it. Bounces to a sender that is never tagged must not be
     * refused for want of a tag.
     *
     * @param sender an address of ours
     * @return {@link SigningOutcome#SIGNED} if {@link #signing(MailAddress)} would tag it, else what it would say
     */
    public SigningOutcome couldSign(MailAddress sender) {
        return prepare(sender).outcome;
    }

    private record Preparation(
            SigningOutcome outcome, @Nullable BatvKeyring keyring) {}

    private Preparation prepare(MailAddress sender) {
        if (isSrsOrSes(sender.unquotedLocalPart())) {
            return new Preparation(SigningOutcome.OTHER_SCHEME, null);
        }
        if (TaggedAddress.parse(sender).isPresent()) {
            return new Preparation(SigningOutcome.ALREADY_TAGGED, null);
        }
        BatvKeys.Answer answer = keys.forDomain(sender.withLowerCaseDomain().domain());
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
        return sender.localPartOctets() + OVERHEAD_OCTETS > MailAddress.MAX_LOCAL_PART_OCTETS
                || sender.octets() + OVERHEAD_OCTETS > MailAddress.MAX_ADDRESS_OCTETS;
    }

    private static boolean isSrsOrSes(String local) {
        // Most senders are told by their first letter.
        if (local.length() < 5 || local.charAt(0) != 'S' && local.charAt(0) != 's') {
            return false;
        }
        boolean srs = local.regionMatches(true, 0, "SRS0", 0, 4) || local.regionMatches(true, 0, "SRS1", 0, 4);
        return srs && "=+-".indexOf(local.charAt(4)) >= 0 || local.regionMatches(true, 0, "SES=", 0, 4);
    }

    // A quoted local part becomes one quoted string around tag and content: prvs=...="x y" would be no address.
    private MailAddress write(MailAddress sender, String dated, String hash) {
        String local = sender.localPart();
        boolean quoted = sender.isQuoted();
        String core = quoted ? local.substring(1, local.length() - 1) : local;
        String tagged =
                delimiter == 0 ? "prvs=" + dated + hash + '=' + core : core + delimiter + "prvs=" + dated + hash;
        return sender.withLocalPart(quoted ? '"' + tagged + '"' : tagged);
    }

    /**
     * Checks the tag of an address to which mail has come.
     *
     * @param recipient the text of the recipient, without angle brackets
     * @return the result; {@link BatvVerdict#MALFORMED} if the text is no address
     */
    public BatvResult verify(String recipient) {
        return MailAddress.split(recipient).map(this::verify).orElseGet(BatvResult::malformed);
    }

    /**
     * Checks the tag of an address to which mail has come.
     *
     * <p>The tag is checked against the address as received, with its domain in lower case, and all in lower case, since
     * relays change case. Nothing can restore the case of an address that was signed in mixed case and came back in
     * lower case: see {@link Builder#lowerCase}.
     *
     * @param recipient the recipient
     * @return the result
     */
    public BatvResult verify(MailAddress recipient) {
        Optional<TaggedAddress> parsed = TaggedAddress.parse(recipient);
        if (parsed.isEmpty()) {
            return BatvResult.untagged(recipient);
        }
        TaggedAddress tagged = parsed.get();
        BatvKeys.Answer answer = keys.forDomain(recipient.withLowerCaseDomain().domain());
        if (answer instanceof BatvKeys.Found found) {
            return tagged.tag() instanceof BatvTag.Prvs tag
                    ? new TagCheck(found.keyring(), longestLifetime, clock.instant()).check(tagged, tag)
                    : BatvResult.unchecked(BatvVerdict.FOREIGN, BatvReason.OTHER_PRODUCT, tagged);
        }
        return answer instanceof BatvKeys.None
                ? BatvResult.unchecked(BatvVerdict.FOREIGN, BatvReason.NO_KEYS, tagged)
                : BatvResult.unchecked(BatvVerdict.UNAVAILABLE, BatvReason.KEYS_UNAVAILABLE, tagged);
    }

    /** Configures a {@link Batv}. Not thread-safe. */
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
         * Signs and checks every domain with the same keys.
         *
         * @param keyring the keys
         * @return this
         */
        public Builder keyring(BatvKeyring keyring) {
            return keys(BatvKeys.of(keyring));
        }

        /**
         * Signs and checks each domain with its own keys.
         *
         * @param newKeys where the keys of a domain come from
         * @return this
         */
        public Builder keys(BatvKeys newKeys) {
            this.keys = Objects.requireNonNull(newKeys, "keys");
            return this;
        }

        /**
         * Takes the time from a clock of the caller's choice; the system's if none is set.
         *
         * @param newClock the clock
         * @return this
         */
        public Builder clock(InstantSource newClock) {
            this.clock = Objects.requireNonNull(newClock, "clock");
            return this;
        }

        /**
         * How long new tags are good; {@value #DEFAULT_LIFETIME_DAYS} days if not set.
         *
         * @param days 1 to {@value #MAX_LIFETIME_DAYS}
         * @return this
         * @throws IllegalArgumentException if there are too few or too many
         */
        public Builder lifetimeDays(int days) {
            this.lifetime = BatvDays.checkLifetime(days);
            return this;
        }

        /**
         * The longest lifetime that any signer with these keys uses, if it is longer than this one's: tags that expire
         * further ahead are not accepted.
         *
         * @param days 1 to {@value #MAX_LIFETIME_DAYS}
         * @return this
         * @throws IllegalArgumentException if there are too few or too many
         */
        public Builder longestLifetimeDays(int days) {
            this.longestLifetime = BatvDays.checkLifetime(days);
            return this;
        }

        /**
         * Puts senders into lower case before they are tagged, so that their bounces survive relays that do so on the
         * way back, and Exim's default set-up. If not set, the address stays as it is.
         *
         * @return this
         */
        public Builder lowerCase() {
            this.lowerCase = true;
            return this;
        }

        /**
         * Tags in the sub-address form of batv-tools, {@code joe+prvs=...@example.org}, which hosts that know
         * sub-addresses deliver without change. Checks accept it whether this is set or not.
         *
         * @param newDelimiter {@code +} or {@code -}
         * @return this
         * @throws IllegalArgumentException if it is another character
         */
        public Builder subAddress(char newDelimiter) {
            if (newDelimiter != '+' && newDelimiter != '-') {
                throw new IllegalArgumentException("a sub-address delimiter is + or -");
            }
            this.delimiter = newDelimiter;
            return this;
        }

        /**
         * Leaves mail to some recipients untagged, such as mailing lists that know their posters by envelope sender.
         * Their bounces come back without a tag: exempt these hosts in the bounce filter.
         *
         * @param destinations true for recipients to whom mail goes without a tag; thread-safe
         * @return this
         */
        public Builder untaggedDestinations(Predicate<MailAddress> destinations) {
            this.untagged = Objects.requireNonNull(destinations, "untagged");
            return this;
        }

        /**
         * Makes the signer and verifier.
         *
         * @return an immutable, thread-safe instance
         * @throws IllegalStateException if no keys are set
         */
        public Batv build() {
            if (keys == null) {
                throw new IllegalStateException("BATV needs keys; set keyring or keys");
            }
            return new Batv(this, keys);
        }
    }
}

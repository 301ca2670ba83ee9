package org.senderauth.srs;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MailDomain;
import org.senderauth.core.SafeText;
import org.senderauth.dns.DomainNames;
import org.senderauth.srs.SrsForwarding.Outcome;

/**
 * Rewrites the envelope senders of forwarded mail into addresses of this forwarder, so that SPF passes at the next
 * host, and reverses those addresses when a bounce comes back.
 *
 * <p>Rewrite only what is really forwarded, once for each message. If another forwarder wraps one of our addresses,
 * it comes back unchanged. Immutable and thread-safe; neither method throws for anything that the network sends.
 */
public final class Srs {

    /** The days for which an address is accepted unless the caller sets others, as in all programs but Exim. */
    public static final int DEFAULT_LIFETIME_DAYS = 21;

    /** The longest lifetime in days: two letters count 1,024 days, and half of them must remain invalid. */
    public static final int MAX_LIFETIME_DAYS = SrsDays.MAX_LIFETIME;

    /** The default timeout of the alias store. */
    public static final Duration DEFAULT_STORE_TIMEOUT = Duration.ofSeconds(1);

    /** Bytes that SRS0 adds to local part and domain: tag, hash and stamp with their separators, {@code =} for {@code @}. */
    public static final int OVERHEAD_OCTETS = "SRS0=".length() + SrsFormat.HARDENED_HASH_LENGTH + "=EL=".length();

    /** Marks a list with domains that begin with a dot; no domain is written so. */
    private static final String WILDCARDS = ".";

    private final InstantSource clock;
    private final Set<String> localDomains;
    private final Forwarder forwarder;
    private final Reverser reverser;
    private final @Nullable Reproduction reproduction;

    private Srs(Builder builder, SrsKeyring keyring) {
        this.clock = builder.clock;
        String first = builder.srsDomains.iterator().next();
        this.localDomains = new HashSet<>(builder.localDomains);
        localDomains.addAll(builder.srsDomains);
        if (localDomains.stream().anyMatch(domain -> domain.startsWith("."))) {
            localDomains.add(WILDCARDS);
        }
        Map<String, List<SrsKeyring.Key>> keyrings = new HashMap<>();
        builder.srsDomains.forEach(
                domain -> keyrings.put(domain, (builder.derived ? keyring.derive(domain) : keyring).keys()));
        SrsKeyring.Key signing = Objects.requireNonNull(keyrings.get(first)).get(0);
        int days = builder.lifetimeDays > 0 ? builder.lifetimeDays : signing.lifetimeDays();
        Aliases aliases = builder.aliases == null ? null : new Aliases(builder.aliases, builder.storeTimeout);
        this.forwarder = new Forwarder(
                signing,
                first,
                Math.min(
                        MailAddress.MAX_LOCAL_PART_OCTETS,
                        MailAddress.MAX_ADDRESS_OCTETS - SrsText.utf8(first).length - 1),
                Set.copyOf(builder.srsDomains),
                Set.copyOf(localDomains),
                builder.alwaysRewrite,
                builder.overLong,
                aliases,
                // The last day of an address ends a day after its age in days says.
                Duration.ofDays(days + 1L).plus(AliasStore.SPARE_TIME));
        this.reverser = new Reverser(Map.copyOf(keyrings), days, aliases);
        this.reproduction =
                signing.isPredecessor() ? new Reproduction(keyring.keys(), first, days, builder.alwaysRewrite) : null;
    }

    /**
     * Returns a builder of a forwarder; it requires a keyring and an SRS domain.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Rewrites the sender of a message that is known to be forwarded.
     *
     * @param sender the envelope sender; the null sender is never rewritten
     * @return the sender to use, and what was done
     */
    public SrsForwarding forward(MailAddress sender) {
        Instant now = clock.instant();
        return reproduction != null ? reproduction.forward(sender, now) : forwarder.forward(sender, SrsDays.day(now));
    }

    /**
     * Rewrites the sender of a message to a recipient, if that recipient is not at one of our domains.
     *
     * @param sender the envelope sender
     * @param recipient the recipient after all aliases are expanded
     * @return the sender to use, and what was done
     */
    public SrsForwarding forward(MailAddress sender, MailAddress recipient) {
        return contains(localDomains, DomainNames.canonical(recipient.domain()))
                ? new SrsForwarding(sender, Outcome.LOCAL_RECIPIENT)
                : forward(sender);
    }

    /**
     * Reverses an address to which mail has come.
     *
     * @param address the recipient
     * @return the original sender, or the reason why there is none
     */
    public SrsResult reverse(MailAddress address) {
        Instant now = clock.instant();
        return reproduction != null ? reproduction.reverse(address, now) : reverser.reverse(address, now);
    }

    /**
     * Reverses a text to which mail has come.
     *
     * @param address the text of the recipient, as {@link EnvelopePath#parse} reads it
     * @return the original sender, or the reason why there is none; a text that is not an address is
     *     {@link SrsVerdict#MALFORMED} if it begins with an SRS tag, perhaps after spaces, a bracket or a quotation
     *     mark, else {@link SrsVerdict#NOT_SRS}
     */
    public SrsResult reverse(String address) {
        Optional<MailAddress> read = EnvelopePath.parse(address).address();
        if (read.isPresent()) {
            return reverse(read.get());
        }
        int start = 0;
        while (start < address.length() && " \t<\"".indexOf(address.charAt(start)) >= 0) {
            start++;
        }
        return SrsSyntax.parse(address.substring(start)) instanceof SrsSyntax.NotSrs
                ? SrsResult.of(SrsVerdict.NOT_SRS, SrsReason.NO_TAG)
                : SrsResult.of(SrsVerdict.MALFORMED, SrsReason.MISSING_PART);
    }

    /** Tests whether a list has a domain, or one above it with a leading dot, as PostSRSd's list of domains. */
    static boolean contains(Set<String> domains, String domain) {
        if (domains.contains(domain)) {
            return true;
        }
        // Without wildcards, as in most lists, one lookup is enough.
        boolean wildcards = domains.contains(WILDCARDS);
        for (int dot = domain.indexOf('.'); wildcards && dot >= 0; dot = domain.indexOf('.', dot + 1)) {
            if (domains.contains(domain.substring(dot))) {
                return true;
            }
        }
        return false;
    }

    /** Configures an {@link Srs}. Not thread-safe. */
    public static final class Builder {

        private @Nullable SrsKeyring keyring;
        private final Set<String> srsDomains = new LinkedHashSet<>();
        private final Set<String> localDomains = new HashSet<>();
        private boolean derived;
        private boolean alwaysRewrite;
        private int lifetimeDays;
        private InstantSource clock = InstantSource.system();
        private OverLong overLong = OverLong.LEAVE;
        private @Nullable AliasStore aliases;
        private Duration storeTimeout = DEFAULT_STORE_TIMEOUT;

        private Builder() {}

        /**
         * Sets the keys; there is no default.
         *
         * @param keys the keyring
         */
        public Builder keyring(SrsKeyring keys) {
            this.keyring = Objects.requireNonNull(keys, "keyring");
            return this;
        }

        /**
         * Adds an SRS domain: its MX is this host and its SPF record authorizes this host. Senders are rewritten to the
         * first; addresses of all are reversed.
         *
         * @param domain a domain, case-insensitive; U-labels are converted to A-labels
         * @throws IllegalArgumentException if it is not a domain
         */
        public Builder domain(String domain) {
            Objects.requireNonNull(domain, "domain");
            String name = MailAddress.parse("postmaster@" + domain)
                    .filter(address -> !address.isAddressLiteral())
                    .map(address -> DomainNames.canonical(address.domain()))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "domain must be a domain name such as example.org, was '" + SafeText.ascii(domain) + "'"));
            srsDomains.add(name);
            return this;
        }

        /**
         * Sets the domains whose senders are never rewritten and to whose recipients nothing is forwarded; the SRS
         * domains are among them.
         *
         * @param domains the domains, case-insensitive, in A-labels or U-labels; one with a leading dot means all its
         *     subdomains
         * @throws IllegalArgumentException if one is not a domain
         */
        public Builder localDomains(Collection<String> domains) {
            for (String domain : Objects.requireNonNull(domains, "domains")) {
                boolean subdomains =
                        Objects.requireNonNull(domain, "localDomains").startsWith(".");
                String name = MailDomain.require(subdomains ? domain.substring(1) : domain, "localDomains");
                localDomains.add((subdomains ? "." : "") + DomainNames.canonical(name));
            }
            return this;
        }

        /**
         * Sets whether the keys of each SRS domain are derived from those of the keyring, so hosts of one domain need not
         * have the keys of another; false by default.
         *
         * @param derivedKeys whether they are derived
         */
        public Builder derivedKeys(boolean derivedKeys) {
            this.derived = derivedKeys;
            return this;
        }

        /**
         * Sets whether senders of local domains are rewritten too; false by default. Our own SRS addresses are never
         * rewritten.
         *
         * @param alwaysRewrite whether they are
         */
        public Builder alwaysRewrite(boolean alwaysRewrite) {
            this.alwaysRewrite = alwaysRewrite;
            return this;
        }

        /**
         * Sets the days for which an address is accepted; {@value Srs#DEFAULT_LIFETIME_DAYS} by default.
         *
         * @param days 1 to {@value Srs#MAX_LIFETIME_DAYS}
         * @throws IllegalArgumentException if there are too few or too many
         */
        public Builder lifetimeDays(int days) {
            if (days < 1 || days > MAX_LIFETIME_DAYS) {
                throw new IllegalArgumentException(
                        "lifetimeDays must be between 1 and " + MAX_LIFETIME_DAYS + ", was " + days);
            }
            this.lifetimeDays = days;
            return this;
        }

        /**
         * Sets the clock; the system's by default.
         *
         * @param instants the clock
         */
        public Builder clock(InstantSource instants) {
            this.clock = Objects.requireNonNull(instants, "clock");
            return this;
        }

        /**
         * Sets what becomes of senders that would be too long, where no store is set; {@link OverLong#LEAVE} by default.
         *
         * @param treatment the treatment
         */
        public Builder overLong(OverLong treatment) {
            this.overLong = Objects.requireNonNull(treatment, "overLong");
            return this;
        }

        /**
         * Stores senders that would be too long under an alias.
         *
         * @param store the store
         */
        public Builder aliases(AliasStore store) {
            this.aliases = Objects.requireNonNull(store, "aliases");
            return this;
        }

        /**
         * Sets how long the store is waited for; one second by default.
         *
         * @param timeout 1 ms to 1 day
         * @throws IllegalArgumentException if it is shorter or longer
         */
        public Builder storeTimeout(Duration timeout) {
            if (Objects.requireNonNull(timeout, "storeTimeout").compareTo(Duration.ofMillis(1)) < 0
                    || timeout.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("storeTimeout must be between 1 ms and 1 day, was " + timeout);
            }
            this.storeTimeout = timeout;
            return this;
        }

        /**
         * Builds the forwarder.
         *
         * @throws IllegalStateException if there is no keyring or no SRS domain
         */
        public Srs build() {
            if (keyring == null) {
                throw new IllegalStateException("SRS needs keys: call keyring(...)");
            }
            if (srsDomains.isEmpty()) {
                throw new IllegalStateException("SRS needs a domain of this forwarder: call domain(...)");
            }
            return new Srs(this, keyring);
        }
    }
}

package org.senderauth.srs;

import java.security.Provider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Hmac;
import org.senderauth.core.KeyStatus;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DomainNames;

/**
 * The keys of a forwarder. Exactly one signs; all verify, a retired one until its end. Keys of a predecessor verify
 * the addresses that the program before us signed, each with an end date. Immutable and thread-safe; no key shows.
 */
public final class SrsKeyring {

    /** The most keys of a ring: each is one HMAC in the check of a forged address. */
    public static final int MAX_KEYS = 16;

    private static final String PURPOSE = "srs";

    private final List<Key> keys;
    private final @Nullable Provider provider;

    private SrsKeyring(List<Key> keys, @Nullable Provider provider) {
        this.keys = List.copyOf(keys);
        this.provider = provider;
    }

    /** One key, with the form of the addresses that it signs or verifies. */
    record Key(
            SecretKey secret,
            Hmac hmac,
            SrsFormat format,
            SrsScheme scheme,
            int lifetimeDays,
            @Nullable Instant until) {

        boolean isPredecessor() {
            return format.mode() != SrsMode.HARDENED;
        }

        boolean hasEnded(Instant now) {
            return until != null && !now.isBefore(until);
        }

        /** Never the key. */
        @Override
        public String toString() {
            return format.mode().text() + (until == null ? "" : " until " + until);
        }
    }

    /**
     * A keyring with one key.
     *
     * @param key the key
     * @return the keyring
     */
    public static SrsKeyring of(SecretKey key) {
        return builder().sign(key).build();
    }

    /**
     * Returns a builder of a keyring.
     *
     * @return a builder without keys
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The keyring of one SRS domain. Each of our own keys is derived from the one here by {@link SecretKeys#derive} with
     * the purpose {@code srs}; keys of a predecessor, which knows no derived keys, are the same.
     *
     * @param domain the domain, case-insensitive, in A-labels or U-labels
     * @return the keyring of the domain
     */
    public SrsKeyring derive(String domain) {
        String name = DomainNames.canonical(domain);
        List<Key> derived = new ArrayList<>();
        for (Key key : keys) {
            derived.add(
                    key.isPredecessor()
                            ? key
                            : key(
                                    SecretKeys.derive(key.secret(), PURPOSE, name),
                                    key.format(),
                                    key.lifetimeDays(),
                                    key.until(),
                                    provider));
        }
        return new SrsKeyring(derived, provider);
    }

    /** {@return the use of each key; the first signs, and those of a predecessor have its name} */
    public List<KeyStatus> status() {
        return IntStream.range(0, keys.size())
                .mapToObj(index -> status(index, keys.get(index)))
                .toList();
    }

    private static KeyStatus status(int index, Key key) {
        String name = index + (key.isPredecessor() ? " " + key.format().mode().text() : "");
        return new KeyStatus(name, index == 0, Optional.ofNullable(key.until()));
    }

    /** The key that signs comes first. */
    List<Key> keys() {
        return keys;
    }

    /** Programs and dates; never a key. */
    @Override
    public String toString() {
        return "SrsKeyring" + keys;
    }

    private static Key key(
            SecretKey secret,
            SrsFormat format,
            int lifetimeDays,
            @Nullable Instant until,
            @Nullable Provider provider) {
        SrsScheme scheme = SrsScheme.of(format);
        Hmac hmac =
                provider == null ? Hmac.of(scheme.algorithm(), secret) : Hmac.of(scheme.algorithm(), secret, provider);
        return new Key(secret, hmac, format, scheme, lifetimeDays, until);
    }

    /** Collects the keys of a keyring. Not thread-safe. */
    public static final class Builder {

        private record Pending(
                SecretKey secret,
                SrsFormat format,
                int lifetimeDays,
                @Nullable Instant until) {}

        private @Nullable Pending signing;
        private final List<Pending> others = new ArrayList<>();
        private @Nullable Provider provider;

        private Builder() {}

        /**
         * Adds the key that signs. It verifies as well.
         *
         * @param key the key
         * @throws IllegalStateException if another key signs already
         */
        public Builder sign(SecretKey key) {
            return sign(key, SrsFormat.HARDENED);
        }

        /**
         * Adds the key that signs, in the form of a certain program. Other forms than {@link SrsMode#HARDENED} are for
         * tests and comparisons: one hash of theirs fits several addresses.
         *
         * @param key the key
         * @param format the form
         * @throws IllegalStateException if another key signs already
         */
        public Builder sign(SecretKey key, SrsFormat format) {
            if (signing != null) {
                throw new IllegalStateException("one key signs already; add this one with verify");
            }
            signing = new Pending(
                    Objects.requireNonNull(key, "key"), format, format.mode().lifetimeDays(), null);
            return this;
        }

        /**
         * Adds a key of our own that only verifies.
         *
         * @param key the key
         */
        public Builder verify(SecretKey key) {
            return add(key, SrsFormat.HARDENED, null);
        }

        /**
         * Adds a retired key of our own.
         *
         * @param key the key
         * @param until the first instant at which it no longer verifies: the change of keys and the lifetime and one day
         *     later
         */
        public Builder retired(SecretKey key, Instant until) {
            return add(key, SrsFormat.HARDENED, Objects.requireNonNull(until, "until"));
        }

        /**
         * Adds a secret of the program that forwarded before us, to verify the addresses that are still under way.
         *
         * @param key the secret
         * @param format the program and its settings
         * @param until the first instant at which it no longer verifies: the change-over and the lifetime and one day
         *     later
         */
        public Builder predecessor(SecretKey key, SrsFormat format, Instant until) {
            return add(key, format, Objects.requireNonNull(until, "until"));
        }

        /**
         * Adds a key that only verifies addresses of a certain form, without an end. For tests and comparisons.
         *
         * @param key the key
         * @param format the form
         */
        public Builder verify(SecretKey key, SrsFormat format) {
            return add(key, format, null);
        }

        /**
         * Computes with a security provider of the caller's choice, such as Bouncy Castle's.
         *
         * @param newProvider the provider; it need not be registered
         */
        public Builder provider(Provider newProvider) {
            this.provider = Objects.requireNonNull(newProvider, "provider");
            return this;
        }

        private Builder add(SecretKey key, SrsFormat format, @Nullable Instant until) {
            others.add(new Pending(
                    Objects.requireNonNull(key, "key"), format, format.mode().lifetimeDays(), until));
            return this;
        }

        /**
         * Builds the keyring.
         *
         * @return the keyring
         * @throws IllegalStateException if no key signs, or there are more than {@value SrsKeyring#MAX_KEYS}
         * @throws IllegalArgumentException if the provider rejects a key
         */
        public SrsKeyring build() {
            if (signing == null) {
                throw new IllegalStateException("no key signs; add one with sign");
            }
            if (others.size() >= MAX_KEYS) {
                throw new IllegalStateException(
                        "a keyring has at most " + MAX_KEYS + " keys; remove those that ended long ago");
            }
            List<Key> keys = new ArrayList<>();
            for (Pending pending : concat(signing, others)) {
                keys.add(key(pending.secret(), pending.format(), pending.lifetimeDays(), pending.until(), provider));
            }
            return new SrsKeyring(keys, provider);
        }

        private static List<Pending> concat(Pending first, List<Pending> rest) {
            List<Pending> all = new ArrayList<>();
            all.add(first);
            all.addAll(rest);
            return all;
        }
    }
}

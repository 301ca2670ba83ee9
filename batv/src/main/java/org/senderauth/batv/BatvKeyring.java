package org.senderauth.batv;

import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Hmac;
import org.senderauth.core.KeyStatus;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;

/**
 * The keys of one domain, or of all domains that share them: ten slots numbered 0 to 9, the {@code K} of a tag.
 *
 * <p>Exactly one key signs. All keys verify, a retired one until its last instant; several may share a slot while a
 * domain moves from one key to another that peers know by the same number. Immutable and thread-safe.
 */
public final class BatvKeyring {

    /** Slots of a keyring: {@code K} is one digit (draft-levine-smtp-batv-01 section 4). */
    public static final int SLOTS = 10;

    /** Most keys of one slot: each is one HMAC or more in the check of a forged tag. */
    public static final int MAX_KEYS_PER_SLOT = 8;

    private static final String ALGORITHM = "HmacSHA1";

    private final List<List<Entry>> slots;
    private final Entry signing;
    private final @Nullable Provider provider;

    private BatvKeyring(List<List<Entry>> slots, Entry signing, @Nullable Provider provider) {
        this.slots = slots.stream().map(List::copyOf).toList();
        this.signing = signing;
        this.provider = provider;
    }

    /** One key: what it computes with, and how long. */
    record Entry(
            int number, SecretKey key, Hmac hmac, @Nullable Instant until) {

        /** The first 24 bits of HMAC-SHA1(key, K DDD orig-mailfrom), draft-levine-smtp-batv-01 section 4. */
        int hash(String dated, MailAddress address) {
            String text = dated + address.localPart() + '@' + address.domain();
            byte[] mac = hmac.compute(text.getBytes(StandardCharsets.UTF_8));
            return (mac[0] & 0xff) << 2 * Byte.SIZE | (mac[1] & 0xff) << Byte.SIZE | mac[2] & 0xff;
        }

        boolean isOver(Instant now) {
            return until != null && !now.isBefore(until);
        }

        /** Never the key. */
        @Override
        public String toString() {
            return number + (until == null ? "" : " until " + until);
        }
    }

    /**
     * A keyring with one key, of number 0, which is the only number that batv-tools knows.
     *
     * @param key the key
     * @return the keyring
     */
    public static BatvKeyring of(SecretKey key) {
        return builder().sign(0, key).build();
    }

    /**
     * Starts a keyring.
     *
     * @return a builder that holds no key
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The keyring of one domain, each of its keys derived from the key of the same slot here by {@link
     * SecretKeys#derive} with the purpose {@code batv}. Slots and dates are the same, so the master secrets are
     * replaced as keys are.
     *
     * @param domain the domain; its case does not matter
     * @return the domain's keyring
     */
    public BatvKeyring derive(String domain) {
        Builder derived = builder();
        derived.provider = provider;
        for (List<Entry> slot : slots) {
            for (Entry entry : slot) {
                derived.add(entry.number, SecretKeys.derive(entry.key, "batv", domain), entry.until, entry == signing);
            }
        }
        return derived.build();
    }

    /**
     * The number of the key that signs.
     *
     * @return 0 to 9
     */
    public int signingKeyNumber() {
        return signing.number;
    }

    /** {@return the use of each key, by number} */
    public List<KeyStatus> status() {
        return slots.stream()
                .flatMap(List::stream)
                .map(entry -> new KeyStatus(
                        Integer.toString(entry.number), entry == signing, Optional.ofNullable(entry.until)))
                .toList();
    }

    Entry signing() {
        return signing;
    }

    List<Entry> slot(int number) {
        return slots.get(number);
    }

    /** Numbers and dates; never a key. */
    @Override
    public String toString() {
        return "BatvKeyring[signing " + signing.number + ", keys "
                + slots.stream().flatMap(List::stream).toList() + "]";
    }

    /** Collects the keys of a keyring. Not thread-safe. */
    public static final class Builder {

        private final List<Pending> pending = new ArrayList<>();
        private @Nullable Provider provider;

        private record Pending(
                int number, SecretKey key, @Nullable Instant until, boolean signs) {}

        private Builder() {}

        /**
         * Adds the key that signs. It verifies as well.
         *
         * @param number its slot, 0 to 9
         * @param key the key
         * @return this
         * @throws IllegalArgumentException if there is no such slot, or it is full
         * @throws IllegalStateException if another key signs already
         */
        public Builder sign(int number, SecretKey key) {
            if (pending.stream().anyMatch(Pending::signs)) {
                throw new IllegalStateException("one key signs already; add this one with verify");
            }
            return add(number, key, null, true);
        }

        /**
         * Adds a key that only verifies.
         *
         * @param number its slot, 0 to 9
         * @param key the key
         * @return this
         * @throws IllegalArgumentException if there is no such slot, or it is full
         */
        public Builder verify(int number, SecretKey key) {
            return add(number, key, null, false);
        }

        /**
         * Adds a retired key, which verifies for a while.
         *
         * @param number its slot, 0 to 9
         * @param key the key
         * @param until the first instant at which it no longer verifies: the change of keys, and the lifetime of its
         *     tags and one day later
         * @return this
         * @throws IllegalArgumentException if there is no such slot, or it is full
         */
        public Builder retired(int number, SecretKey key, Instant until) {
            return add(number, key, Objects.requireNonNull(until, "until"), false);
        }

        /**
         * Computes with a security provider of the caller's choice, such as Bouncy Castle's.
         *
         * @param newProvider the provider; it need not be registered
         * @return this
         */
        public Builder provider(Provider newProvider) {
            this.provider = Objects.requireNonNull(newProvider, "provider");
            return this;
        }

        private Builder add(int number, SecretKey key, @Nullable Instant until, boolean signs) {
            if (number < 0 || number >= SLOTS) {
                throw new IllegalArgumentException("a key number is one digit, 0 to 9, not " + number);
            }
            if (pending.stream().filter(other -> other.number == number).count() == MAX_KEYS_PER_SLOT) {
                throw new IllegalArgumentException(
                        "slot " + number + " has " + MAX_KEYS_PER_SLOT + " keys already; drop those long retired");
            }
            pending.add(new Pending(number, Objects.requireNonNull(key, "key"), until, signs));
            return this;
        }

        /**
         * Creates the keyring.
         *
         * @return the keyring
         * @throws IllegalStateException if no key signs
         * @throws IllegalArgumentException if the provider rejects a key
         */
        public BatvKeyring build() {
            List<List<Entry>> slots = new ArrayList<>();
            for (int number = 0; number < SLOTS; number++) {
                slots.add(new ArrayList<>());
            }
            Entry signing = null;
            for (Pending key : pending) {
                Hmac hmac = provider == null ? Hmac.of(ALGORITHM, key.key) : Hmac.of(ALGORITHM, key.key, provider);
                Entry entry = new Entry(key.number, key.key, hmac, key.until);
                slots.get(key.number).add(entry);
                if (key.signs) {
                    signing = entry;
                }
            }
            if (signing == null) {
                throw new IllegalStateException("no key signs; add one with sign");
            }
            return new BatvKeyring(slots, signing, provider);
        }
    }
}

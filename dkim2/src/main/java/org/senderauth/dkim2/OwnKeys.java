package org.senderauth.dkim2;

import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.senderauth.core.SafeText;

/**
 * The public keys of this host's own signatures: selector and domain to key, without DNS. Immutable and thread-safe.
 *
 * <p>Keep a retired key here for 14 days plus the longest time that mail stays in a queue: bounces of the mail that it
 * signed still come. A key that is missing here makes a bounce look forged.
 */
public final class OwnKeys {

    private static final String INFIX = "._domainkey.";

    private final Map<String, KeyRecord> keys;
    private final Set<String> domains;

    private OwnKeys(Builder builder) {
        this.keys = Map.copyOf(builder.keys);
        this.domains = Set.copyOf(builder.domains);
    }

    /** {@return a new builder} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads lines of the form {@code SELECTOR._domainkey.DOMAIN RECORD}, where the record is that of the DNS. Empty lines
     * and lines that start with {@code #} are ignored.
     *
     * @param text the lines
     * @return the keys
     * @throws IllegalArgumentException if a line is malformed; the message contains its number
     */
    public static OwnKeys parse(String text) {
        Builder builder = builder();
        int number = 0;
        for (String line : text.split("\\R")) {
            number++;
            String trimmed = line.strip();
            if (!trimmed.isEmpty() && !trimmed.startsWith("#")) {
                String[] parts = trimmed.split("\\s+", 2);
                try {
                    builder.record(parts[0], parts.length < 2 ? "" : parts[1]);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
                }
            }
        }
        return builder.build();
    }

    Optional<KeyRecord> find(String selector, String domain) {
        return Optional.ofNullable(keys.get(selector + INFIX + domain));
    }

    /** {@return the domains of the keys, in lower case} */
    public Set<String> domains() {
        return domains;
    }

    /** {@return the number of keys} */
    public int size() {
        return keys.size();
    }

    @Override
    public String toString() {
        return "OwnKeys" + keys.keySet();
    }

    /** Collects keys. Not thread-safe. */
    public static final class Builder {

        private final Map<String, KeyRecord> keys = new HashMap<>();
        private final Set<String> domains = new LinkedHashSet<>();

        private Builder() {}

        /**
         * Adds a key.
         *
         * @param selector the selector
         * @param domain the signing domain
         * @param key an RSA key of 1024 to 8192 bits, or an Ed25519 key
         * @return this builder
         * @throws IllegalArgumentException if the key is of another type or size, or the selector has a key already
         */
        public Builder key(String selector, String domain, PublicKey key) {
            Objects.requireNonNull(selector, "selector");
            Objects.requireNonNull(domain, "domain");
            try {
                return record(selector + INFIX + domain, KeyRecord.format(Objects.requireNonNull(key, "key")));
            } catch (InvalidKeyException e) {
                throw new IllegalArgumentException("key must be an RSA or Ed25519 key, was " + key.getAlgorithm(), e);
            }
        }

        /**
         * Adds a key as it is published.
         *
         * @param name the owner of the record, such as {@code mail._domainkey.example.org}
         * @param record the text of the record, such as {@code v=DKIM1; k=ed25519; p=...}
         * @return this builder
         * @throws IllegalArgumentException if the record is malformed or revoked, or the name has a key already
         */
        public Builder record(String name, String record) {
            String owner =
                    SignedPath.domain(Objects.requireNonNull(name, "name")).orElse("");
            Objects.requireNonNull(record, "record");
            int infix = owner.indexOf(INFIX);
            if (infix < 1) {
                throw new IllegalArgumentException(
                        "name must be SELECTOR" + INFIX + "DOMAIN, was '" + SafeText.ascii(name) + "'");
            }
            try {
                if (keys.putIfAbsent(owner, KeyRecord.parse(record)) != null) {
                    throw new IllegalArgumentException(owner + ": there is already a key; use another selector");
                }
            } catch (MalformedMessageException e) {
                throw new IllegalArgumentException(owner + ": the key record " + e.text(), e);
            }
            domains.add(owner.substring(infix + INFIX.length()));
            return this;
        }

        /**
         * Builds the keys.
         *
         * @return the keys
         */
        public OwnKeys build() {
            return new OwnKeys(this);
        }
    }
}

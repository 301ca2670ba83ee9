package org.senderauth.ses;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.KeyStatus;
import org.senderauth.core.MailDomain;
import org.senderauth.core.SafeText;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DomainNames;

/**
 * The keys of each domain, newest first: the first signs, all verify. A domain without keys is not ours. Immutable and
 * thread-safe; no secret is ever shown.
 */
public final class SesKeyring {

    private static final String PURPOSE = "ses";

    private final Map<String, List<SesKey>> domains;
    private final @Nullable List<SesKey> anyDomain;

    private SesKeyring(Map<String, List<SesKey>> domains, @Nullable List<SesKey> anyDomain) {
        this.domains = domains;
        this.anyDomain = anyDomain;
    }

    /**
     * Returns a keyring whose keys are used for every domain, for a signer that knows by other means which domains are its own.
     *
     * @param newestFirst the keys; the first one signs
     * @return the keyring
     * @throws IllegalArgumentException if there is no key, or the first one is retired
     */
    public static SesKeyring forAnyDomain(SesKey... newestFirst) {
        return new SesKeyring(Map.of(), checked("every domain", List.of(newestFirst)));
    }

    /**
     * Returns a builder of a keyring without domains.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return the domains that have keys of their own, as A-labels in lower case}
     */
    public Set<String> domains() {
        return domains.keySet();
    }

    /**
     * Returns the use of each key of a domain, newest first.
     *
     * @param domain the domain
     * @return the keys by index; empty if it has none
     */
    public List<KeyStatus> status(String domain) {
        List<SesKey> keys = keys(canonical(domain));
        return IntStream.range(0, keys.size())
                .mapToObj(index -> new KeyStatus(
                        Integer.toString(index), index == 0, keys.get(index).dropAfter()))
                .toList();
    }

    /** The keys of a domain as {@link #canonical} gives it, newest first; empty if it is not ours. */
    List<SesKey> keys(String canonicalDomain) {
        List<SesKey> keys = domains.get(canonicalDomain);
        if (keys != null) {
            return keys;
        }
        return anyDomain == null ? List.of() : anyDomain;
    }

    static SecretKey derived(SecretKey master, String domain) {
        return SecretKeys.derive(master, PURPOSE, canonical(domain));
    }

    /**
     * Returns the largest clock skew that the layout of every key allows, in time units of that layout.
     *
     * @return the smallest {@link SesLayout#maxSkew} of all keys
     */
    public int maxSkew() {
        return Stream.concat(domains.values().stream(), Stream.ofNullable(anyDomain))
                .flatMap(List::stream)
                .mapToInt(key -> key.layout().maxSkew())
                .min()
                .orElseThrow();
    }

    /** The one form of a domain that is signed and looked up. One that is not a domain name can never be looked up. */
    static String canonical(String domain) {
        return DomainNames.canonical(domain);
    }

    private static List<SesKey> checked(String whose, List<SesKey> newestFirst) {
        if (newestFirst.isEmpty()) {
            throw new IllegalArgumentException(whose + " needs at least one key");
        }
        if (newestFirst.get(0).isRetired()) {
            throw new IllegalArgumentException(whose + ": the first key signs, so it must not be retired");
        }
        return newestFirst;
    }

    /** {@return the domains; never a secret} */
    @Override
    public String toString() {
        return "SesKeyring[" + (anyDomain == null ? String.join(", ", domains.keySet()) : "every domain") + "]";
    }

    /** A builder of {@link SesKeyring}. Not thread-safe. */
    public static final class Builder {

        private final Map<String, List<SesKey>> domains = new HashMap<>();

        private Builder() {}

        /**
         * Adds a key to a domain, after those that it has: the newest comes first.
         *
         * @param domain the domain; case-insensitive; U-labels are converted to A-labels
         * @param key the key
         * @throws IllegalArgumentException if the text is not a domain name
         */
        public Builder add(String domain, SesKey key) {
            String name = MailDomain.require(domain, "domain");
            if (DomainNames.parse(name).isEmpty()) {
                throw new IllegalArgumentException("not a domain name: " + SafeText.ascii(domain));
            }
            domains.computeIfAbsent(canonical(name), d -> new ArrayList<>()).add(Objects.requireNonNull(key, "key"));
            return this;
        }

        /**
         * Adds to a domain the key that {@link SecretKeys#derive} derives for it from a master secret.
         *
         * @param domain the domain
         * @param master the master secret
         * @param algorithm the MAC
         * @param layout the layout
         * @throws IllegalArgumentException if the text is not a domain name, or the master does not reveal its bytes
         */
        public Builder addDerived(String domain, SecretKey master, SesAlgorithm algorithm, SesLayout layout) {
            Objects.requireNonNull(domain, "domain");
            Objects.requireNonNull(master, "master");
            return add(domain, SesKey.of(derived(master, domain), algorithm, layout));
        }

        /**
         * Builds the keyring.
         *
         * @throws IllegalArgumentException if there is no domain, or the first key of one is retired
         */
        public SesKeyring build() {
            if (domains.isEmpty()) {
                throw new IllegalArgumentException("a keyring needs at least one domain");
            }
            Map<String, List<SesKey>> copy = new HashMap<>();
            domains.forEach((domain, keys) -> copy.put(domain, checked(domain, List.copyOf(keys))));
            return new SesKeyring(Map.copyOf(copy), null);
        }
    }
}

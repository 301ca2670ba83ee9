package org.senderauth.batv;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.senderauth.core.MailDomain;

/**
 * The keys of each domain. A domain without keys is not ours: its senders are not tagged and its bounces are not
 * filtered.
 *
 * <p>An implementation must be thread-safe and should answer from memory; one that asks a store outside the process
 * says {@link Unavailable} when the store does not answer.
 */
@FunctionalInterface
public interface BatvKeys {

    /**
     * The keys of a domain.
     *
     * @param domain the domain in lower case, as it is written in the address
     * @return the answer
     */
    Answer forDomain(String domain);

    /** The keys of a domain, or why there are none. */
    sealed interface Answer {}

    /**
     * The domain has these keys.
     *
     * @param keyring its keys
     */
    record Found(BatvKeyring keyring) implements Answer {}

    /** The domain has no keys. */
    record None() implements Answer {}

    /**
     * The keys are currently unavailable.
     *
     * @param cause what went wrong, for the log; without secrets
     */
    record Unavailable(String cause) implements Answer {}

    /**
     * The same keys for every domain.
     *
     * @param keyring the keys
     * @return the key source
     */
    static BatvKeys of(BatvKeyring keyring) {
        Answer answer = new Found(Objects.requireNonNull(keyring, "keyring"));
        return domain -> answer;
    }

    /**
     * Keys per domain, and none for all others.
     *
     * @param keyrings the keys of each domain; the case of the domains does not matter
     * @return the key source
     * @throws IllegalArgumentException if a domain is not a domain name, or is in the map in two spellings
     */
    static BatvKeys perDomain(Map<String, BatvKeyring> keyrings) {
        return perDomain(keyrings, domain -> new None());
    }

    /**
     * Keys per domain, and another source for all others.
     *
     * @param keyrings the keys of each domain; the case of the domains does not matter
     * @param others asked for every domain that is not in the map
     * @return the key source
     * @throws IllegalArgumentException if a domain is not a domain name, or is in the map in two spellings
     */
    static BatvKeys perDomain(Map<String, BatvKeyring> keyrings, BatvKeys others) {
        Map<String, Answer> answers = new HashMap<>();
        Objects.requireNonNull(others, "others");
        keyrings.forEach((domain, keyring) -> {
            String name = MailDomain.require(domain, "domain").toLowerCase(Locale.ROOT);
            if (answers.put(name, new Found(Objects.requireNonNull(keyring, "keyring"))) != null) {
                throw new IllegalArgumentException("keyrings must contain a domain once, contains " + name + " twice");
            }
        });
        return domain -> {
            Answer answer = answers.get(domain);
            return answer != null ? answer : others.forDomain(domain);
        };
    }

    /**
     * Keys for every domain, derived from master secrets when they are asked for, which costs some microseconds each
     * time. For domains known beforehand put {@link BatvKeyring#derive} into {@link #perDomain(Map)}.
     *
     * @param masters the master secrets
     * @return the key source
     */
    static BatvKeys derivedFrom(BatvKeyring masters) {
        Objects.requireNonNull(masters, "masters");
        return domain -> new Found(masters.derive(domain));
    }
}

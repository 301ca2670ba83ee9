package org.senderauth.batv;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Which keys a domain has. A domain without keys is none of ours: its senders are not tagged and its bounces not
 * judged.
 *
 * <p>An implementation must be thread-safe and should answer from memory; one that asks a store outside the process
 * says {@link Unavailable} when the store does not answer.
 */
@FunctionalInterface
public interface BatvKeys {

    /**
     * The keys of a domain.
     *
     * @param domain the domain in lower case, as it stands in the address
     * @return the answer
     */
    Answer forDomain(String domain);

    /** What is known about the keys of a domain. */
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
     * Nobody knows at the moment.
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
     */
    static BatvKeys perDomain(Map<String, BatvKeyring> keyrings, BatvKeys others) {
        Map<String, Answer> answers = new HashMap<>();
        keyrings.forEach((domain, keyring) -> answers.put(domain.toLowerCase(Locale.ROOT), new Found(keyring)));
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

package org.senderauth.policy;

import java.util.List;
import java.util.Optional;
import org.senderauth.dns.DomainNames;

/**
 * The results of this host's DKIM verifier for a message, for {@link SenderPolicyBuilder#unlessDkimPasses}. The caller
 * answers for its origin: a client can write {@code Authentication-Results} too. Immutable.
 *
 * @param from the domain of the one author in the From header; empty if there is none or more than one
 * @param passed the domains (tag {@code d}) of the signatures that pass, in the order of the results
 */
public record DkimResults(Optional<String> from, List<String> passed) {

    /** No signature that passes. */
    public static final DkimResults NONE = new DkimResults(Optional.empty(), List.of());

    /** The maximum number of domains; each may cost eight DNS queries. */
    public static final int MAX_DOMAINS = 5;

    /**
     * Copies the domains as {@link DomainNames#canonical} gives them; those after the first {@link #MAX_DOMAINS} are ignored.
     *
     * @param from the domain of the author
     * @param passed the domains of signatures
     */
    public DkimResults {
        from = from.map(DomainNames::canonical);
        passed = passed.stream()
                .map(DomainNames::canonical)
                .distinct()
                .limit(MAX_DOMAINS)
                .toList();
    }
}

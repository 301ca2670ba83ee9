package org.senderauth.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.senderauth.core.MailDomain;

/**
 * Domains, each with the name of the list that it is from: {@code example.net}, or {@code .example.net} for all its
 * subdomains. Its copies are immutable.
 */
final class NamedDomains {

    private final Map<String, String> domains;

    NamedDomains() {
        this(new HashMap<>());
    }

    private NamedDomains(Map<String, String> domains) {
        this.domains = domains;
    }

    /** An immutable copy. */
    NamedDomains copy() {
        return new NamedDomains(Map.copyOf(domains));
    }

    /**
     * Adds a domain.
     *
     * @throws IllegalArgumentException if it is not a domain name
     */
    void add(String domain, String parameter, String list) {
        boolean subdomains = Objects.requireNonNull(domain, parameter).startsWith(".");
        String name = DomainNormalizer.normal(MailDomain.require(subdomains ? domain.substring(1) : domain, parameter));
        domains.putIfAbsent(subdomains ? "." + name : name, list);
    }

    boolean isEmpty() {
        return domains.isEmpty();
    }

    /** The entry that contains a normalized domain, and where it is from: {@code .example.net (FILE)}. */
    Optional<String> find(String domain) {
        String list = domains.get(domain);
        if (list != null) {
            return Optional.of(domain + list);
        }
        for (int dot = domain.indexOf('.'); dot > 0; dot = domain.indexOf('.', dot + 1)) {
            String parent = domain.substring(dot);
            String ofParent = domains.get(parent);
            if (ofParent != null) {
                return Optional.of(parent + ofParent);
            }
        }
        return Optional.empty();
    }
}

package org.senderauth.csv;

import java.util.Objects;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Name;

/**
 * An accreditation service that this site trusts. There is no default.
 *
 * @param name the service's domain
 * @param weight the weight of its rating among the others, at least 1
 * @param always whether it is queried for every name, or only if the owner of the name refers to it
 */
public record DnaService(Name name, int weight, boolean always) {

    /** The labels before a service's domain in a reference to it. */
    public static final String POINTER_PREFIX = "_VOUCH._SMTP";

    /**
     * Creates a service.
     *
     * @throws IllegalArgumentException if the weight is less than 1
     */
    public DnaService {
        Objects.requireNonNull(name, "name");
        if (weight < 1) {
            throw new IllegalArgumentException("a trusted service has a weight of at least 1");
        }
    }

    /**
     * Creates a service that is queried for names whose owners refer to it.
     *
     * @param domain the service's domain
     * @param weight the weight of its rating, at least 1
     * @return the service
     * @throws IllegalArgumentException if the domain is not a domain name, or the weight less than 1
     */
    public static DnaService whenPointedTo(String domain, int weight) {
        return new DnaService(DomainNames.require(domain, "domain"), weight, false);
    }

    /**
     * Creates a service that is queried for every name.
     *
     * @param domain the service's domain
     * @param weight the weight of its rating, at least 1
     * @return the service
     * @throws IllegalArgumentException if the domain is not a domain name, or the weight less than 1
     */
    public static DnaService always(String domain, int weight) {
        return new DnaService(DomainNames.require(domain, "domain"), weight, true);
    }
}

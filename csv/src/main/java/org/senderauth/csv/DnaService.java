package org.senderauth.csv;

import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Name;

/**
 * An accreditation service that the local site trusts. None is built in.
 *
 * @param name the service's domain
 * @param weight how much its rating counts beside the others, at least 1
 * @param always true to ask it about every name, false to ask only if the name's owner points to it
 */
public record DnaService(Name name, int weight, boolean always) {

    /** The labels in front of a service's domain in a pointer to it. */
    public static final String POINTER_PREFIX = "_VOUCH._SMTP";

    /**
     * Makes a service.
     *
     * @param name the service's domain
     * @param weight how much its rating counts, at least 1
     * @param always whether it is asked about every name
     * @throws IllegalArgumentException if the weight is less than 1
     */
    public DnaService {
        if (weight < 1) {
            throw new IllegalArgumentException("a trusted service has a weight of at least 1");
        }
    }

    /**
     * A service that is asked about names whose owners point to it.
     *
     * @param domain the service's domain
     * @param weight how much its rating counts, at least 1
     * @return the service
     * @throws IllegalArgumentException if the domain is no domain name, or the weight less than 1
     */
    public static DnaService whenPointedTo(String domain, int weight) {
        return new DnaService(DomainNames.of(domain), weight, false);
    }

    /**
     * A service that is asked about every name.
     *
     * @param domain the service's domain
     * @param weight how much its rating counts, at least 1
     * @return the service
     * @throws IllegalArgumentException if the domain is no domain name, or the weight less than 1
     */
    public static DnaService always(String domain, int weight) {
        return new DnaService(DomainNames.of(domain), weight, true);
    }
}

package org.senderauth.policy;

import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DomainNames;

/** Normalizes domains for comparison: {@link DomainNames#canonical}. */
final class DomainNormalizer {

    private DomainNormalizer() {}

    /** A normalized domain. */
    static String normal(String domain) {
        return DomainNames.canonical(domain);
    }

    /** The normalized domain of an address; empty for null and for a text that is not an address. */
    static String ofAddress(@Nullable String address) {
        return address == null
                ? ""
                : MailAddress.split(address)
                        .map(split -> normal(split.domain()))
                        .orElse("");
    }
}

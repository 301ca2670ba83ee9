package org.senderauth.policy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DomainNames;

/** Normalizes domains for comparison: A-labels in lower case. */
final class DomainNormalizer {

    private DomainNormalizer() {}

    /** A normalized domain; one without A-labels is only lowercased. */
    static String normal(String domain) {
        return DomainNames.toAscii(domain).orElse(domain).toLowerCase(Locale.ROOT);
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

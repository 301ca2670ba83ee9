package org.senderauth.spf;

import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.Name;

/**
 * A domain that a check has to do with.
 *
 * @param text the domain in ASCII, without a dot at its end
 * @param name the same for the DNS; null if the DNS cannot have such a name
 */
record Target(String text, @Nullable Name name) {

    /** Longest domain name as text (RFC 7208 section 7.3). */
    static final int MAX_LENGTH = 253;

    /** The domain of an identity, its U-labels made A-labels (RFC 8616 section 4). */
    static Target ofIdentity(String domain) {
        return ofAscii(
                Ascii.isAscii(domain) ? domain : DomainNames.toAscii(domain).orElse(domain));
    }

    /** What a domain-spec expands to; non-ASCII text is no name (RFC 8616 section 4). */
    static Target ofAscii(String domain) {
        String text = domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
        return new Target(text, Ascii.isAscii(text) ? DomainNames.parse(text).orElse(null) : null);
    }

    /**
     * What a domain-spec expands to: where it is too long, labels are dropped from its left (RFC 7208 section 7.3).
     */
    static Target ofExpansion(String expanded) {
        String text = expanded.endsWith(".") ? expanded.substring(0, expanded.length() - 1) : expanded;
        if (text.length() > MAX_LENGTH) {
            int dot = text.indexOf('.', text.length() - MAX_LENGTH - 1);
            text = dot < 0 ? text : text.substring(dot + 1);
        }
        return ofAscii(text);
    }
}

package org.senderauth.spf;

import org.jspecify.annotations.Nullable;
import org.senderauth.dns.DomainNames;
import org.senderauth.spf.syntax.DomainSpec;
import org.xbill.DNS.Name;

/**
 * A domain of a check: that of an identity, or the target of a term.
 *
 * @param text the domain in ASCII, without a dot at its end
 * @param name the same for the DNS; null if the DNS cannot have such a name
 */
record TargetDomain(String text, @Nullable Name name) {

    /** Returns the domain of an identity, with its U-labels as A-labels (RFC 8616 section 4). */
    static TargetDomain ofIdentity(String domain) {
        String ascii = DomainNames.toAscii(domain).orElse(null);
        String text = withoutLastDot(ascii == null ? domain : ascii);
        return new TargetDomain(text, ascii == null ? null : name(text));
    }

    /** Returns the domain of an expansion; non-ASCII text is not a name (RFC 8616 section 4). */
    static TargetDomain ofAscii(String domain) {
        return ascii(withoutLastDot(domain));
    }

    private static TargetDomain ascii(String text) {
        return new TargetDomain(text, Ascii.isAscii(text) ? name(text) : null);
    }

    private static String withoutLastDot(String domain) {
        return domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain;
    }

    private static @Nullable Name name(String ascii) {
        // One dot was taken off already: a second one is an empty label.
        return ascii.endsWith(".") ? null : DomainNames.parse(ascii).orElse(null);
    }

    /**
     * Returns the domain of an expansion: where it is too long, labels are dropped from its left (RFC 7208 section 7.3).
     */
    static TargetDomain ofExpansion(String expanded) {
        return ascii(withoutLastDot(DomainSpec.shortened(expanded)));
    }
}

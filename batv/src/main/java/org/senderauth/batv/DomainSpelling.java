package org.senderauth.batv;

import java.net.IDN;
import java.util.Optional;
import org.senderauth.core.Ascii;
import org.senderauth.core.MailAddress;

/**
 * The two spellings of an internationalized domain: {@code bücher.example} and {@code xn--bcher-kva.example}. A tag covers
 * one of them, and mail servers that know no UTF-8 change U-labels to A-labels on the way.
 */
final class DomainSpelling {

    private static final String A_LABEL = "xn--";

    // Letters that IDNA 2008 keeps and IDNA 2003, which the JDK has, maps to others or removes: another domain.
    private static final String KEPT = "\u00df\u03c2\u200c\u200d";

    private DomainSpelling() {}

    /**
     * Returns the other spelling of a domain.
     *
     * @param domain a domain, an address literal or any other text
     * @return the domain in lower case, in A-labels if it has U-labels, else in U-labels; empty if it is spelled in one way
     *     only
     */
    static Optional<String> other(String domain) {
        String lower = Ascii.toLowerCase(domain);
        boolean ascii = lower.chars().allMatch(c -> c < 0x80);
        if (ascii && !lower.contains(A_LABEL) || lower.length() > MailAddress.MAX_DOMAIN_OCTETS) {
            return Optional.empty();
        }
        try {
            String unicode = ascii ? IDN.toUnicode(lower, IDN.ALLOW_UNASSIGNED) : lower;
            if (unicode.chars().anyMatch(c -> KEPT.indexOf(c) >= 0)) {
                return Optional.empty();
            }
            String other = ascii ? unicode : Ascii.toLowerCase(IDN.toASCII(lower, IDN.ALLOW_UNASSIGNED));
            return Optional.of(other).filter(text -> !text.equals(lower));
        } catch (IllegalArgumentException noUlabels) {
            return Optional.empty();
        }
    }

    /** The address with the other spelling of its domain. */
    static Optional<MailAddress> other(MailAddress address) {
        return other(address.domain()).flatMap(domain -> MailAddress.join(address.localPart(), domain));
    }
}

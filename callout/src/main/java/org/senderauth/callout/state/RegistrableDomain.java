package org.senderauth.callout.state;

import com.google.common.net.InternetDomainName;
import java.util.Locale;
import org.senderauth.dns.DomainNames;

/**
 * Registrable domains (public suffix plus one label), the unit of rate limits, since names below one cost its owner
 * nothing. Only suffixes of registries count: an attacker could also invent customers of a hosting service.
 */
public final class RegistrableDomain {

    private RegistrableDomain() {}

    /**
     * {@return the registrable domain of a name, in lower case; its last two labels where no public suffix matches}
     *
     * @param domain a domain name
     */
    public static String of(String domain) {
        String ascii = DomainNames.toAscii(domain).orElse(domain).toLowerCase(Locale.ROOT);
        try {
            InternetDomainName name = InternetDomainName.from(ascii);
            if (name.isUnderRegistrySuffix()) {
                return name.topDomainUnderRegistrySuffix().toString();
            }
        } catch (IllegalArgumentException notAHostName) {
            // A name that DNS allows and host names do not, such as one with a very long label: the rule for unlisted
            // suffixes.
        }
        String[] labels = ascii.split("\\.");
        int last = labels.length - 1;
        return last < 1 ? ascii : labels[last - 1] + "." + labels[last];
    }
}

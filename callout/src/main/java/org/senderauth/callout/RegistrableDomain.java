package org.senderauth.callout;

import com.google.common.net.InternetDomainName;
import java.util.Locale;
import org.senderauth.dns.DomainNames;

/**
 * The domain that somebody registered, which is what budgets are kept for: names below it cost its owner nothing, and a
 * forger makes them up at will. Only suffixes of registries count. Hosting services' own suffixes do not, since a
 * forger could make up customers as well.
 */
final class RegistrableDomain {

    private RegistrableDomain() {}

    /** The registrable domain of a name, in lower case; its last two labels where the list has no suffix for it. */
    static String of(String domain) {
        String ascii = DomainNames.toAscii(domain).orElse(domain).toLowerCase(Locale.ROOT);
        try {
            InternetDomainName name = InternetDomainName.from(ascii);
            if (name.isUnderRegistrySuffix()) {
                return name.topDomainUnderRegistrySuffix().toString();
            }
        } catch (IllegalArgumentException notAHostName) {
            // A name that DNS allows and host names do not, such as one with a very long label: same rule as below.
        }
        String[] labels = ascii.split("\\.");
        int last = labels.length - 1;
        return last < 1 ? ascii : labels[last - 1] + "." + labels[last];
    }
}

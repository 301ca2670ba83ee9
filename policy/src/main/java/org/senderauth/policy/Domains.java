package org.senderauth.policy;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DomainNames;

/** Domains in the one form in which they are compared: in A-labels and lower case. */
final class Domains {

    private Domains() {}

    /** A domain as it is compared; one that cannot be written in A-labels stays as it is. */
    static String normal(String domain) {
        return DomainNames.toAscii(domain).orElse(domain).toLowerCase(Locale.ROOT);
    }

    /** The domain of an address; empty if there is no address, or none in it. */
    static String ofAddress(@Nullable String address) {
        return address == null
                ? ""
                : MailAddress.split(address)
                        .map(split -> normal(split.domain()))
                        .orElse("");
    }
}

package org.senderauth.callout.probe;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.senderauth.core.Hmac;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DomainNames;

/**
 * The random local part that detects a catch-all domain: {@code callout-probe-k7zq4m2x5c@example.org}. Its name shows its
 * purpose, it cannot be predicted without the key, and it stays the same for a day (UTC), so a domain sees few of them.
 * Thread-safe.
 */
final class RandomRecipients {

    private static final String PREFIX = "callout-probe-";

    private final Hmac mac;

    RandomRecipients(Hmac mac) {
        this.mac = mac;
    }

    MailAddress at(String domain, Instant now) {
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return new MailAddress(PREFIX + LocalPartMac.of(mac, DomainNames.canonical(domain) + "|" + day), domain);
    }
}

package org.senderauth.callout.probe;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import javax.crypto.SecretKey;
import org.senderauth.core.Hmac;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MailDomain;
import org.senderauth.dns.DomainNames;

/**
 * A sender address for mail servers that reject {@code MAIL FROM:<>}. It changes every day and is signed:
 * {@code callout-from-20260102-k7zq4m2x5c@example.org}. A server that verifies it in turn probes an address that this host
 * recognizes, so two hosts never probe each other in a loop. Mail to a forged or older one can be rejected.
 *
 * <p>Immutable and thread-safe.
 */
public final class FallbackSender {

    private static final String PREFIX = "callout-from-";
    private static final int DATE_LENGTH = 8;

    // One day of tolerance in both directions, for clocks and for servers that call back late.
    private static final int SLACK_DAYS = 1;

    private final String domain;
    private final Hmac mac;

    private FallbackSender(String domain, Hmac mac) {
        this.domain = domain;
        this.mac = mac;
    }

    /**
     * Creates fallback senders at one domain.
     *
     * @param domain a domain of this site that receives its mail here
     * @param key the key that signs them, the same on all hosts of the site
     * @return the senders
     * @throws IllegalArgumentException if the domain is not valid
     */
    public static FallbackSender at(String domain, SecretKey key) {
        String name = MailDomain.require(domain, "domain");
        MailAddress.of(PREFIX + "x@" + name);
        return new FallbackSender(DomainNames.canonical(name), Hmac.of("HmacSHA256", key));
    }

    /**
     * Returns the sender for a time.
     *
     * @param now the time
     * @return an address
     */
    public MailAddress sender(Instant now) {
        return new MailAddress(localPart(day(now)), domain);
    }

    /**
     * {@return true if an address is a fallback sender of yesterday, today or tomorrow} Such a recipient exists, and such a
     * sender needs no callout.
     *
     * @param address an address of MAIL or RCPT
     * @param now the present time
     */
    public boolean isOurs(MailAddress address, Instant now) {
        String local = address.localPart().toLowerCase(Locale.ROOT);
        if (!DomainNames.canonical(address.domain()).equals(domain)
                || !local.startsWith(PREFIX)
                || local.length() <= PREFIX.length() + DATE_LENGTH) {
            return false;
        }
        try {
            String date = local.substring(PREFIX.length(), PREFIX.length() + DATE_LENGTH);
            LocalDate day = LocalDate.parse(date, DateTimeFormatter.BASIC_ISO_DATE);
            boolean recent = Math.abs(day.toEpochDay() - day(now).toEpochDay()) <= SLACK_DAYS;
            return recent && MessageDigest.isEqual(octets(localPart(day)), octets(local));
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private String localPart(LocalDate day) {
        String date = day.format(DateTimeFormatter.BASIC_ISO_DATE);
        return PREFIX + date + "-" + LocalPartMac.of(mac, domain + "|" + date);
    }

    private static LocalDate day(Instant now) {
        return LocalDate.ofInstant(now, ZoneOffset.UTC);
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

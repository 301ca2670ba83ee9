package org.senderauth.srs;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import javax.crypto.SecretKey;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;

/** Keys, a day and a forwarder that the tests share. */
final class SrsFixture {

    static final String DOMAIN = "srs.example.net";

    /** 2026-06-15 12:00 UTC, day 139 of its round: {@code EL}. */
    static final Instant NOW = Instant.ofEpochSecond(1_781_524_800L);

    static final SecretKey OWN_KEY = key("our own key, 32 octets or longer");
    static final SecretKey OLD_SECRET = key("tops3cret-example");

    private SrsFixture() {}

    static SecretKey key(String text) {
        return SecretKeys.ofWeak(text.getBytes(StandardCharsets.UTF_8));
    }

    static InstantSource day(long days) {
        return InstantSource.fixed(NOW.plusSeconds(days * 86_400));
    }

    static Srs.Builder builder() {
        return Srs.builder().keyring(SrsKeyring.of(OWN_KEY)).domain(DOMAIN).clock(InstantSource.fixed(NOW));
    }

    static Srs srs() {
        return builder().build();
    }

    static MailAddress address(String text) {
        return MailAddress.split(text).orElseThrow();
    }

    static String forward(Srs srs, String sender) {
        return srs.forward(address(sender)).address().toString();
    }

    /** The original sender, or the verdict and the reason. */
    static String reverse(Srs srs, String address) {
        SrsResult result = srs.reverse(address);
        return result.original().map(MailAddress::toString).orElse(result.verdict() + " " + result.reason());
    }
}

package org.senderauth.dkim2;

import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.senderauth.dns.ZoneDnsClient;

/** Signed messages, messages to sign, bounces that return one, key records, and lists of own keys. */
public final class Dkim2MessageFuzz {

    private Dkim2MessageFuzz() {}

    private static final Dkim2Verifier VERIFIER =
            Dkim2Verifier.builder().dns(ZoneDnsClient.builder().build()).build();
    private static final Dkim2Bounces BOUNCES = Dkim2Bounces.builder()
            .dns(ZoneDnsClient.builder().build())
            .ownKeys(OwnKeys.builder().build())
            .build();

    private static final Dkim2Signer SIGNER = Dkim2Signer.builder()
            .key(Dkim2SigningKey.of("s1", "example.org", key()))
            .clock(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")))
            .build();

    private static PrivateKey key() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK since 15 has Ed25519", e);
        }
    }

    public static void fuzzerTestOneInput(byte[] data) {
        VERIFIER.verify(data, "alice@example.org", List.of("bob@example.com"));
        BOUNCES.verify(data, "", List.of("alice@example.org"));
        SIGNER.trySign(data, "alice@example.org", List.of("bob@example.com"));
        VisibleRecipients.include(List.of("bob@example.com"), new String(data, StandardCharsets.ISO_8859_1));
        try {
            KeyRecord.parse(new String(data, StandardCharsets.ISO_8859_1));
        } catch (MalformedMessageException expected) {
            // the signature cannot be verified
        }
        try {
            OwnKeys.parse(new String(data, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException expected) {
            // a report to the user
        }
    }
}

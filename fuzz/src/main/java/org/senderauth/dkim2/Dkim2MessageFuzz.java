package org.senderauth.dkim2;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.senderauth.dns.ZoneDnsClient;

/** Signed messages, bounces that return one, and lists of own keys. */
public final class Dkim2MessageFuzz {

    private Dkim2MessageFuzz() {}

    private static final Dkim2Verifier VERIFIER =
            Dkim2Verifier.builder().dns(ZoneDnsClient.builder().build()).build();
    private static final Dkim2Bounces BOUNCES = Dkim2Bounces.builder()
            .dns(ZoneDnsClient.builder().build())
            .ownKeys(OwnKeys.builder().build())
            .build();

    public static void fuzzerTestOneInput(byte[] data) {
        VERIFIER.verify(data, "alice@example.org", List.of("bob@example.com"));
        BOUNCES.verify(data, "", List.of("alice@example.org"));
        try {
            OwnKeys.parse(new String(data, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException expected) {
            // a report to the user
        }
    }
}

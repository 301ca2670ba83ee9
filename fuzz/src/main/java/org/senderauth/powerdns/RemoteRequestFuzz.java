package org.senderauth.powerdns;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.senderauth.core.SecretKeys;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesZone;

/** Requests of PowerDNS to its remote backend. */
public final class RemoteRequestFuzz {

    private RemoteRequestFuzz() {}

    private static final RemoteProtocol PROTOCOL = new RemoteProtocol(
            SesZone.builder(
                            Ses.builder()
                                    .keyring(SesKeyring.forAnyDomain(SesKey.of(SecretKeys.of(
                                            "a key of the fuzz targets".getBytes(StandardCharsets.US_ASCII)))))
                                    .clock(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")))
                                    .build(),
                            "ns1.example.org")
                    .domain("example.org")
                    .build(),
            null);

    public static void fuzzerTestOneInput(byte[] data) {
        PROTOCOL.answer(new String(data, StandardCharsets.UTF_8));
    }
}

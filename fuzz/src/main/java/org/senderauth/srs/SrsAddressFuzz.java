package org.senderauth.srs;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;

/** Rewritten addresses: what is rewritten is reversed to the same address. */
public final class SrsAddressFuzz {

    private SrsAddressFuzz() {}

    private static final Srs SRS = Srs.builder()
            .keyring(SrsKeyring.of(SecretKeys.of("a key of the fuzz targets".getBytes(StandardCharsets.US_ASCII))))
            .domain("forwarder.example")
            .clock(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")))
            .build();

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        SRS.reverse(text);
        SrsSyntax.parse(text);
        MailAddress.parse(text).ifPresent(SRS::forward);
    }
}

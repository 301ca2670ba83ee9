package org.senderauth.ses;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.senderauth.core.SecretKeys;

/** Signed addresses, and addresses that are signed and verified. */
public final class SesAddressFuzz {

    private SesAddressFuzz() {}

    static final Ses SES = Ses.builder()
            .keyring(SesKeyring.forAnyDomain(
                    SesKey.of(SecretKeys.of("a key of the fuzz targets".getBytes(StandardCharsets.US_ASCII)))))
            .clock(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")))
            .build();

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        SES.verify(text, VerificationPurpose.BOUNCE);
        SES.strip(text);
        Ses.isSigned(text);
        SesSyntax.parse(text);
    }
}

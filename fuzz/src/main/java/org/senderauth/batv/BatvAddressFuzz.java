package org.senderauth.batv;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;

/** Tagged addresses, and addresses that are signed and verified. */
public final class BatvAddressFuzz {

    private BatvAddressFuzz() {}

    private static final Batv BATV = Batv.builder()
            .keyring(BatvKeyring.of(SecretKeys.of("a key of the fuzz targets".getBytes(StandardCharsets.US_ASCII))))
            .clock(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")))
            .build();

    public static void fuzzerTestOneInput(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        BATV.verify(text);
        DomainSpelling.other(text).ifPresent(DomainSpelling::other);
        MailAddress.parse(text).ifPresent(address -> {
            SigningResult signed = BATV.trySign(address);
            if (signed.isSigned() && BATV.verify(signed.address()).verdict() != BatvVerdict.VALID) {
                throw new AssertionError("a new tag is not valid: " + signed.address());
            }
        });
    }
}

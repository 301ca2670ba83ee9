package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.senderauth.ses.SesFixture.SECRET;

import org.junit.jupiter.api.Test;

class SesCodecTest {

    @Test
    void signatureHasAtMostFortyDigits() {
        // 160 bits of hash and 16 of time: the digit count depends on the message id alone.
        SesKey key = SesKey.of(SECRET, SesAlgorithm.HMAC_SHA1, new SesLayout(160, 7, 365));
        String signed = SesCodec.sign(key, 1, 1L << 30, "a", "example.org");
        assertThat(signed).matches("SES=[A-Z0-9_-]{40}=a");
        Ses ses = Ses.builder()
                .keyring(SesKeyring.forAnyDomain(key))
                .clock(() -> key.layout().instant(1))
                .build();
        assertThat(ses.verify(signed + "@example.org", VerificationPurpose.BOUNCE)
                        .verdict())
                .isEqualTo(SesVerdict.VALID);
        assertThatThrownBy(() -> SesCodec.sign(key, 1, 1L << 35, "a", "example.org"))
                .hasMessageContaining("more than 40 digits");
    }
}

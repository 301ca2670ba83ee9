package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.Test;

class SecretKeysTest {

    private static final SecretKey MASTER =
            SecretKeys.of(HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));

    @Test
    void generatedKeysAreLongAndDiffer() {
        SecureRandom random = new SecureRandom();
        SecretKey first = SecretKeys.generate(random);
        assertThat(first.getEncoded()).hasSize(SecretKeys.GENERATED_OCTETS);
        assertThat(SecretKeys.generate(random)).isNotEqualTo(first);
    }

    @Test
    void shortKeysAreTakenOnlyWhenAskedForByName() {
        assertThat(SecretKeys.of(new byte[16]).getEncoded()).hasSize(16);
        assertThatThrownBy(() -> SecretKeys.of(new byte[15])).hasMessageContaining("at least 16");
        assertThat(SecretKeys.ofWeak(new byte[] {7}).getEncoded()).containsExactly(7);
        assertThatThrownBy(() -> SecretKeys.ofWeak(new byte[0])).hasMessageContaining("empty");
    }

    // Computed with Python 3.11's hmac by RFC 5869: PRK = HMAC(32 zero octets, master), T1 = HMAC(PRK, info | 01).
    @Test
    void derivedKeysAreThoseOfRfc5869() {
        SecretKey key = SecretKeys.derive(MASTER, "batv", "example.org");
        assertThat(HexFormat.of().formatHex(key.getEncoded()))
                .isEqualTo("2229021e2f9760be79f16ba7a6cabe9f49e752b6b4a1d7325b0c82ba91542c5b");
    }

    @Test
    void derivesKeyFromPurposeAndDomainInAnyCase() {
        SecretKey key = SecretKeys.derive(MASTER, "batv", "example.org");
        assertThat(SecretKeys.derive(MASTER, "batv", "EXAMPLE.org")).isEqualTo(key);
        assertThat(SecretKeys.derive(MASTER, "batv", "example.org.")).isEqualTo(key);
        assertThat(SecretKeys.derive(MASTER, "ses", "example.org")).isNotEqualTo(key);
        assertThat(SecretKeys.derive(MASTER, "batv", "example.com")).isNotEqualTo(key);
        assertThatThrownBy(() -> SecretKeys.derive(MASTER, "a\0b", "example.org"))
                .hasMessageContaining("NUL");
    }

    @Test
    void rejectsMasterKeyWithoutItsBytes() {
        SecretKey hardware = new SecretKey() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getAlgorithm() {
                return "HmacSHA256";
            }

            @Override
            public String getFormat() {
                return null;
            }

            @Override
            public byte[] getEncoded() {
                return null;
            }
        };
        assertThatThrownBy(() -> SecretKeys.derive(hardware, "batv", "example.org"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

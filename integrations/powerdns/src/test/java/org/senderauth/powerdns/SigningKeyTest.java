package org.senderauth.powerdns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;

class SigningKeyTest {

    private static final String KEY =
            "Private-key-format: v1.2\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: c2VjcmV0\n";

    @TempDir
    Path folder;

    @Test
    void skipsTextBeforeTheKey() {
        assertThat(SigningKey.of("Generating a KSK\n" + KEY).text()).isEqualTo(KEY);
    }

    @Test
    void keyNeverShows() {
        assertThat(SigningKey.of(KEY)).hasToString("SigningKey");
    }

    @Test
    void textThatIsNoPrivateKeyIsRefused() throws IOException {
        for (String text : new String[] {"secret", "Private-key-format: v1.3\n", "Algorithm: 13\n"}) {
            assertThatThrownBy(() -> SigningKey.of(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a private DNSSEC key")
                    .hasMessageNotContaining("secret");
        }
        Path file = folder.resolve("zone.key");
        SecretFiles.create(file, "secret".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> SigningKey.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + ": not a private DNSSEC key");
    }
}

package org.senderauth.srs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretText;

class SrsKeyFileTest {

    @TempDir
    Path folder;

    private Path file(String text) throws IOException {
        Path file = folder.resolve("srs.secret");
        SecretFiles.create(file, text.getBytes(StandardCharsets.UTF_8));
        return file;
    }

    @Test
    void readsSecretPerLineFirstSigns() throws Exception {
        Path file = file("the new key of this test\r\n\nour own key, 32 octets or longer\n");
        Srs srs = SrsFixture.builder().keyring(SrsKeyFile.keyring(file).build()).build();
        String old = SrsFixture.forward(SrsFixture.srs(), "a@b.example");
        assertThat(srs.reverse(old).keyIndex()).hasValue(1);
        String now = SrsFixture.forward(srs, "a@b.example");
        assertThat(now).isNotEqualTo(old);
        assertThat(srs.reverse(now).keyIndex()).hasValue(0);
    }

    @Test
    void requires16BytesExceptForPredecessor() throws Exception {
        Path file = file("a long enough secret\nshort secret\n");
        assertThatThrownBy(() -> SrsKeyFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("srs.secret:2: a secret must have at least 16 bytes, this has 12")
                .hasMessageNotContaining("short secret");
        assertThat(SrsKeyFile.readWeak(file)).hasSize(2);
    }

    @Test
    void rejectsTruncatedSecretOfKeygen() throws Exception {
        String secret = SecretText.of("the secret of this test");
        assertThat(SrsKeyFile.read(file(secret + "\n"))).hasSize(1);
        Path truncated = folder.resolve("truncated.secret");
        SecretFiles.create(
                truncated, ("\n" + secret.substring(0, secret.length() - 1)).getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> SrsKeyFile.readWeak(truncated))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("truncated.secret:2: the key is incomplete or changed")
                .hasMessageNotContaining("the secret of");
    }

    @Test
    void refusesFileWithoutSecret() throws Exception {
        Path file = file("\n\n");
        assertThatThrownBy(() -> SrsKeyFile.read(file)).hasMessageContaining("no secret in it");
    }

    @Test
    void refusesTooManySecrets() throws Exception {
        Path file = file("a long enough secret\n".repeat(17));
        assertThatThrownBy(() -> SrsKeyFile.read(file)).hasMessageContaining("more than 16 secrets");
    }
}

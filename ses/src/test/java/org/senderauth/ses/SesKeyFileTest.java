package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;

class SesKeyFileTest {

    private static final String HEX = "30313233343536373839616263646566";

    @TempDir
    Path folder;

    private SesKeyring read(String text) throws IOException {
        Path file = folder.resolve("keys" + text.hashCode());
        SecretFiles.create(file, text.getBytes(StandardCharsets.UTF_8));
        return SesKeyFile.read(file);
    }

    @Test
    void keysComeNewestFirst() throws IOException {
        SesKeyring keyring = read("# comment\n\nExample.ORG hmac-sha256 96/2/14 " + HEX + "\r\n"
                + "example.org\thmac-sha1 80/2/10 " + HEX + " retired 2026-11-01T00:00:00Z\n"
                + "example.net hmac-sha1 80/2/10 weak:shhh!");
        assertThat(keyring.domains()).containsExactlyInAnyOrder("example.org", "example.net");
        assertThat(keyring.keys("example.org"))
                .extracting(SesKey::toString)
                .containsExactly(
                        "SesKey[HMAC_SHA256, SesLayout[hashBits=96, fractionBits=2, expirationDays=14]]",
                        "SesKey[HMAC_SHA1, SesLayout[hashBits=80, fractionBits=2, expirationDays=10], until"
                                + " 2026-11-16T00:00:00Z]");
        assertThat(SesCodec.sign(keyring.keys("example.net").get(0), 60000, 1, "alice", "example.com"))
                .isEqualTo("SES=FZL8-J65IZ_GHGTQS=alice");
    }

    @Test
    void lineIsReadBack() throws IOException {
        String plain =
                SesKeyFile.line("example.org", SesFixture.SECRET, SesAlgorithm.HMAC_SHA1, SesLayout.DEFAULT, false);
        assertThat(plain).isEqualTo("example.org hmac-sha1 80/2/10 sa1." + HEX + ".8ae8dd70");
        String signed = SesCodec.sign(SesFixture.KEY, 5, 1, "a", "example.org");
        assertThat(SesCodec.sign(read(plain).keys("example.org").get(0), 5, 1, "a", "example.org"))
                .isEqualTo(signed);
        String master =
                SesKeyFile.line("Example.org", SesFixture.SECRET, SesAlgorithm.HMAC_SHA1, SesLayout.DEFAULT, true);
        SesKey derived = SesKey.of(SecretKeys.derive(SesFixture.SECRET, "ses", "example.org"));
        SesKeyring built = SesKeyring.builder()
                .addDerived("example.org", SesFixture.SECRET, SesAlgorithm.HMAC_SHA1, SesLayout.DEFAULT)
                .build();
        String expected = SesCodec.sign(derived, 5, 1, "a", "example.org");
        assertThat(expected).isNotEqualTo(signed);
        assertThat(SesCodec.sign(read(master).keys("example.org").get(0), 5, 1, "a", "example.org"))
                .isEqualTo(expected);
        assertThat(SesCodec.sign(built.keys("example.org").get(0), 5, 1, "a", "example.org"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "example.org hmac-sha1 80/2/10, a key has",
        "example.org hmac-sha1 80/2/10 5ec3e75ec3e75ec3e75ec3e75ec3e75ec3 gone 2026-11-01T00:00:00Z, a key has",
        "example.org hmac-md5 80/2/10 5ec3e75ec3e75ec3e75ec3e75ec3e75ec3, hmac-sha1 or",
        "example.org hmac-sha1 80-2-10 5ec3e75ec3e75ec3e75ec3e75ec3e75ec3, a layout is",
        "example.org hmac-sha1 8/2/10 5ec3e75ec3e75ec3e75ec3e75ec3e75ec3, hashBits must",
        "example.org hmac-sha1 80/2/10 5ec3e75ec3g, not hexadecimal",
        "example.org hmac-sha1 80/2/10 5ec3e7, at least 16 octets",
        "example.org hmac-sha1 80/2/10 sa1.5ec3e75ec3e75ec3e75ec3e75ec3e75ec3.00000000, incomplete or changed",
        "example.org hmac-sha1 80/2/10 master:sa1.5ec3e75ec3e75ec3e75ec3e75ec3e75ec3, incomplete or changed",
        "example.org hmac-sha1 80/2/10 weak:, must not be empty",
        "a..b hmac-sha1 80/2/10 5ec3e75ec3e75ec3e75ec3e75ec3e75ec300, must be a domain name",
        "example.org hmac-sha1 80/2/10 5ec3e75ec3e75ec3e75ec3e75ec3e75ec300 retired soon, could not be parsed",
    })
    void wrongLineIsNamedWithoutItsSecret(String line, String problem) {
        assertThatThrownBy(() -> read("# one\n" + line))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 2: ")
                .hasMessageContaining(problem)
                .hasMessageNotContaining("5ec3e7");
    }

    @Test
    void fileWithoutASigningKeyIsRefused() {
        assertThatThrownBy(() -> read("# nothing")).hasMessageContaining("at least one domain");
        assertThatThrownBy(() -> read("example.org hmac-sha1 80/2/10 " + HEX + " retired 2026-11-01T00:00:00Z"))
                .hasMessageContaining("must not be retired");
    }
}

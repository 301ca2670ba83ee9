package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.SecretFiles;
import org.senderauth.srs.MemoryAliasStore;
import org.senderauth.srs.Srs;

class SrsReaderTest {

    private static final String LEAST =
            "hostname: mx.example.org\ndomains: example.org\nlisten: {socketmap: inet:127.0.0.1:0}\n";

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeSecrets() throws IOException {
        file = folder.resolve("senderauth.yaml");
        SecretFiles.create(
                folder.resolve("srs.secret"), "our own key of 16 octets\n".getBytes(StandardCharsets.US_ASCII));
        SecretFiles.create(folder.resolve("old.secret"), "tops3cret-example\n".getBytes(StandardCharsets.US_ASCII));
    }

    private ServeConfig read(String srs) throws Exception {
        Files.writeString(file, LEAST + srs);
        return ConfigReader.read(file);
    }

    private List<String> problems(String srs) throws IOException {
        Files.writeString(file, LEAST + srs);
        ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file));
        assertThat(thrown).as("the file is accepted: " + srs).isNotNull();
        return thrown.problems().stream()
                .map(problem -> problem.replace(file + ":", "").replace(folder + "/", ""))
                .toList();
    }

    @Test
    void everySettingIsRead() throws Exception {
        SrsSettings settings = read("""
                srs:
                  key-file: srs.secret
                  domain: [srs.example.org, old.example.org]
                  local-domains: [example.net, .sub.example.net]
                  lifetime-days: 14
                  derived-keys: false
                  over-long: alias
                  alias-file: aliases
                  null-sender-only: true
                  predecessor:
                    mode: postsrsd1
                    key-file: old.secret
                    hash-length: 4
                    until: 2026-12-31
                """).srs();
        assertThat(settings).isNotNull();
        assertThat(settings.domains()).containsExactly("srs.example.org", "old.example.org");
        assertThat(settings.localDomains()).containsExactly("example.org", "example.net", ".sub.example.net");
        assertThat(settings.lifetimeDays()).isEqualTo(14);
        assertThat(settings.nullSenderOnly()).isTrue();
        assertThat(settings.aliasFile()).isEqualTo(folder.resolve("aliases"));
        assertThat(settings.keyring().toString())
                .isEqualTo("SrsKeyring[hardened, postsrsd1 until 2026-12-31T00:00:00Z]");
        Srs srs = settings.srs(InstantSource.fixed(Instant.parse("2026-06-15T12:00:00Z")), MemoryAliasStore.create());
        assertThat(srs.reverse("SRS0=dVfY=EL=example.org=alice@old.example.org").isValid())
                .isTrue();
    }

    @Test
    void requiresKeyAndDomain() throws Exception {
        ServeConfig config = read("srs: {key-file: srs.secret, domain: srs.example.org}\n");
        assertThat(config.srs()).isNotNull();
        assertThat(config.srs().overLong()).isEqualTo(SrsSettings.Treatment.LEAVE);
        assertThat(config.srs().lifetimeDays()).isEqualTo(21);
        assertThat(config.srs().nullSenderOnly()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "srs: {domain: srs.example.org} | 4: srs: missing \"key-file\"",
                "srs: {key-file: srs.secret} | 4: srs: missing \"domain\"; add \"domain: srs.example.org\"",
                "srs: {key-file: srs.secret, domain: a.example, predecessor: {mode: postsrsd1, key-file: old.secret}}"
                        + " | 4: predecessor: missing \"until\"",
                "srs: {key-file: srs.secret, domain: a.example, over-long: rewrite, alias-file: x}"
                        + " | 4: \"alias-file\" is for \"over-long: alias\"; set that, or remove the file",
                "steps: {srs: {}} | 4: step srs requires keys; add \"srs: {key-file: FILE, domain: DOMAIN}\"",
            })
    void reportsMistakesWithFix(String srs, String problem) throws Exception {
        assertThat(problems(srs + "\n")).contains(problem);
    }

    @Test
    void requiresKnownModeOfPredecessor() throws Exception {
        assertThat(problems("srs: {key-file: srs.secret, domain: a.example, predecessor: {mode: hardened, key-file:"
                        + " old.secret, until: 2026-12-31}}\n"))
                .contains(
                        "4: mode: must be one of srs2, postsrsd1, postsrsd2, mail-srs, pysrs, exim, was \"hardened\"");
        assertThat(problems("srs: {key-file: srs.secret, domain: a.example, predecessor: {mode: exim, key-file:"
                        + " old.secret, until: soon}}\n"))
                .contains("4: until: must be a date such as 2026-12-31, or an instant such as"
                        + " 2026-12-31T06:00:00Z, was \"soon\"");
    }

    @Test
    void rejectsSecretReadableByOthers() throws Exception {
        Files.setPosixFilePermissions(
                folder.resolve("srs.secret"), java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(problems("srs: {key-file: srs.secret, domain: a.example}\n"))
                .anySatisfy(problem -> assertThat(problem).contains("chmod"));
    }
}

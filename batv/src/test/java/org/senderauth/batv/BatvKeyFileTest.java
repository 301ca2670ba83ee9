package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.core.SecretText;

class BatvKeyFileTest {

    private static final Instant NOON = Instant.ofEpochSecond(1718452800); // 2024-06-15

    @TempDir
    Path folder;

    private Path secret(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        SecretFiles.create(file, content.getBytes(StandardCharsets.UTF_8));
        return file;
    }

    private Batv batv(String keys) throws IOException {
        Path file = folder.resolve("batv.keys");
        Files.deleteIfExists(file);
        return Batv.builder()
                .keys(BatvKeyFile.read(secret("batv.keys", keys)))
                .clock(InstantSource.fixed(NOON))
                .build();
    }

    private static MailAddress signed(int number, String secret, String address) {
        BatvKeyring keys = BatvKeyring.builder()
                .sign(number, SecretKeys.ofWeak(secret.getBytes(StandardCharsets.UTF_8)))
                .build();
        return Batv.builder()
                .keyring(keys)
                .clock(InstantSource.fixed(NOON))
                .build()
                .sign(MailAddress.of(address));
    }

    @Test
    void rejectsTruncatedKeyOfKeygen() throws IOException {
        String key = SecretText.of("dGhpcyBpcyBhIGtleSBvZiA0MyBjaGFyYWN0ZXJzLiE");
        assertThat(batv(key).sign(MailAddress.of("joe@example.org"))).isEqualTo(signed(0, key, "joe@example.org"));
        secret("short.key", key.substring(0, 30));
        for (String text : new String[] {
            key.substring(0, 55), key.substring(0, 20), key + "\n", "[example.org]\nsign 0 short.key\n", "\uFEFF" + key
        }) {
            assertThatThrownBy(() -> batv(text))
                    .isInstanceOf(IOException.class)
                    .hasMessageNotContaining(key.substring(4, 20))
                    .message()
                    .containsAnyOf("incomplete or changed", "newlines were added", "byte order mark");
        }
    }

    @Test
    void keyOfKeygenSignsForEveryDomain() throws IOException {
        String key = "dGhpcyBpcyBhIGtleSBvZiA0MyBjaGFyYWN0ZXJzLiE";
        assertThat(batv(key).sign(MailAddress.of("joe@example.org"))).isEqualTo(signed(0, key, "joe@example.org"));
        for (String text : new String[] {"0123456789abcde", key + "\n" + key, "sign 0 " + key}) {
            assertThatThrownBy(() -> batv(text)).isInstanceOf(IOException.class).hasMessageNotContaining(key);
        }
    }

    @Test
    void fileHoldsKeysOfDomains() throws IOException {
        secret("2024b.key", "the secret of the second half");
        secret("2024a.key", "the secret of the first half");
        Batv batv = batv("""
                # our domains
                [example.org Example.NET]   # share these keys
                sign   1 2024b.key
                verify 0 2024a.key until 2024-06-16
                verify 2 hex:736563726574 short\r
                verify 3 2024a.key until 2024-06-15T12:00:00Z

                [example.com]
                sign 0 hex:736563726574 short
                """);

        assertThat(batv.sign(MailAddress.of("joe@example.org")))
                .isEqualTo(signed(1, "the secret of the second half", "joe@example.org"));
        assertThat(batv.verify(signed(0, "the secret of the first half", "joe@example.net"))
                        .isValid())
                .isTrue();
        assertThat(batv.verify(signed(2, "secret", "joe@example.net")).isValid())
                .isTrue();
        assertThat(batv.verify(signed(3, "the secret of the first half", "joe@example.net"))
                        .reason())
                .isEqualTo(BatvReason.KEY_RETIRED);
        assertThat(batv.sign(MailAddress.of("joe@example.com"))).hasToString("prvs=0896eca59c=joe@example.com");
        assertThat(batv.canSign(MailAddress.of("joe@a.example"))).isEqualTo(SigningOutcome.NO_KEYS);
    }

    @Test
    void mastersGiveEachDomainItsOwnKey() throws IOException {
        secret("master.key", "the master secret of all domains");
        Batv named = batv("[example.org example.net]\nderive\nsign 0 master.key\n");
        Batv every = batv("[*]\nderive\nsign 0 master.key\n");
        Batv shared = batv("[*]\nsign 0 master.key\n");

        MailAddress org = MailAddress.of("joe@example.org");
        assertThat(named.sign(org)).isEqualTo(every.sign(org)).isNotEqualTo(shared.sign(org));
        assertThat(shared.sign(org)).isEqualTo(signed(0, "the master secret of all domains", "joe@example.org"));
        assertThat(named.canSign(MailAddress.of("joe@a.example"))).isEqualTo(SigningOutcome.NO_KEYS);
        assertThat(every.canSign(MailAddress.of("joe@a.example"))).isEqualTo(SigningOutcome.SIGNED);
    }

    @Test
    void namedDomainGoesBeforeAllOthers() throws IOException {
        Batv batv = batv("[*]\nsign 0 hex:6f74686572 short\n[example.com]\nsign 0 hex:736563726574 short\n");

        assertThat(batv.sign(MailAddress.of("joe@example.com"))).hasToString("prvs=0896eca59c=joe@example.com");
        assertThat(batv.sign(MailAddress.of("joe@example.org"))).isEqualTo(signed(0, "other", "joe@example.org"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
          sign 0 hex:736563726574                      | 1: the keys of which domain? put [example.org] or [*] before this line
          [                                            | 1: name the domains in brackets: [example.org example.net], or [*]
          []                                           | 1: name the domains in brackets: [example.org example.net], or [*]
          [a.example]~sign 0 hex:736563726574          | 2: a key has at least 16 octets and this has 6; for peers with a shorter one add: short
          [a.example]~sign 0 hex: short                | 2: a key has at least 16 octets and this has 0; for peers with a shorter one add: short
          [a.example]~sign 0 hex:73656372657 short     | 2: hex: must be followed by pairs of hexadecimal digits
          [a.example]~sign 10 hex:73 short             | 2: the number of a key is one digit, 0 to 9
          [a.example]~sign x hex:73 short              | 2: the number of a key is one digit, 0 to 9
          [a.example]~sign 0                           | 2: a line is one of: [DOMAIN ...], derive, sign NUMBER FILE, verify NUMBER FILE [until DATE]
          [a.example]~derive all                       | 2: a line is one of: [DOMAIN ...], derive, sign NUMBER FILE, verify NUMBER FILE [until DATE]
          [a.example]~key 0 a.key                      | 2: a line is one of: [DOMAIN ...], derive, sign NUMBER FILE, verify NUMBER FILE [until DATE]
          [a.example]~sign 0 hex:73 short until 2024-01-01 | 2: after the key only "short" and, for verify, "until DATE" are allowed
          [a.example]~verify 0 hex:73 until            | 2: after the key only "short" and, for verify, "until DATE" are allowed
          [a.example]~verify 0 hex:73 until Monday     | 2: 'Monday' is no date such as 2026-12-01 or 2026-12-01T06:00:00Z
          [a.example]~sign 0 hex:73 short~sign 1 hex:73 short | 3: one key signs already; add this one with verify
          [a.example]~verify 0 hex:73 short            | 1: no key signs; add one with sign: sign NUMBER FILE
          [a.example]~sign 0 hex:73 short~[b.example A.example] | 3: a.example has keys already; a domain is in one pair of brackets only, and [*] is alone
          [*]~sign 0 hex:73 short~[*]                  | 3: * has keys already; a domain is in one pair of brackets only, and [*] is alone
          [* a.example]                                | 1: * has keys already; a domain is in one pair of brackets only, and [*] is alone
        """)
    void reportsMistakeWithLineAndFix(String keys, String message) {
        assertThatThrownBy(() -> batv(keys.replace('~', '\n')))
                .isInstanceOf(IOException.class)
                .hasMessage(folder.resolve("batv.keys") + ":" + message);
    }

    @Test
    void sixteenOctetsAreAKey() throws IOException {
        Batv batv = batv("[a.example]\nsign 0 hex:000102030405060708090a0b0c0d0e0f\n");

        assertThat(batv.canSign(MailAddress.of("joe@a.example"))).isEqualTo(SigningOutcome.SIGNED);
        assertThatThrownBy(() -> batv("[a.example]\nsign 0 hex:000102030405060708090a0b0c0d0e\n"))
                .hasMessageContaining("a key has at least 16 octets and this has 15");
    }

    @Test
    void fileWithoutKeysIsAMistake() {
        assertThatThrownBy(() -> batv("# nothing yet\n"))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("batv.keys: there are no keys; begin with [example.org] and a line: sign 0 FILE");
    }

    @Test
    void rawKeyIsNoKeyFile() throws IOException {
        Path raw = folder.resolve("raw.key");
        SecretFiles.create(raw, new byte[] {(byte) 0xff, 0, 1, 2});

        assertThatThrownBy(() -> BatvKeyFile.read(raw))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("this is no text; a raw key is named in a line such as: sign 0 raw.key");
    }

    @Test
    void listOfKeysIsNoKey() throws IOException {
        Path list = secret("list.keys", "# our keys\n[a.example]\n verify 1 b.key\nsign 0 a.key\n");

        assertThatThrownBy(() -> BatvKeyFile.readKey(list))
                .isInstanceOf(IOException.class)
                .hasMessage(list + ": this is a list of keys and not a key; name it under \"keys\", not \"key-file\"");
        assertThatThrownBy(() -> batv("[a.example]\nsign 0 list.keys\n")).hasMessageContaining("a list of keys");
        assertThat(BatvKeyFile.readKey(secret("text.key", "we sign 0 letters a day\nof others")))
                .hasSize(33);
    }

    @Test
    void keyFileThatOthersMayReadIsRefused() throws IOException {
        Path open = secret("open.key", "a secret that everybody knows");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(() -> batv("[a.example]\nsign 0 open.key\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(":2: the key file cannot be used: ")
                .hasMessageContaining("chmod 640");
        assertThatThrownBy(() -> batv("[a.example]\nsign 0 absent.key\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> batv("[a.example]\nsign 0 a\0b\n"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(":2: a key is the name of a file, or hex: and its digits");
    }

    @Test
    void absoluteDomainHasKeysOfSameDomain() throws IOException {
        String key = "derive\nsign 0 hex:" + "42".repeat(20) + "\n";
        MailAddress joe = MailAddress.of("joe@example.org");

        assertThat(batv("[example.org.]\n" + key).sign(joe))
                .isNotEqualTo(joe)
                .isEqualTo(batv("[example.org]\n" + key).sign(joe));
        assertThatThrownBy(() -> batv("[example.org]\n" + key + "[Example.org.]\n" + key))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("example.org has keys already");
        BatvKeyring keys = BatvKeyring.of(SecretKeys.of(new byte[20]));
        assertThatThrownBy(() -> BatvKeys.perDomain(Map.of("example.org", keys, "Example.org.", keys)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("example.org twice");
    }
}

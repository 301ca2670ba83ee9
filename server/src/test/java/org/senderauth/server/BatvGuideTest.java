package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BatvResult;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;

/** A stock Exim with the configuration of docs/batv.md: it and this library take each other's tags. */
@Timeout(120)
class BatvGuideTest {

    private static final String OUR_USER = "127.0.0.5";
    private static final String STRANGER = "127.0.0.11";
    private static final String NO_TAG = "550 5.7.1 This address sends no mail without a tag";
    private static final String WRONG_TAG =
            "550 5.7.1 Bounce rejected: recipient sent no such message (no valid BATV tag)";

    @TempDir
    static Path folder;

    private static MailSink sink;
    private static EximHost before;
    private static EximHost after;

    @BeforeAll
    static void startBoth() throws IOException {
        EximHost.need();
        sink = new MailSink();
        key("batv-0.key", "the key that leaves, of the test");
        key("batv-1.key", "the key that comes, of the test");
        before = exim(DocumentedConfig.of("batv.md").block("# in the main section"));
        after = exim(DocumentedConfig.of("batv.md")
                .block("# in the main section")
                .replace("BATV_SIGN_NUMBER = 0", "BATV_SIGN_NUMBER = 1")
                .replace(
                        "BATV_SIGN_SECRET = ${readfile{/etc/senderauth/batv-0.key}}",
                        "BATV_SIGN_SECRET = ${readfile{/etc/senderauth/batv-1.key}}"));
    }

    private static void key(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        EximHost.own(file);
    }

    private static EximHost exim(String main) throws IOException {
        DocumentedConfig guide = DocumentedConfig.of("batv.md");
        return EximHost.start(
                folder,
                Map.of(
                        "MAIN",
                                "acl_smtp_mail = acl_check_mail\nacl_smtp_rcpt = acl_check_rcpt\n"
                                        + main.replace("/etc/senderauth", folder.toString()),
                        "ACL_MAIL", "  accept",
                        "ACL_RCPT", guide.block("# in acl_smtp_rcpt"),
                        "ROUTER", guide.block("# the first router"),
                        "TRANSPORT", guide.block("# in the transport"),
                        "SINK", Integer.toString(sink.port())));
    }

    @AfterAll
    static void stopAll() {
        for (AutoCloseable started : new AutoCloseable[] {before, after, sink}) {
            try {
                if (started != null) {
                    started.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The library in the state that step 2 or step 3 of the guide's change of keys leaves it in. */
    private static Batv.Builder batv(int signing) throws IOException {
        BatvKeyring.Builder keys = BatvKeyring.builder();
        for (int number : new int[] {0, 1}) {
            var key = SecretKeys.of(SecretFiles.read(folder.resolve("batv-" + number + ".key")));
            keys = number == signing ? keys.sign(number, key) : keys.verify(number, key);
        }
        return Batv.builder().keyring(keys.build());
    }

    private static String tagged(Batv.Builder batv, String sender) {
        return batv.build().sign(MailAddress.of(sender)).toString();
    }

    @Test
    void libraryTakesWhatEximSignsThroughAChangeOfKeys() throws IOException {
        EximHost[] hosts = {before, after};
        for (int number = 0; number < hosts.length; number++) {
            for (String sender : List.of("joe@example.org", "Mixed.Case@example.org")) {
                String subject = number + " from " + sender;
                assertThat(hosts[number].mail(OUR_USER, sender, "bob@example.com", subject))
                        .startsWith("250");
                BatvResult result =
                        batv(number).build().verify(sink.next(subject).from());
                assertThat(result.isValid()).as(subject).isTrue();
                assertThat(result.keyNumber()).isEqualTo(OptionalInt.of(number));
                assertThat(result.original().orElseThrow()).hasToString(sender.toLowerCase(java.util.Locale.ROOT));
            }
        }
    }

    @Test
    void eximTakesWhatTheLibrarySignsThroughAChangeOfKeys() throws IOException {
        for (EximHost exim : List.of(before, after)) {
            for (int number : new int[] {0, 1}) {
                assertTaken(exim, tagged(batv(number), "joe@example.org"), "joe@example.org");
                assertTaken(
                        exim, tagged(batv(number).lowerCase(true), "Mixed.Case@example.org"), "mixed.case@example.org");
            }
        }
        // what the guide warns of
        assertThat(before.mail(STRANGER, "", tagged(batv(0), "Mixed.Case@example.org"), "case"))
                .isEqualTo(WRONG_TAG);
    }

    private static void assertTaken(EximHost exim, String recipient, String deliveredTo) throws IOException {
        assertThat(exim.mail(STRANGER, "", recipient, "bounce to " + recipient)).startsWith("250");
        assertThat(sink.next("bounce to " + recipient).to()).containsExactly(deliveredTo);
    }

    @Test
    void forgedBouncesAreRefusedAndWhatNeverHasATagIsNot() throws IOException {
        Batv.Builder stranger = Batv.builder()
                .keyring(BatvKeyring.of(SecretKeys.of("the key of somebody else".getBytes(StandardCharsets.US_ASCII))));
        assertThat(before.mail(STRANGER, "", tagged(stranger, "joe@example.org"), "forged"))
                .isEqualTo(WRONG_TAG);
        for (String sender : List.of("", "mailer-daemon@example.com")) {
            assertThat(before.mail(STRANGER, sender, "joe@example.org", "no tag"))
                    .isEqualTo(NO_TAG);
        }
        assertThat(before.mail(STRANGER, "ann@example.com", "joe@example.org", "a letter"))
                .startsWith("250");
        assertTaken(before, "srs0=hhhh=tt=a.example=b@example.org", "srs0=hhhh=tt=a.example=b@example.org");

        String tooLong = "a".repeat(49) + "@example.org";
        assertThat(before.mail(OUR_USER, tooLong, "bob@example.com", "too long"))
                .startsWith("250");
        assertThat(sink.next("too long").from()).isEqualTo(tooLong);
        assertTaken(before, tooLong, tooLong);
        String longest = "a".repeat(48) + "@example.org";
        assertThat(before.mail(OUR_USER, longest, "bob@example.com", "longest")).startsWith("250");
        assertThat(batv(0).build().verify(sink.next("longest").from()).isValid())
                .isTrue();
    }

    @Test
    void strippedLocalPartNeverBecomesASecondAddress() throws IOException {
        String recipient = "\"prvs=0123abcdef=alice, bob\"@example.org";
        assertThat(before.mail(STRANGER, "ann@example.com", recipient, "two")).startsWith("250");
        assertThat(sink.next("two").to()).containsExactly(recipient);
    }
}

package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.DocumentedPostfix.STRANGER;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;

/** A joe-job against a real Postfix whose only defense is SES, with the maps of docs/ses.md. */
@Timeout(180)
class SesPostfixPeerTest {

    private static final String NO_SIGNATURE =
            "550 5.7.1 <%s>: Recipient address rejected: Bounce rejected: recipient sent no such message (no SES signature)";

    @TempDir
    static Path folder;

    private static DocumentedPostfix postfix;
    private static MailSink sink;
    private static Service service;

    @BeforeAll
    static void startAll() throws Exception {
        String signed = DocumentedConfig.of("ses.md").block("# /etc/postfix/senderauth-tags");
        postfix = DocumentedPostfix.start(
                folder,
                mainCf -> {
                    write(folder.resolve("postfix/conf/senderauth-tags"), signed);
                    return mainCf.replace(":strip}", ":ses-strip}");
                },
                masterCf -> masterCf.replace(":sign}", ":ses-sign}"));
        sink = postfix.sink();
        SecretFiles.create(
                folder.resolve("ses.keys"),
                ("example.org hmac-sha1 80/2/10 " + "5f".repeat(20) + "\n").getBytes(StandardCharsets.US_ASCII));
        write(postfix.config(), """
                hostname: mx.example.org
                domains: [example.org]
                listen:
                  policy: inet:127.0.0.1:%d
                  socketmap: inet:127.0.0.1:%d
                steps:
                  ses: {mode: enforce}
                ses:
                  keys: ses.keys
                """.formatted(postfix.policyPort(), postfix.socketmapPort()));
        service = Service.start(postfix.config(), new PrintWriter(new StringWriter(), true), InstantSource.system());
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stopAll() {
        if (postfix != null) {
            postfix.close();
        }
        if (service != null) {
            service.close();
        }
    }

    @Test
    void rejectsBackscatterAndDeliversGenuineBounces() throws Exception {
        assertThat(postfix.fromOurUser("bob@example.com", "outbound")).startsWith("250");
        String signed = sink.next("outbound").from();
        assertThat(signed).matches("SES=[A-Z0-9_-]+=alice@example\\.org");

        for (int host = 1; host <= 20; host++) {
            String client = "198.51.100." + host;
            assertThat(postfix.fromOutside(client, "", "alice@example.org", "backscatter " + host))
                    .startsWith(NO_SIGNATURE.formatted("alice@example.org") + " [");
        }
        assertThat(postfix.fromOutside(STRANGER, "", signed, "genuine bounce")).startsWith("250");
        MailSink.Mail bounce = sink.next("genuine bounce");
        assertThat(bounce.from()).isEmpty();
        assertThat(bounce.to()).containsExactly("alice@example.org");
    }

    @Test
    void rejectsBounceToForgedSignature() throws Exception {
        assertThat(postfix.fromOutside(STRANGER, "", "SES=J4KWVUFDEFUWUW4ZF=alice@example.org", "forged"))
                .startsWith("550 5.7.1")
                .contains("Bounce rejected: invalid SES signature [");
    }

    @Test
    void acceptsOrdinaryMailAndBouncesToPostmaster() throws Exception {
        assertThat(postfix.fromOutside(STRANGER, "bob@example.com", "alice@example.org", "ordinary"))
                .startsWith("250");
        assertThat(sink.next("ordinary").to()).containsExactly("alice@example.org");
        assertThat(postfix.fromOutside(STRANGER, "", "postmaster@example.org", "to postmaster"))
                .startsWith("250");
    }
}

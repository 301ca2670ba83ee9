package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.peers.PeerProcess;

/** A real Exim accepts our tags and we accept its. It has its own clock, so that both sides use the system's. */
class EximTest {

    private static final String OLD = "the-old-secret-of-example";
    private static final String NEW = "the-new-secret-of-example";

    @TempDir
    Path folder;

    private Path exim;

    @BeforeEach
    void findExim() throws IOException {
        exim = PeerProcess.program("exim4");
        // Started by root, Exim becomes a user of its own, who must reach its spool and log here.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private static SecretKey key(String text) {
        return SecretKeys.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Batv.Builder batv(BatvKeyring keys) {
        return Batv.builder().keyring(keys).clock(InstantSource.system());
    }

    private static MailAddress address(String text) {
        return MailAddress.split(text).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "joe@example.com",
                "Mixed.Case@Example.COM",
                "o'brien+list@example.com",
                "a=b=c@example.com",
                "josé@example.com",
            })
    void expansionsAgreeBothWays(String sender) throws Exception {
        BatvKeyring keys =
                BatvKeyring.builder().sign(3, key(NEW)).verify(0, key(OLD)).build();
        Batv ours = batv(keys).build();

        String theirs = expand("${prvs{" + sender + "}{" + OLD + "}{0}}");
        assertThat(ours.verify(theirs).isValid()).as(theirs).isTrue();
        assertThat(ours.verify(theirs).original().orElseThrow()).hasToString(sender);
        assertThat(ours.verify(theirs).daysLeft().orElseThrow()).isBetween(6, 7);

        String signed = ours.sign(address(sender)).toString();
        String secret = "${if eq{$prvscheck_keynum}{3}{" + NEW + "}{" + OLD + "}}";
        assertThat(expand("${prvscheck{" + signed + "}{" + secret
                        + "}{$prvscheck_address $prvscheck_keynum $prvscheck_result}}"))
                .isEqualTo(sender + " 3 1");
        // with the wrong key it is the same address and no result
        assertThat(expand("${prvscheck{" + signed + "}{" + OLD + "}{<$prvscheck_result>}}"))
                .isEqualTo("<>");
    }

    @Test
    void documentedAclTakesOurBouncesThroughAChangeOfKeys() throws Exception {
        Path config = configuration("");
        Batv before = batv(BatvKeyring.of(key(OLD))).build();
        Batv after = batv(BatvKeyring.builder()
                        .sign(1, key(NEW))
                        .verify(0, key(OLD))
                        .build())
                .build();
        Batv stranger = batv(BatvKeyring.of(key("a secret of somebody else"))).build();
        MailAddress joe = address("joe@example.com");

        List<String> replies = bounces(
                config,
                before.sign(joe).toString(),
                after.sign(joe).toString(),
                stranger.sign(joe).toString(),
                joe.toString());
        assertThat(replies)
                .containsExactly(
                        "250 Accepted",
                        "250 Accepted",
                        "550 Invalid reverse path signature.",
                        "550 This address does not send an unsigned reverse path");
        // and we take what it signed with either key
        assertThat(after.verify(expand("${prvs{joe@example.com}{" + OLD + "}{0}}"))
                        .isValid())
                .isTrue();
        assertThat(after.verify(expand("${prvs{joe@example.com}{" + NEW + "}{1}}"))
                        .isValid())
                .isTrue();
    }

    @Test
    void mixedCaseSenderNeedsALowerCaseSignerOrACarefulExim() throws Exception {
        BatvKeyring keys = BatvKeyring.of(key(OLD));
        MailAddress sender = address("Mixed.Case@example.com");
        String asIs = batv(keys).build().sign(sender).toString();
        String lower = batv(keys).lowerCase(true).build().sign(sender).toString();

        assertThat(bounces(configuration(""), asIs, lower))
                .containsExactly("550 Invalid reverse path signature.", "250 Accepted");
        assertThat(bounces(configuration("  warn control = caseful_local_part\n"), asIs, lower))
                .containsExactly("250 Accepted", "250 Accepted");
    }

    @Test
    void keyFileIsSharedByItsOctets() throws Exception {
        Path file = folder.resolve("batv.key");
        Files.writeString(file, NEW);
        Batv ours =
                batv(BatvKeyring.of(SecretKeys.of(Files.readAllBytes(file)))).build();

        String theirs = expand("${prvs{joe@example.com}{${readfile{" + file + "}}}}");
        assertThat(ours.verify(theirs).isValid()).isTrue();
    }

    /** The set-up that Exim's manual gives for BATV, with two keys. */
    private Path configuration(String firstInAcl) throws IOException {
        Path config = Files.createTempFile(folder, "exim", ".conf");
        Files.writeString(config, """
                keep_environment =
                primary_hostname = mx.example.com
                spool_directory = @FOLDER@/spool
                log_file_path = @FOLDER@/%slog
                host_lookup =
                rfc1413_query_timeout = 0s
                addresslist batv_senders = joe@example.com : mixed.case@example.com
                acl_smtp_rcpt = check_rcpt
                begin acl
                check_rcpt:
                @FIRST@
                  deny message = This address does not send an unsigned reverse path
                       senders = :
                       recipients = +batv_senders
                  deny message = Invalid reverse path signature.
                       senders = :
                       condition = ${prvscheck{$local_part@$domain}{${if eq{$prvscheck_keynum}{1}{@NEW@}{@OLD@}}}{1}}
                       !condition = $prvscheck_result
                  accept
                """.replace("@FOLDER@", folder.toString())
                .replace("@FIRST@\n", firstInAcl)
                .replace("@NEW@", NEW)
                .replace("@OLD@", OLD));
        return config;
    }

    /** The replies to a RCPT command each, in a test session with a null sender. */
    private List<String> bounces(Path config, String... recipients) throws Exception {
        StringBuilder session = new StringBuilder("EHLO client.example\r\n");
        for (String recipient : recipients) {
            session.append("MAIL FROM:<>\r\nRCPT TO:<").append(recipient).append(">\r\nRSET\r\n");
        }
        String output = run(
                session.append("QUIT\r\n").toString(), exim.toString(), "-C", config.toString(), "-bh", "192.0.2.1");
        List<String> replies = new ArrayList<>();
        List<String> lines = output.lines()
                .filter(line -> line.matches("[245][0-9]{2} .*"))
                .map(String::strip)
                .toList();
        // greeting, EHLO, then MAIL, RCPT and RSET of each
        for (int i = 0; i < recipients.length; i++) {
            replies.add(lines.get(2 + 3 * i + 1));
        }
        return replies;
    }

    private String expand(String text) throws Exception {
        return run("", exim.toString(), "-be", text).strip();
    }

    private String run(String input, String... command) throws Exception {
        Path in = Files.writeString(folder.resolve("in"), input);
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(out);
    }
}

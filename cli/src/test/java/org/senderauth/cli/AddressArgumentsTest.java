package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.SecretFiles;
import picocli.CommandLine;

/** Address and name arguments of all commands. */
class AddressArgumentsTest {

    private static final String KEY = "736563726574";
    private static final String AT = "1718452800";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private String zone = "";
    private String sesKeys = "";

    @BeforeEach
    void files() throws IOException {
        zone = Files.writeString(
                        folder.resolve("test.zone"),
                        "example.net. 300 IN TXT \"v=spf1 -all\"\n_mp._smtp.example.net. 300 IN A 127.0.0.1\n")
                .toString();
        Path keys = folder.resolve("ses.keys");
        String line = "example.net hmac-sha1 80/2/10 " + "0123456789abcdef".repeat(2) + "\n";
        SecretFiles.create(keys, line.getBytes(StandardCharsets.UTF_8));
        sesKeys = keys.toString();
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = SenderauthCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    /** Commands that exit with 2 for an invalid address; the test replaces ADDR. */
    private List<List<String>> rejecting() {
        return List.of(
                List.of("spf", "check", "--zone", zone, "--ip", "192.0.2.1", "--helo", "h.test", "--from", "ADDR"),
                List.of("spf", "explain", "--zone", zone, "--ip", "192.0.2.1", "--helo", "h.test", "--from", "ADDR"),
                List.of("check", "--zone", zone, "--ip", "192.0.2.1", "--helo", "h.test", "--from", "ADDR"),
                List.of(
                        "check",
                        "--zone",
                        zone,
                        "--ip",
                        "192.0.2.1",
                        "--helo",
                        "h.test",
                        "--from",
                        "<>",
                        "--to",
                        "ADDR"),
                List.of("csv", "check", "--zone", zone, "--ip", "192.0.2.1", "--helo", "h.test", "--from", "ADDR"),
                List.of("csv", "check", "--zone", zone, "--ip", "192.0.2.1", "--helo", "h.test", "--author", "ADDR"),
                List.of("ses", "sign", "--keys", sesKeys, "--at", AT, "ADDR"));
    }

    /** Commands that accept any text: a malformed address is a result, with exit status 1. */
    private List<List<String>> accepting() {
        return List.of(
                List.of("batv", "sign", "--weak-key", "--key", KEY, "--at", AT, "ADDR"),
                List.of("batv", "verify", "--weak-key", "--key", KEY, "--at", AT, "ADDR"),
                List.of("batv", "normalize", "ADDR"),
                List.of("callout", "verify", "--helo", "h.test", "--zone", zone, "ADDR"));
    }

    private String[] with(List<String> command, String address) {
        List<String> arguments = new ArrayList<>(command);
        arguments.replaceAll(word -> word.equals("ADDR") ? address : word);
        return arguments.toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<carol@example.net",
                "carol@example.net>",
                "<<carol@example.net>>",
                "carol@example.net SIZE=100",
                "<carol@example.net> SIZE=100",
                "carol@example.net AUTH=dave@example.org",
                "Carol <carol@example.net>",
                "carol@example.net, dave@example.org",
                "carol@ example.net",
                "carol@",
                "@",
                "\"carol@example.net",
                "carol@example.net\r\n"
            })
    void rejectsInvalidAddress(String text) {
        for (List<String> command : rejecting()) {
            assertThat(run(with(command, text))).as(command.toString()).isEqualTo(ExitStatus.USAGE);
            assertThat(out.toString()).isEmpty();
            assertThat(err.toString()).contains("invalid email address for ");
        }
        for (List<String> command : accepting()) {
            assertThat(run(with(command, text))).as(command.toString()).isEqualTo(ExitStatus.FAIL);
            assertThat(out.toString()).containsAnyOf("malformed", "bad syntax");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<carol@example.net>",
                " carol@example.net",
                "carol@example.net ",
                " <carol@example.net> ",
                "<@relay.example:carol@example.net>"
            })
    void acceptsEquivalentSpellings(String text) {
        for (List<String> command : List.of(rejecting(), accepting()).stream()
                .flatMap(List::stream)
                .filter(words -> !words.contains("ses") && !words.contains("callout"))
                .toList()) {
            int status = run(with(command, "carol@example.net"));
            String answer = out.toString();
            assertThat(run(with(command, text))).as(command.toString()).isEqualTo(status);
            assertThat(out.toString()).isEqualTo(answer);
        }
        assertThat(run("batv", "sign", "--weak-key", "--key", KEY, "--at", AT, text))
                .isEqualTo(ExitStatus.PASS);
        assertThat(out.toString().strip()).matches("prvs=0896[0-9a-f]{6}=carol@example\\.net");
        assertThat(run("ses", "sign", "--keys", sesKeys, "--at", AT, text)).isEqualTo(ExitStatus.PASS);
        assertThat(out.toString().strip()).matches("SES=[A-Z0-9_-]+=carol@example\\.net");
    }

    @Test
    void acceptsNullSender() {
        for (String text : List.of("", "<>", " <> ")) {
            assertThat(run("batv", "sign", "--weak-key", "--key", KEY, "--at", AT, text))
                    .isEqualTo(ExitStatus.FAIL);
            assertThat(out.toString().strip()).isEqualTo("malformed: the null sender has no address to tag");
            assertThat(run("ses", "sign", "--keys", sesKeys, text)).isEqualTo(ExitStatus.USAGE);
            assertThat(run(
                            "spf",
                            "check",
                            "--zone",
                            zone,
                            "--ip",
                            "192.0.2.1",
                            "--helo",
                            "example.net",
                            "--from",
                            text))
                    .isEqualTo(ExitStatus.FAIL);
            assertThat(run("callout", "verify", "--helo", "h.test", "--zone", zone, text))
                    .isEqualTo(ExitStatus.PASS);
            assertThat(out.toString()).startsWith("skipped: null sender");
        }
    }

    @Test
    void batchesReportMalformedAddress() throws IOException {
        Path lines = folder.resolve("batch.jsonl");
        Files.writeString(
                lines,
                "{\"id\":1,\"op\":\"sign\",\"address\":\"<carol@example.net>\"}\n"
                        + "{\"id\":2,\"op\":\"sign\",\"address\":\"carol@example.net SIZE=1\"}\n"
                        + "{\"id\":3,\"op\":\"normalize\",\"address\":\"<prvs=0896eca59c=carol@example.net>\"}\n");
        assertThat(run("batv", "--weak-key", "--key", KEY, "--at", AT, "--batch", lines.toString()))
                .isZero();
        assertThat(out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"valid\"").contains("=carol@example.net\""),
                        line -> assertThat(line).contains("\"malformed\"").contains("\"address\":null"),
                        line -> assertThat(line).contains("\"address\":\"carol@example.net\""));
        Files.writeString(
                lines,
                "{\"id\":1,\"ip\":\"192.0.2.1\",\"helo\":\"h.test\",\"from\":\"<carol@example.net>\"}\n"
                        + "{\"id\":2,\"ip\":\"192.0.2.1\",\"helo\":\"h.test\",\"from\":\"carol@example.net SIZE=1\"}\n");
        assertThat(run("spf", "check", "--zone", zone, "--batch", lines.toString()))
                .isZero();
        assertThat(out.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"result\":\"fail\""),
                        line -> assertThat(line)
                                .contains("\"result\":\"none\"")
                                .contains("\"problem\":\"malformed sender: "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<example.net>", "carol@example.net", " example.net", "example.net SIZE=1", "exam\nple.net"})
    void rejectsInvalidName(String name) {
        for (String[] command : new String[][] {
            {"spf", "lint", "--zone", zone, name},
            {"ses", "keygen", name},
            {"callout", "verify", "--helo", name, "--zone", zone, "carol@example.net"},
            {"check", "--zone", zone, "--ip", "192.0.2.1", "--helo", "h", "--from", "", "--receiver", name},
            {"check", "--zone", zone, "--ip", "192.0.2.1", "--helo", "h", "--from", "", "--dnsbl", name},
            {"ses", "serve", "--keys", sesKeys, "--ns", name},
            {"ses", "serve", "--keys", sesKeys, "--ns", "ns.test", "--provider", name}
        }) {
            assertThat(run(command)).as(Arrays.toString(command)).isEqualTo(ExitStatus.USAGE);
            assertThat(out.toString()).isEmpty();
        }
        if (!name.startsWith(" ")) {
            for (String[] command : new String[][] {
                {"spf", "check", "--zone", zone, "--ip", "192.0.2.1", "--helo", name},
                {"check", "--zone", zone, "--ip", "192.0.2.1", "--helo", name, "--from", ""},
                {"csv", "check", "--zone", zone, "--ip", "192.0.2.1", "--helo", name}
            }) {
                assertThat(run(command)).as(Arrays.toString(command)).isEqualTo(ExitStatus.USAGE);
                assertThat(err.toString()).contains("invalid HELO name for ");
            }
        }
    }
}

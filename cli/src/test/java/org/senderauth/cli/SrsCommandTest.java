package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SrsCommandTest {

    private static final String AT = "2026-06-15T12:00:00Z";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine command = SenderauthCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    private String keyFile() {
        Path file = folder.resolve("srs.secret");
        if (!Files.exists(file)) {
            assertThat(run("srs", "keygen", file.toString())).isZero();
        }
        return file.toString();
    }

    private String[] options(String command, String address) {
        return new String[] {"srs", command, "--key-file", keyFile(), "--domain", "srs.example.net", "--at", AT, address
        };
    }

    @Test
    void rewritesSenderAndReversesIt() {
        assertThat(run(options("forward", "alice@example.org"))).isZero();
        String address = out.toString().strip();
        assertThat(address).matches("SRS0=[a-z2-7]{8}=EL=example\\.org=alice@srs\\.example\\.net");
        assertThat(run(options("reverse", address))).isZero();
        assertThat(out.toString().strip()).isEqualTo("alice@example.org");
        assertThat(run(options("verify", address))).isZero();
        assertThat(out.toString())
                .startsWith("valid: ")
                .contains("original  alice@example.org")
                .contains("mode      hardened")
                .contains("stamp EL");
    }

    @Test
    void printsReasonWhenNotRewritten() {
        assertThat(run(options("forward", "alice@srs.example.net"))).isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString())
                .startsWith("alice@srs.example.net")
                .contains("unchanged: Need not rewrite local domain.");
        assertThat(run(options("forward", "no address"))).isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString()).contains("malformed");
    }

    @Test
    void forgedAddressExits1AndPrintsReply() {
        String forged = "SRS0=aaaaaaaa=EL=example.org=alice@srs.example.net";
        assertThat(run(options("reverse", forged))).isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString()).startsWith("forged: ");
        assertThat(run(options("verify", forged))).isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString()).contains("reply     550 5.1.1 ");
    }

    @Test
    void anotherProgramCanBeReproduced() throws Exception {
        Path secret = Files.writeString(folder.resolve("postsrsd.secret"), "tops3cret-example\n");
        Files.setPosixFilePermissions(secret, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        String[] arguments = {
            "srs",
            "forward",
            "--key-file",
            secret.toString(),
            "--domain",
            "srs.example.net",
            "--at",
            AT,
            "--mode",
            "postsrsd2",
            "joe@example.org"
        };
        assertThat(run(arguments)).isZero();
        assertThat(out.toString().strip()).isEqualTo("SRS0=-HGl=EL=example.org=joe@srs.example.net");
    }

    @Test
    void usageErrorsAreOneLine() {
        assertThat(run("srs")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("keygen, forward, reverse or verify");
        assertThat(run("srs", "forward", "a@b.example")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("--key-file FILE and --domain DOMAIN are needed");
        String[] arguments = options("forward", "a@b.example");
        arguments[arguments.length - 2] = "2026-06-15T12:00:00Z";
        assertThat(run("srs", "forward", "--key-file", keyFile(), "--domain", "a b", "a@b.example"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(run(
                        "srs",
                        "forward",
                        "--key-file",
                        keyFile(),
                        "--domain",
                        "x.example",
                        "--mode",
                        "y",
                        "a@b.example"))
                .isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("hardened, srs2, postsrsd1");
        assertThat(run("srs", "keygen", keyFile())).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains("exists already");
    }

    private List<String> batch(String... lines) throws Exception {
        Path file = Files.write(folder.resolve("batch.jsonl"), List.of(lines));
        assertThat(run("srs", "--batch", file.toString())).isZero();
        return out.toString().lines().toList();
    }

    private static String line(String op, String address, String mode) {
        return "{\"id\":1,\"op\":\"" + op + "\",\"address\":\"" + address
                + "\",\"domain\":\"srs.example.net\",\"secret\":[\"tops3cret-example\",\"older-s3cret-example\"],\"mode\":\""
                + mode + "\",\"at\":1781524800}";
    }

    @Test
    void batchAnswersEachLineInItsMode() throws Exception {
        assertThat(batch(
                        line("forward", "joe@example.org", "mail-srs"),
                        line("forward", "joe@example.org", "exim"),
                        line("reverse", "SRS0=dVfY=EL=example.org=alice@srs.example.net", "pysrs"),
                        line("reverse", "SRS0=dVfY=EL=example.org=alice@srs.example.net", "hardened"),
                        line("reverse", "SRS0=dVfY=EL=example.org=alice@other.example", "hardened"),
                        line("reverse", "SRS0=KUrj=DV=example.org=alice@srs.example.net", "srs2"),
                        line("reverse", "SRS0=x@srs.example.net", "srs2"),
                        line("reverse", "joe@srs.example.net", "postsrsd1"),
                        line("forward", "joe@srs.example.net", "postsrsd2"),
                        line("forward", "", "hardened"),
                        line("forward", "joe", "hardened"),
                        line("forward", "b".repeat(60) + "@example.org", "hardened")))
                .containsExactly(
                        answer("valid", "SRS0=+HGl=EL=example.org=joe@srs.example.net"),
                        answer("valid", "SRS0=3f7e=el=example.org=joe@srs.example.net"),
                        answer("valid", "alice@example.org"),
                        "{\"id\":1,\"verdict\":\"forged\",\"address\":null}",
                        "{\"id\":1,\"verdict\":\"foreign\",\"address\":null}",
                        "{\"id\":1,\"verdict\":\"expired\",\"address\":null}",
                        "{\"id\":1,\"verdict\":\"malformed\",\"address\":null}",
                        "{\"id\":1,\"verdict\":\"not-srs\",\"address\":null}",
                        answer("unchanged", "joe@srs.example.net"),
                        answer("unchanged", ""),
                        "{\"id\":1,\"verdict\":\"malformed\",\"address\":null}",
                        answer("too-long", "b".repeat(60) + "@example.org"));
    }

    @Test
    void batchUsesSettingsOfTheOtherProgram() throws Exception {
        String plain = line("forward", "joe@srs.example.net", "mail-srs").replace("}", "");
        assertThat(batch(
                        plain.replace("joe@srs.example.net", "joe@example.org")
                                + ",\"hashLength\":6,\"separator\":\"+\"}",
                        plain + ",\"alwaysRewrite\":true}",
                        line("reverse", "SRS0=IV08=EB=example.org=alice@srs.example.net", "mail-srs")
                                        .replace("}", "") + ",\"lifetime\":9}",
                        plain + ",\"separator\":\"_\"}"))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo(answer("valid", "SRS0++HGlhh=EL=example.org=joe@srs.example.net")),
                        line -> assertThat(line)
                                .isEqualTo(answer("valid", "SRS0=0ySn=EL=srs.example.net=joe@srs.example.net")),
                        line -> assertThat(line).contains("\"verdict\":\"expired\""),
                        line -> assertThat(line).contains("separator must be =, + or -"));
    }

    private static String answer(String verdict, String address) {
        return "{\"id\":1,\"verdict\":\"" + verdict + "\",\"address\":\"" + address + "\"}";
    }

    @Test
    void batchContinuesAfterBadLine() throws Exception {
        assertThat(batch(
                        "{\"id\":7,\"op\":\"sign\",\"address\":\"a@b.example\",\"domain\":\"c.example\",\"secret\":\"s\"}",
                        "{\"id\":8,\"op\":\"forward\",\"address\":\"a@b.example\",\"domain\":\"c.example\"}",
                        "{\"id\":9,\"op\":\"forward\",\"address\":\"a@b.example\",\"domain\":\"c d\",\"secret\":\"s\"}",
                        "{\"id\":10,\"op\":\"forward\",\"address\":\"a@b.example\",\"domain\":\"c.example\",\"secret\":\"s\","
                                + "\"mode\":\"x\"}",
                        line("reverse", "joe@example.org", "exim")))
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"id\":7").contains("must be forward or reverse"),
                        line -> assertThat(line).contains("\"id\":8").contains("\\\"secret\\\" must be a string"),
                        line -> assertThat(line).contains("\"id\":9").contains("domain must be a domain name"),
                        line -> assertThat(line).contains("\"id\":10").contains("\\\"mode\\\" must be hardened"),
                        line -> assertThat(line).contains("\"verdict\":\"not-srs\""));
    }
}

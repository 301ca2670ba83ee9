package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.SecretText;
import picocli.CommandLine;

class BatvCommandTest {

    private static final String SECRET = "736563726574";
    private static final String NOON = "1718452800";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = SenderauthCommand.commandLine();
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }

    private String batch(String... lines) throws IOException {
        Path file = folder.resolve("batch.jsonl");
        Files.write(file, java.util.List.of(lines));
        assertThat(run("batv", "--batch", file.toString())).isZero();
        return out.toString().strip();
    }

    @Test
    void signPrintsTheTaggedAddressAlone() {
        assertThat(run("batv", "sign", "--weak-key", "--key", SECRET, "--at", NOON, "joe@example.com"))
                .isZero();
        assertThat(out.toString().strip()).isEqualTo("prvs=0896eca59c=joe@example.com");
        assertThat(run(
                        "batv",
                        "sign",
                        "--weak-key",
                        "--key",
                        SECRET,
                        "--at",
                        NOON,
                        "--sub-address=+",
                        "joe@example.com"))
                .isZero();
        assertThat(out.toString().strip()).isEqualTo("joe+prvs=0896eca59c@example.com");
        assertThat(run("batv", "sign", "--weak-key", "--key", SECRET, "--at", NOON, "--lower-case", "JOE@example.com"))
                .isZero();
        assertThat(out.toString().strip()).isEqualTo("prvs=0896eca59c=joe@example.com");
        assertThat(run(
                        "batv",
                        "sign",
                        "--weak-key",
                        "--key",
                        SECRET,
                        "--at",
                        NOON,
                        "--lifetime=8",
                        "--key-number=1",
                        "joe@example.com"))
                .isZero();
        assertThat(out.toString()).startsWith("prvs=1897");
    }

    @Test
    void senderThatCannotBeTaggedComesBackWithTheReason() {
        assertThat(run("batv", "sign", "--weak-key", "--key", SECRET, "SRS0=a=b=c.example=joe@example.com"))
                .isEqualTo(1);
        assertThat(out.toString())
                .startsWith("SRS0=a=b=c.example=joe@example.com\n")
                .contains("unchanged: it is an SRS or SES address");
        assertThat(run("batv", "sign", "--weak-key", "--key", SECRET, "--json", "joe"))
                .isEqualTo(1);
        assertThat(out.toString()).contains("\"verdict\":\"malformed\"");
    }

    @ParameterizedTest
    @CsvSource({
        "prvs=0896eca59c=joe@example.com, 0, valid: valid tag",
        "prvs=3896eca59c=joe@example.com, 1, bad: not signed with any known key",
        "prvs=08827e88c0=joe@example.com, 1, expired: tag expired",
        "prvs=750139ea6=joe@example.com, 1, foreign: the tag is from another product",
        "joe@example.com, 1, unsigned: the address has no tag",
        "joe, 1, malformed: not a valid address",
    })
    void verifyTellsVerdictAndReason(String address, int status, String text) {
        assertThat(run("batv", "verify", "--weak-key", "--key", SECRET, "--at", NOON, address))
                .isEqualTo(status);
        assertThat(out.toString().lines().findFirst()).contains(text);
    }

    @Test
    void verifyUnderJsonHasTheBatchFieldsAndTheReason() {
        run("batv", "verify", "--json", "--weak-key", "--key", SECRET, "--at", NOON, "prvs=0896eca59c=joe@example.com");
        assertThat(out.toString().strip())
                .isEqualTo("{\"verdict\":\"valid\",\"address\":\"joe@example.com\",\"form\":\"std\",\"keyNumber\":0,"
                        + "\"daysLeft\":7,\"reason\":\"valid tag\"}");
    }

    @Test
    void normalizeNeedsNoKey() {
        assertThat(run("batv", "normalize", "btv1==34826e458e2==Joe@example.com"))
                .isZero();
        assertThat(out.toString().strip()).isEqualTo("Joe@example.com");
        assertThat(run("batv", "normalize", "joe")).isEqualTo(1);
    }

    @Test
    void batchAnswersEveryLineInOrder() throws IOException {
        assertThat(batch(
                        line("1", "sign", "joe@example.com", ",\"keyNumber\":1,\"lifetime\":8"),
                        line("2", "verify", "prvs=389610f51f=joe@example.com", ""),
                        line("3", "verify", "prvs=389610f51f=joe@example.com", ",\"keyNumber\":0"),
                        line("4", "verify", "joe+prvs=0896eca59c@example.com", ""),
                        line("5", "verify", "joe@example.com", ""),
                        line("6", "normalize", "prvs=joe=750139ea6@example.com", ""),
                        line("7", "normalize", "joe@example.com", ""),
                        line("8", "normalize", "joe", ""),
                        line("9", "sign", "prvs=750139ea6=joe@example.com", ""),
                        line("10", "verify", "prvs=08827e88c0=joe@example.com", "")))
                .isEqualTo("""
                        {"id":"1","verdict":"valid","address":"prvs=1897b3fcde=joe@example.com","form":"std","keyNumber":1,"daysLeft":8}
                        {"id":"2","verdict":"valid","address":"joe@example.com","form":"std","keyNumber":3,"daysLeft":7}
                        {"id":"3","verdict":"bad","address":"joe@example.com","form":"std","keyNumber":3,"daysLeft":null}
                        {"id":"4","verdict":"valid","address":"joe@example.com","form":"subaddr","keyNumber":0,"daysLeft":7}
                        {"id":"5","verdict":"unsigned","address":"joe@example.com","form":null,"keyNumber":null,"daysLeft":null}
                        {"id":"6","verdict":"foreign","address":"joe@example.com","form":"rev-eq","keyNumber":null,"daysLeft":null}
                        {"id":"7","verdict":"unsigned","address":"joe@example.com","form":null,"keyNumber":null,"daysLeft":null}
                        {"id":"8","verdict":"malformed","address":null,"form":null,"keyNumber":null,"daysLeft":null}
                        {"id":"9","verdict":"foreign","address":"prvs=750139ea6=joe@example.com","form":"ironport","keyNumber":null,"daysLeft":null}
                        {"id":"10","verdict":"expired","address":"joe@example.com","form":"std","keyNumber":0,"daysLeft":-7}""");
    }

    private static String line(String id, String op, String address, String more) {
        return "{\"id\":\"" + id + "\",\"op\":\"" + op + "\",\"address\":\"" + address + "\",\"key\":\"" + SECRET
                + "\",\"at\":" + NOON + more + "}";
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
          "op":"sing","address":"a@b.example","key":"73"                | \\"op\\" must be sign, verify or normalize
          "address":"a@b.example","key":"73"                            | \\"op\\" must be sign, verify or normalize
          "op":"sign","key":"73"                                        | \\"address\\" must be a string
          "op":"sign","address":"a@b.example"                           | \\"key\\" must be a string, since no --key-file nor --keys is given
          "op":"sign","address":"a@b.example","key":"7"                 | \\"key\\" must be pairs of hexadecimal digits, at least one
          "op":"sign","address":"a@b.example","key":""                  | \\"key\\" must be pairs of hexadecimal digits, at least one
          "op":"sign","address":"a@b.example","key":73                  | \\"key\\" must be a string
          "op":"sign","address":"a@b.example","key":"73","keyNumber":10 | \\"keyNumber\\" must be a whole number from 0 to 9
          "op":"sign","address":"a@b.example","key":"73","keyNumber":"0" | \\"keyNumber\\" must be a whole number from 0 to 9
          "op":"sign","address":"a@b.example","key":"73","lifetime":0   | \\"lifetime\\" must be a whole number from 1 to 998
          "op":"sign","address":"a@b.example","key":"73","lifetime":7.5 | \\"lifetime\\" must be a whole number from 1 to 998
          "op":"sign","address":"a@b.example","key":"73","at":"now"     | \\"at\\" must be a whole number from -31557014167219200 to 31556889864403199
          "op":"sign","address":"a@b.example","key":"73","at":9223372036854775807 | \\"at\\" must be a whole number from -31557014167219200 to 31556889864403199
        """)
    void badLineIsNamedAndTheRunGoesOn(String fields, String error) throws IOException {
        assertThat(batch("{\"id\":1," + fields + "}", line("2", "sign", "joe@example.com", ""))
                        .lines())
                .containsExactly(
                        "{\"id\":1,\"error\":\"" + error + "\"}",
                        "{\"id\":\"2\",\"verdict\":\"valid\",\"address\":\"prvs=0896eca59c=joe@example.com\","
                                + "\"form\":\"std\",\"keyNumber\":0,\"daysLeft\":7}");
    }

    @Test
    void keygenWritesAKeyForOwnersEyes() throws IOException {
        Path file = folder.resolve("batv.key");
        assertThat(run("batv", "keygen", file.toString())).isZero();

        String key = Files.readString(file);
        assertThat(key).matches("sa1\\.[A-Za-z0-9_-]{43}\\.[0-9a-f]{8}");
        assertThat(SecretText.body(key)).hasSize(43);
        assertThat(out.toString()).doesNotContain(key).contains(file.toString());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(run("batv", "keygen", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("exists already");
        assertThat(Files.readString(file)).isEqualTo(key);
        assertThat(run("batv", "keygen", folder.resolve("no/such.key").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("there is no such folder");
    }

    @Test
    void requiresAnOptionForWeakKeys() {
        assertThat(run("batv", "sign", "--key", SECRET, "joe@example.com")).isEqualTo(2);
        assertThat(err.toString()).contains("at least 16 bytes").contains("--weak-key");
    }

    @Test
    void rejectsTruncatedKeyFile() throws IOException {
        Path file = folder.resolve("batv.key");
        run("batv", "keygen", file.toString());
        String key = Files.readString(file);
        Files.writeString(file, key.substring(0, 50));
        assertThat(run("batv", "sign", "--key-file", file.toString(), "joe@example.com"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("incomplete or changed").doesNotContain(key.substring(4, 40));
    }

    @Test
    void keysComeFromAFileOfEitherKind() throws IOException {
        Path key = folder.resolve("batv.key");
        run("batv", "keygen", key.toString());
        Path keys = folder.resolve("batv.keys");
        Files.writeString(keys, "[example.com]\nsign 0 batv.key\n");
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));

        assertThat(run("batv", "sign", "--key-file", key.toString(), "--at", NOON, "joe@example.com"))
                .isZero();
        String tagged = out.toString().strip();
        assertThat(run("batv", "verify", "--keys", keys.toString(), "--at", NOON, tagged))
                .isZero();
        assertThat(run("batv", "sign", "--keys", keys.toString(), "joe@example.org"))
                .isEqualTo(1);
        assertThat(out.toString()).contains("there are no keys for its domain");
        Path batch = folder.resolve("b.jsonl");
        Files.writeString(batch, "{\"address\":\"joe@example.com\",\"at\":" + NOON + "}\n");
        assertThat(run("batv", "sign", "--keys", keys.toString(), "--batch", batch.toString()))
                .isZero();
        assertThat(out.toString()).contains(tagged);
    }

    @ParameterizedTest
    @CsvSource({
        "batv, missing command",
        "batv sign, missing ADDR",
        "batv sign --weak-key --key 73 a@b.example --batch x, missing ADDR",
        "batv sign a@b.example, a key is needed",
        "batv sign --key 7 a@b.example, --key is pairs of hexadecimal digits",
        "batv sign --weak-key --key 73 --keys x a@b.example, use only one of",
        "batv sign --keys x --key-number 1 a@b.example, --key-number cannot be combined",
        "batv sign --weak-key --key 73 --key-number 10 a@b.example, 'a key number is one digit, 0 to 9, not 10'",
        "batv sign --weak-key --key 73 --lifetime 999 a@b.example, must be between 1 and 998",
        "batv sign --weak-key --key 73 --sub-address = a@b.example, subAddress must be + or -",
        "batv sign --key-file no.key a@b.example, there is no such file",
        "batv --batch no.jsonl, cannot read file",
        "batv --batch no.jsonl --lifetime 0, must be between 1 and 998",
    })
    void misuseIsOneLineAndStatusTwo(String command, String problem) {
        assertThat(run(command.split(" "))).isEqualTo(2);
        assertThat(err.toString().strip().lines()).hasSize(1);
        assertThat(err.toString()).contains(problem);
    }
}

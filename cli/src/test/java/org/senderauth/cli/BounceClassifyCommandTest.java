package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.batv.MessageExcerpt;
import picocli.CommandLine;

class BounceClassifyCommandTest {

    private static final String BOUNCE = """
            From: MAILER-DAEMON (Mail Delivery System)
            Subject: failure notice
            Content-Type: multipart/report; report-type=delivery-status; boundary=x

            --x
            Content-Type: message/delivery-status

            Action: failed
            --x
            Content-Type: message/rfc822

            Message-ID: <1@mail.example.org>
            From: joe@example.org

            >From what I know
            --x--
            """;

    private static final String MAIL = "From: ann@example.net\nSubject: Undeliverable parcels\n\nFrom here on\n";

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

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    @Test
    void printsClassMarksAndAction() throws IOException {
        String bounce = file("bounce.eml", BOUNCE);

        assertThat(run("bounce", "classify", bounce)).isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString())
                .isEqualTo(
                        bounce
                                + ": dsn by report-type, status part, status fields, returned message, mailer-daemon, subject;"
                                + " encloses <1@mail.example.org>\n"
                                + "  action  reject: 550 5.7.1 Bounce rejected: recipient sent no such message (no valid BATV tag)\n");
    }

    @Test
    void acceptsWhatIsNotBounceOrHasOrdinarySender() throws IOException {
        String mail = file("mail.eml", MAIL);
        String bounce = file("bounce.eml", BOUNCE);

        assertThat(run("bounce", "classify", mail)).isEqualTo(ExitStatus.PASS);
        assertThat(out.toString()).isEqualTo(mail + ": other (no mark of a notice)\n  action  accept\n");
        assertThat(run("bounce", "classify", "--sender", "ann@example.net", bounce))
                .isEqualTo(ExitStatus.PASS);
        assertThat(run("bounce", "classify", "--sender", "MAILER-DAEMON@example.net", bounce))
                .isEqualTo(ExitStatus.FAIL);
        assertThat(run("bounce", "classify", "--sender", "", bounce)).isEqualTo(ExitStatus.FAIL);
    }

    @Test
    void printsJsonForEachMessageOfMbox() throws IOException {
        String mbox = file(
                "m.mbox",
                "From - Mon Nov 23 10:00:00 2026\n" + MAIL + "\nFrom - Tue Nov 24 10:00:00 2026\n" + BOUNCE
                        + "\nFrom - Wed Nov 25 10:00:00 2026\n" + MAIL);

        assertThat(run("bounce", "classify", "--mbox", "--json", mbox)).isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString().lines())
                .hasSize(3)
                .element(1)
                .asString()
                .startsWith("{\"file\":\"" + mbox + ":2\",\"class\":\"dsn\",\"marks\":[\"report-type\",")
                .endsWith("\"action\":\"reject\",\"reply\":\"550 5.7.1 Bounce rejected: recipient sent no such message"
                        + " (no valid BATV tag)\",\"encloses\":\"<1@mail.example.org>\"}");
        assertThat(out.toString().lines().toList().get(0))
                .contains("\"class\":\"other\",\"marks\":[],\"action\":\"accept\"");
    }

    @Test
    void answersBatchInOrder() throws IOException {
        String bounce = file("bounce.eml", BOUNCE);
        String json = JsonLines.write(JsonLines.object().put("id", 2).put("message", BOUNCE));
        String lines = String.join(
                "\n",
                "{\"id\":1,\"file\":\"" + bounce + "\"}",
                json,
                "{\"id\":3,\"file\":\"" + bounce + "\",\"sender\":\"ann@example.net\"}",
                "{\"id\":4,\"message\":\"\",\"sender\":null}",
                "{\"id\":5,\"file\":\"/nowhere/x.eml\"}",
                "{\"id\":6}",
                "{\"id\":7,\"message\":\"\",\"sender\":\"a b\"}",
                "{\"id\":8,\"message\":\"\",\"file\":\"x\"}",
                "{\"id\":9,\"message\":\"Auto-Submitted: auto-replied\",\"sender\":\"\"}");

        assertThat(run("bounce", "classify", "--batch", file("b.jsonl", lines))).isEqualTo(ExitStatus.PASS);
        List<String> answers = out.toString().lines().toList();
        String dsn =
                "\"class\":\"dsn\",\"marks\":[\"report-type\",\"status part\",\"status fields\",\"returned message\","
                        + "\"mailer-daemon\",\"subject\"],\"action\":";
        assertThat(answers)
                .containsExactly(
                        "{\"id\":1," + dsn + "\"reject\"}",
                        "{\"id\":2," + dsn + "\"reject\"}",
                        "{\"id\":3," + dsn + "\"accept\"}",
                        "{\"id\":4,\"class\":\"other\",\"marks\":[\"program\"],\"action\":\"accept\"}",
                        "{\"id\":5,\"error\":\"/nowhere/x.eml: no such file\"}",
                        "{\"id\":6,\"error\":\"a line must have one of \\\"file\\\" and \\\"message\\\"\"}",
                        answers.get(6),
                        "{\"id\":8,\"error\":\"a line must have one of \\\"file\\\" and \\\"message\\\"\"}",
                        "{\"id\":9,\"class\":\"auto-reply\",\"marks\":[\"program\",\"auto-replied\"],\"action\":\"accept\"}");
        assertThat(answers.get(6)).startsWith("{\"id\":7,\"error\":\"\\\"sender\\\" must be an email address or null");
    }

    @Test
    void reportsUsageErrors() throws IOException {
        assertThat(run("bounce")).isEqualTo(ExitStatus.USAGE);
        assertThat(run("bounce", "classify")).isEqualTo(ExitStatus.USAGE);
        assertThat(run("bounce", "classify", "--batch", "-", "x")).isEqualTo(ExitStatus.USAGE);
        assertThat(run("bounce", "classify", "--sender", "a b", "x")).isEqualTo(ExitStatus.USAGE);
        assertThat(run("bounce", "classify", "/nowhere/x.eml")).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).isEqualTo("senderauth bounce classify: /nowhere/x.eml: no such file\n");
        assertThat(run("bounce", "classify", folder.toString())).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString()).contains(": is a directory");
    }

    @Test
    void splitsMboxAtSeparatorAfterEmptyLine() throws IOException {
        String mbox = "text before\nFrom a 1:23\nS: 1\n\nbody\nFrom 1:23\n\nFrom inside\n>From quoted\n"
                + "x".repeat(20_000) + "From x\n\nFrom b 1:23 " + "y".repeat(9000) + "\nS: 2\r\n\r\nFrom c 1:23\n";
        MboxReader reader = new MboxReader(new ByteArrayInputStream(mbox.getBytes(StandardCharsets.US_ASCII)));

        MessageExcerpt first = reader.next();
        assertThat(first.length())
                .isEqualTo("S: 1\n\nbody\nFrom 1:23\n\nFrom inside\nFrom quoted\n\n".length() + 20_000 + 7);
        assertThat(reader.next().length()).isEqualTo("S: 2\r\n\r\n".length());
        assertThat(reader.next().length()).isZero();
        assertThat(reader.next()).isNull();
        assertThat(new MboxReader(new ByteArrayInputStream(new byte[0])).next()).isNull();
    }
}

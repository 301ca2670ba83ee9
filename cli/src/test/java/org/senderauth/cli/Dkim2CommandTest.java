package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.peers.ExternalTestData;
import org.senderauth.peers.PeerProcess;
import picocli.CommandLine;

class Dkim2CommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AT = "1782000000";
    private static final String MESSAGE = """
            From: Alice <alice@example.org>
            To: bob@example.net
            Subject: Lunch

            Hello Bob
            """;

    @TempDir
    Path folder;

    private Path key;
    private Path own;
    private Path zone;
    private Path mail;
    private Path signed;

    private record Run(int status, String out, String err) {}

    private static Run run(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = SenderauthCommand.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        String[] line = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            line[i] = words[i].toString();
        }
        return new Run(command.execute(line), out.toString(), err.toString());
    }

    @BeforeEach
    void signMail() throws IOException {
        key = folder.resolve("mail.pem");
        own = folder.resolve("own.keys");
        zone = folder.resolve("zone");
        mail = folder.resolve("mail.eml");
        signed = folder.resolve("signed.eml");
        Run keygen = run("dkim2", "keygen", "--domain", "example.org", "--selector", "mail", key);
        assertThat(keygen.status()).as(keygen.err()).isZero();
        List<String> lines = keygen.out().lines().toList();
        Files.writeString(zone, lines.get(0) + "\n");
        Files.writeString(own, lines.get(1) + "\n");
        Files.writeString(mail, MESSAGE);
        Run sign = run(
                "dkim2",
                "sign",
                mail,
                "--key-file",
                key,
                "--selector",
                "mail",
                "--domain",
                "example.org",
                "--from",
                "alice@example.org",
                "--to",
                "<bob@example.net>",
                "--at",
                AT,
                "--out",
                signed);
        assertThat(sign.status()).as(sign.err()).isZero();
    }

    private Run verify(Path file, String to, String... more) {
        List<Object> words = new ArrayList<>(List.of(
                "dkim2", "verify", file, "--from", "alice@example.org", "--to", to, "--zone", zone, "--at", AT));
        words.addAll(List.of(more));
        return run(words.toArray());
    }

    private Run bounce(Path file, String to, String... more) {
        List<Object> words = new ArrayList<>(
                List.of("dkim2", "bounce", file, "--to", to, "--own-keys", own, "--zone", zone, "--at", AT));
        words.addAll(List.of(more));
        return run(words.toArray());
    }

    private Path report() throws IOException {
        String report = """
                From: MAILER-DAEMON@example.net
                Content-Type: multipart/report; report-type=delivery-status; boundary=b

                --b
                Content-Type: message/rfc822

                """.replace("\n", "\r\n");
        return Files.write(
                folder.resolve("report.eml"),
                (report + Files.readString(signed, StandardCharsets.ISO_8859_1) + "\r\n--b--\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void signedMessageVerifies() {
        Run run = verify(signed, "bob@example.net", "--explain");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .startsWith("pass: all signatures and hashes verify")
                .contains("hop 1    d=example.org t=" + AT + " <alice@example.org> to <bob@example.net>")
                .contains("dkim2=pass header.d=example.org");
        Run other = verify(signed, "eve@example.net", "--explain");
        assertThat(other.status()).isEqualTo(ExitStatus.FAIL);
        assertThat(other.out()).contains("reply    550 5.7.1 DKIM2 check failed: DKIM2-Signature i=1 RCPT TO");
    }

    @Test
    void draftIsChosen() {
        assertThat(verify(signed, "eve@example.net").out()).startsWith("permerror: ");
        assertThat(verify(signed, "eve@example.net", "--draft", "09").out()).startsWith("fail: ");
        assertThat(verify(signed, "eve@example.net", "--draft", "10").status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void rsaKeyWorksToo() throws IOException {
        Run unicode = run(
                "dkim2", "keygen", "--domain", "b\u00fccher.example", "--selector", "r", folder.resolve("unicode.pem"));
        assertThat(unicode.out().lines()).allMatch(line -> line.startsWith("r._domainkey.xn--bcher-kva.example"));
        Path rsa = folder.resolve("rsa.pem");
        Run keygen = run("dkim2", "keygen", "--type", "rsa", "--domain", "example.org", "--selector", "r", rsa);
        Files.writeString(zone, keygen.out().lines().findFirst().orElseThrow() + "\n");
        Run sign = run(
                "dkim2",
                "sign",
                mail,
                "--key-file",
                rsa,
                "--selector",
                "r",
                "--domain",
                "example.org",
                "--from",
                "alice@example.org",
                "--to",
                "bob@example.net",
                "--at",
                AT);
        Path file = folder.resolve("rsa.eml");
        Files.writeString(file, sign.out() + MESSAGE);
        assertThat(verify(file, "bob@example.net").out()).startsWith("pass: ");
    }

    @Test
    void missingKeyIsPermanentUnavailableKeyIsTemporary() throws IOException {
        Files.writeString(zone, "example.com. 300 IN TXT \"x\"\n");
        Run missing = verify(signed, "bob@example.net");
        assertThat(missing.status()).isEqualTo(ExitStatus.FAIL);
        assertThat(missing.out()).contains("public key mail does not exist");
        String closedPort = "127.0.0.1:" + PeerProcess.freePort();
        Run unavailable = run(
                "dkim2",
                "verify",
                signed,
                "--from",
                "alice@example.org",
                "--to",
                "bob@example.net",
                "--dns",
                closedPort,
                "--at",
                AT,
                "--explain");
        assertThat(unavailable.status()).isEqualTo(ExitStatus.TEMPFAIL);
        assertThat(unavailable.out()).startsWith("temperror: ").contains("reply    451 4.7.5");
    }

    @Test
    void bounceOfSignedMessageIsOurs() throws IOException {
        Run run = bounce(report(), "alice@example.org", "--explain");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith("ours-unsigned-report: ")
                .contains("returned  d=example.org 2026-06-21T00:00:00Z to <bob@example.net>")
                .contains("report    not signed");
        Run other = bounce(report(), "eve@example.org", "--json", "--explain");
        assertThat(other.status()).isEqualTo(ExitStatus.FAIL);
        assertThat(other.out()).contains("\"verdict\":\"wrong-recipient\"").contains("\"reply\":null");
        assertThat(bounce(report(), "alice@example.org", "--domains", "example.com")
                        .out())
                .startsWith("not-ours: ");
    }

    @Test
    void jsonExplainsHops() throws IOException {
        JsonNode node = JSON.readTree(
                verify(signed, "bob@example.net", "--json", "--explain").out());
        assertThat(node.get("verdict").textValue()).isEqualTo("pass");
        assertThat(node.at("/hops/0/sender").textValue()).isEqualTo("<alice@example.org>");
        assertThat(node.at("/hops/0/recipients/0").textValue()).isEqualTo("<bob@example.net>");
    }

    @Test
    void existingFilesAreNotOverwritten() {
        Run keygen = run("dkim2", "keygen", "--domain", "example.org", "--selector", "mail", key);
        assertThat(keygen.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(keygen.err()).contains("already exists, not overwritten");
        Run sign = run(
                "dkim2",
                "sign",
                mail,
                "--key-file",
                key,
                "--selector",
                "mail",
                "--domain",
                "example.org",
                "--from",
                "alice@example.org",
                "--to",
                "bob@example.net",
                "--out",
                signed);
        assertThat(sign.status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void messageThatCannotBeSignedIsReported() {
        Run sign = run(
                "dkim2",
                "sign",
                signed,
                "--key-file",
                key,
                "--selector",
                "mail",
                "--domain",
                "example.org",
                "--from",
                "alice@example.org",
                "--to",
                "bob@example.net");
        assertThat(sign.status()).isEqualTo(ExitStatus.FAIL);
        assertThat(sign.err()).contains("the message has DKIM2 fields");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dkim2",
                "dkim2 verify",
                "dkim2 verify x.eml --from a@example.org",
                "dkim2 bounce x.eml --to a@example.org",
                "dkim2 bounce absent.eml --to a@example.org --own-keys absent.keys",
                "dkim2 keygen x.pem",
                "dkim2 keygen x.pem --domain example.org --selector s --type dsa",
                "dkim2 --batch absent.jsonl",
            })
    void wrongUseIsReported(String line) {
        Run run = run((Object[]) line.split(" "));
        assertThat(run.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(run.err().lines()).hasSize(1);
    }

    private List<JsonNode> batch(String op, List<ObjectNode> lines, Object... more) throws IOException {
        Path file = folder.resolve("batch.jsonl");
        Files.write(file, lines.stream().map(ObjectNode::toString).toList());
        List<Object> words = new ArrayList<>(List.of("dkim2"));
        words.addAll(op.isEmpty() ? List.of() : List.of(op));
        words.addAll(List.of("--batch", file));
        words.addAll(List.of(more));
        Run run = run(words.toArray());
        assertThat(run.status()).as(run.err()).isZero();
        List<JsonNode> answers = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            answers.add(JSON.readTree(line));
        }
        assertThat(answers).hasSize(lines.size());
        return answers;
    }

    private static ObjectNode line(int id, byte[] raw) {
        ObjectNode line = JSON.createObjectNode();
        line.put("id", id).put("raw", Base64.getEncoder().encodeToString(raw));
        line.put("mailFrom", "<alice@example.org>").put("at", Long.parseLong(AT));
        line.putArray("rcptTo").add("<bob@example.net>");
        return line;
    }

    @Test
    void batchAnswersEachLine() throws IOException {
        ObjectNode message = line(1, Files.readAllBytes(signed)).put("op", "message");
        ObjectNode report =
                line(2, Files.readAllBytes(report())).put("op", "bounce").put("mailFrom", "<>");
        report.putArray("rcptTo").add("<alice@example.org>");
        ObjectNode noRaw =
                JSON.createObjectNode().put("id", 3).put("op", "message").put("mailFrom", "<>");
        ObjectNode noOp = line(4, new byte[0]);
        ObjectNode notBase64 = line(5, new byte[0]).put("op", "bounce").put("raw", "?");
        ObjectNode notList = line(6, new byte[0]).put("op", "bounce").put("rcptTo", "x");
        List<JsonNode> answers = batch(
                "",
                List.of(message, report, noRaw, noOp, notBase64, notList),
                "--zone",
                zone,
                "--own-keys",
                own,
                "--domains",
                "example.org");
        assertThat(answers.get(0))
                .hasToString("{\"id\":1,\"verdict\":\"pass\",\"reason\":\"all signatures and hashes verify\"}");
        assertThat(answers.get(1).get("verdict").textValue()).isEqualTo("ours-unsigned-report");
        for (int i = 2; i < 6; i++) {
            assertThat(answers.get(i).get("error").textValue()).isNotEmpty();
        }
    }

    @Test
    void batchExplains() throws IOException {
        ObjectNode message = line(1, Files.readAllBytes(signed)).put("op", "message");
        ObjectNode report =
                line(2, Files.readAllBytes(report())).put("op", "bounce").put("mailFrom", "<>");
        report.putArray("rcptTo").add("<alice@example.org>");
        for (String op : List.of("", "verify", "bounce")) {
            List<ObjectNode> lines =
                    op.isEmpty() ? List.of(message, report) : List.of(op.equals("verify") ? message : report);
            List<JsonNode> answers = batch(op, lines, "--zone", zone, "--own-keys", own, "--explain");
            for (int i = 0; i < answers.size(); i++) {
                JsonNode answer = answers.get(i);
                assertThat(answer.get("rule").textValue()).isEqualTo("verified");
                if (lines.get(i) == message) {
                    assertThat(answer.at("/hops/0/recipients/0").textValue()).isEqualTo("<bob@example.net>");
                    assertThat(answer.get("queries").intValue()).isEqualTo(1);
                } else {
                    assertThat(answer.get("domain").textValue()).isEqualTo("example.org");
                    assertThat(answer.get("reportSigned").booleanValue()).isFalse();
                    assertThat(answer.get("queries").intValue()).isZero();
                }
            }
        }
    }

    @Test
    void bounceWithoutKeysIsBadLine() throws IOException {
        List<JsonNode> answers = batch("bounce", List.of(line(1, new byte[0])), "--zone", zone);
        assertThat(answers.get(0).get("error").textValue()).isEqualTo("a bounce needs --own-keys");
    }

    @Test
    void batchSigns() throws IOException {
        byte[] raw = MESSAGE.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        List<JsonNode> answers = batch(
                "sign",
                List.of(line(1, raw), line(2, raw).put("mailFrom", "<a@example.com>")),
                "--key-file",
                key,
                "--selector",
                "mail",
                "--domain",
                "example.org");
        assertThat(answers.get(0).get("header").textValue()).startsWith("DKIM2-Signature: ");
        assertThat(answers.get(1).get("verdict").textValue()).isEqualTo("other-domain");
        assertThat(answers.get(1).get("reason").textValue()).isEqualTo("the sender is not of example.org or below");
        byte[] signedRaw = (answers.get(0).get("header").textValue() + new String(raw, StandardCharsets.US_ASCII))
                .getBytes(StandardCharsets.US_ASCII);
        assertThat(batch("verify", List.of(line(1, signedRaw)), "--zone", zone)
                        .get(0)
                        .get("verdict")
                        .textValue())
                .isEqualTo("pass");
    }

    @ParameterizedTest
    @CsvSource({"own.json,message", "own.json,bounce", "turscar.json,message"})
    void batchAgreesWithSharedVectors(String name, String kind) throws IOException {
        JsonNode file =
                JSON.readTree(ExternalTestData.file("vectors/dkim2/" + name).toFile());
        StringBuilder records = new StringBuilder();
        file.get("dns")
                .properties()
                .forEach(entry -> entry.getValue().forEach(record -> {
                    if (record.isTextual()) {
                        String text = record.textValue().replaceAll("(.{200})", "$1\" \"");
                        records.append(entry.getKey())
                                .append(". 300 IN TXT \"")
                                .append(text)
                                .append("\"\n");
                    }
                }));
        Files.writeString(zone, records);
        StringBuilder keys = new StringBuilder();
        file.path("our_keyring")
                .properties()
                .forEach(entry -> keys.append(entry.getKey())
                        .append(' ')
                        .append(entry.getValue().textValue())
                        .append('\n'));
        Files.writeString(own, keys);
        List<ObjectNode> lines = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (JsonNode vector : file.get("cases")) {
            String note = vector.path("note").asText();
            if (vector.get("kind").textValue().equals(kind) && !note.contains("time-out")) {
                ObjectNode line = JSON.createObjectNode();
                line.put("id", vector.get("name").textValue()).put("op", kind).set("raw", vector.get("raw"));
                line.set("mailFrom", vector.get("mail_from"));
                JsonNode to = vector.get("rcpt_to");
                line.set("rcptTo", to.isArray() ? to : JSON.createArrayNode().add(to));
                line.set("at", vector.get("now"));
                lines.add(line);
                expected.add(
                        vector.get(kind.equals("message") ? "state" : "verdict").textValue());
            }
        }
        List<JsonNode> answers = batch("", lines, "--zone", zone, "--own-keys", own, "--domains", "example.org");
        for (int i = 0; i < answers.size(); i++) {
            JsonNode answer = answers.get(i);
            boolean recipe = answer.get("verdict").textValue().equals("not-determined")
                    && expected.get(i).equals("pass");
            assertThat(recipe ? "pass" : answer.get("verdict").textValue())
                    .as(answer.toString())
                    .isEqualTo(expected.get(i));
        }
    }
}

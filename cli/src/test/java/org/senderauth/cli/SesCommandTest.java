package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.peers.ExternalTestData;
import picocli.CommandLine;

class SesCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SIGNED = "SES=FZL8-J65IZ_GHGTQS=alice@example.com";

    @TempDir
    Path folder;

    private record Run(int status, String out, String err) {}

    private static Run run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = SenderauthCommand.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return new Run(command.execute(words), out.toString(), err.toString());
    }

    private List<JsonNode> batch(String... lines) throws IOException {
        Path file = folder.resolve("batch.jsonl");
        Files.write(file, List.of(lines));
        Run run = run("ses", "--batch", file.toString());
        assertThat(run.status()).isZero();
        List<JsonNode> answers = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            answers.add(JSON.readTree(line));
        }
        assertThat(answers).hasSize(lines.length);
        return answers;
    }

    private static String verifyLine(String more) {
        return "{'id':1,'op':'verify','address':'%s','secrets':['shhh!'],'timecode':60000%s}"
                .formatted(SIGNED, more)
                .replace('\'', '"');
    }

    @Test
    void batchSignsAsPysrsByDefault() throws IOException {
        JsonNode answer = batch(("{'id':'x','op':'sign','address':'alice@example.com','secrets':['shhh!','old'],"
                                + "'at':1296000000,'messageId':1}")
                        .replace('\'', '"'))
                .get(0);
        assertThat(answer)
                .isEqualTo(JSON.readTree("{\"id\":\"x\",\"verdict\":\"valid\",\"address\":\"" + SIGNED
                        + "\",\"timecode\":60000,\"messageId\":1}"));
    }

    @Test
    void batchNumbersMessagesByServer() throws IOException {
        String line = ("{'op':'sign','address':'alice@example.com','secrets':['shhh!'],'timecode':60000,"
                        + "'servers':4,'server':3}")
                .replace('\'', '"');
        assertThat(batch(line, line))
                .extracting(a -> a.get("messageId").asLong())
                .containsExactly(7L, 11L);
    }

    @Test
    void batchGivesEveryVerdict() throws IOException {
        List<JsonNode> answers = batch(
                verifyLine(""),
                verifyLine(",'limit':1"),
                verifyLine(",'limit':1"),
                verifyLine("").replace("60000", "60040"),
                verifyLine("").replace("alice", "bob"),
                verifyLine("").replace("=FZL", "=AFZL"),
                verifyLine("").replace("=FZL", "=!FZL"),
                verifyLine("").replace("SES=", ""),
                verifyLine("").replace("FZL8-J65IZ_GHGTQS", "IE1SLUT57Z3HB3EXN"),
                verifyLine(",\"fixed\":true").replace("FZL8-J65IZ_GHGTQS", "IE1SLUT57Z3HB3EXN"));
        assertThat(answers)
                .extracting(a -> a.get("verdict").asText())
                .containsExactly(
                        "valid",
                        "valid",
                        "replay",
                        "expired",
                        "bad",
                        "non-canonical",
                        "malformed",
                        "not-ses",
                        "fixed-disabled",
                        "valid");
    }

    @Test
    void batchGivesEveryFieldWithEveryVerdict() throws IOException {
        for (String line : List.of(
                verifyLine(""),
                verifyLine("").replace("alice", "bob"),
                verifyLine("").replace("SES=", ""))) {
            assertThat(batch(line).get(0).fieldNames())
                    .toIterable()
                    .containsExactly("id", "verdict", "address", "timecode", "messageId");
        }
    }

    @Test
    void batchWithoutLimitCountsNothing() throws IOException {
        String[] lines = new String[150];
        java.util.Arrays.fill(lines, verifyLine(""));
        assertThat(batch(lines)).allMatch(a -> a.get("verdict").asText().equals("valid"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'op':'bless'|\"op\" must be sign or verify",
                "'op':'sign','secrets':[]|array of strings",
                "'op':'sign','secrets':['']|none of them empty",
                "'op':'sign','secrets':'x'|array of strings",
                "'op':'sign','address':'nobody'|no address",
                "'op':'sign','address':'SES=B=a@example.org'|signed already",
                "'op':'sign','fixed':true|needs a \"messageId\"",
                "'op':'sign','fixed':'yes'|true or false",
                "'op':'sign','hashBits':39|hashBits must be 40 to 160",
                "'op':'sign','hashBits':161|hashBits must be 40 to 160",
                "'op':'sign','fractionBits':8|fractionBits must be 0 to 7",
                "'op':'sign','expirationDays':0|expirationDays must be 1",
                "'op':'sign','servers':2,'server':2|0 to 1, not 2",
                "'op':'sign','messageId':0|\"messageId\" must be a whole number",
                "'op':'sign','messageId':1.5|\"messageId\" must be a whole number",
                "'op':'sign','timecode':0|\"timecode\" must be a whole number",
                "'op':'sign','at':0|a timecode must be positive",
                "'op':'verify','skew':24|skew must be between 0 and 23",
                "'op':'verify','use':'love'|bounce or public",
                "'op':'sign','algorithm':'md5'|hmac-sha1 or hmac-sha256",
                "'op':'sign','address':'a234567890123456789012345678901234567890123@example.org'|more than 64",
            })
    void badLineSaysWhatIsWrong(String fields, String error) throws IOException {
        ObjectNode line =
                (ObjectNode) JSON.readTree("{\"id\":7,\"address\":\"alice@example.org\",\"secrets\":[\"shhh!\"]}");
        line.setAll((ObjectNode) JSON.readTree("{" + fields.replace('\'', '"') + "}"));
        JsonNode answer = batch(line.toString()).get(0);
        assertThat(answer.get("error").asText()).contains(error);
        assertThat(answer.get("id").asInt()).isEqualTo(7);
    }

    @Test
    void recordedVectorsPassThroughTheBatch() throws IOException {
        JsonNode vectors = JSON.readTree(Files.readString(ExternalTestData.file("vectors/ses-vectors.json")));
        for (JsonNode vector : vectors.get("sign")) {
            ObjectNode line = line(vector, "sign");
            line.set("timecode", vector.get("ts"));
            line.set("messageId", vector.get("msgid"));
            line.set("servers", vector.get("nservers"));
            line.set("server", vector.get("server"));
            line.set("fixed", vector.get("fixed"));
            JsonNode answer = batch(line.toString()).get(0);
            if (vector.get("id").asText().equals("S41")) {
                assertThat(answer.get("error").asText()).contains("68 octets");
            } else {
                assertThat(answer.path("address").asText())
                        .isEqualTo(vector.get("signed").asText());
            }
        }
        for (JsonNode vector : vectors.get("verify")) {
            for (int skew = 0; skew <= 1; skew++) {
                ObjectNode line = line(vector, "verify");
                line.set("timecode", vector.get("now_ts"));
                line.put("fixed", true).put("skew", skew).put("limit", 3);
                // Every vector begins with an empty ledger: each call is one line of the same batch.
                String[] calls = new String[vector.get("calls").asInt()];
                java.util.Arrays.fill(calls, line.toString());
                List<JsonNode> answers = batch(calls);
                JsonNode answer = answers.get(answers.size() - 1);
                String expected = vector.get("hardened_skew" + skew).get(0).asText();
                assertThat(answer.get("verdict").asText())
                        .as(vector.get("id").asText())
                        .isEqualTo(
                                expected.equals("BAD_MAC")
                                        ? "bad"
                                        : expected.toLowerCase().replace('_', '-'));
            }
        }
    }

    private static ObjectNode line(JsonNode vector, String op) {
        ObjectNode line = JSON.createObjectNode();
        line.put("op", op);
        line.set("address", vector.get("address"));
        line.set("secrets", vector.get("secret"));
        line.set("hashBits", vector.get("hashbits"));
        line.set("fractionBits", vector.get("fbits"));
        line.set("expirationDays", vector.get("expiration"));
        return line;
    }

    @Test
    void keygenSignVerifyGoTogether() throws IOException {
        for (String[] more : new String[][] {{}, {"--master"}, {"--algorithm", "hmac-sha256", "--layout", "96/2/14"}}) {
            Path keys = folder.resolve("keys" + more.length);
            List<String> words = new ArrayList<>(List.of("ses", "keygen", "example.org", "--out", keys.toString()));
            words.addAll(List.of(more));
            assertThat(run(words.toArray(String[]::new)).status()).isZero();
            Run first = run("ses", "sign", "Alice@example.org", "--keys", keys.toString());
            Run second = run("ses", "sign", "Alice@example.org", "--keys", keys.toString());
            assertThat(first.status()).isZero();
            assertThat(first.out())
                    .startsWith("SES=")
                    .endsWith("=alice@example.org\n")
                    .isNotEqualTo(second.out());
            Run verified = run("ses", "verify", first.out().strip(), "--keys", keys.toString());
            assertThat(verified.status()).isZero();
            // A number whose signature ends in a hyphen is skipped.
            assertThat(verified.out()).startsWith("valid\n").contains("alice@example.org", "serial   ");
            Run json = run("ses", "verify", second.out().strip(), "--keys", keys.toString(), "--json");
            assertThat(JSON.readTree(json.out()).get("messageId").asInt()).isBetween(2, 6);
            Run late = run(
                    "ses", "verify", first.out().strip(), "--keys", keys.toString(), "--at", "2099-01-01T00:00:00Z");
            assertThat(late.status()).isEqualTo(1);
        }
    }

    @Test
    void keygenPrintsALineAndNeverOverwrites() throws IOException {
        assertThat(run("ses", "keygen", "example.org").out())
                .matches("example.org hmac-sha1 80/2/10 sa1\\.[0-9a-f]{64}\\.[0-9a-f]{8}\n");
        Path keys = Files.writeString(folder.resolve("keys"), "precious");
        assertThat(run("ses", "keygen", "example.org", "--out", keys.toString()).status())
                .isEqualTo(2);
        assertThat(keys).hasContent("precious");
        assertThat(run("ses", "keygen", "example.org", "--out", keys.toString()).err())
                .contains("exists already");
        Path nowhere = folder.resolve("nowhere/keys");
        assertThat(run("ses", "keygen", "example.org", "--out", nowhere.toString())
                        .err())
                .contains("no such folder");
        assertThat(run("ses", "keygen", "example.org", "--json").out())
                .matches("\\{\"line\":\"example.org hmac-sha1 80/2/10 sa1\\.[0-9a-f]{64}\\.[0-9a-f]{8}\"}\n");
        assertThat(run("ses", "keygen", "not a domain").status()).isEqualTo(2);
        assertThat(run("ses", "keygen", "example.org", "--layout", "1/1/1").err())
                .contains("hashBits must be");
    }

    @Test
    void unsignableSenderIsANegativeVerdict() {
        Path keys = folder.resolve("keys");
        run("ses", "keygen", "example.org", "--out", keys.toString());
        Run foreign = run("ses", "sign", "alice@example.net", "--keys", keys.toString());
        assertThat(foreign.status()).isEqualTo(1);
        assertThat(foreign.err()).contains("no key for this domain");
        Run noIds = run(
                "ses",
                "sign",
                "a@example.org",
                "--keys",
                keys.toString(),
                "--serial-file",
                folder.resolve("no/ids").toString());
        assertThat(noIds.status()).isEqualTo(75);
        assertThat(run("ses", "sign", "a@example.org", "--keys", keys.toString(), "--server", "1")
                        .status())
                .isEqualTo(2);
        assertThat(run("ses", "sign", "a@example.org", "--json", "--keys", keys.toString())
                        .out())
                .contains("\"outcome\":\"signed\"");
        assertThat(run("ses", "sign", "SES=a=alice@example.org", "--json", "--keys", keys.toString())
                        .out())
                .contains("\"outcome\":\"already-signed\"");
    }

    @ParameterizedTest
    @CsvSource({
        "ses",
        "ses sign",
        "ses verify",
        "ses sign a@example.org",
        "ses sign nobody --keys x",
        "ses keygen",
        "ses serve",
        "ses serve --keys absent --ns ns1.example.org",
        "ses serve --keys absent --ns ns1.example.org --dnssec-key absent",
    })
    void misuseIsOneLine(String words) {
        Run run = run(words.split(" "));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(1);
    }
}

package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.peers.ExternalTestData;

class CsvCommandTest {

    /** Cases that need a server which fails or sends no additional section: {@link CsvEximPeerTest} has them. */
    private static final Set<String> NEED_A_SERVER = Set.of("C19", "C22", "C23");

    private static final Path ZONES = Path.of("../csv/src/test/resources/csa/zones");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private List<String> zones = List.of();

    @BeforeEach
    void zones() throws IOException {
        try (Stream<Path> files = Files.list(ZONES)) {
            zones = files.sorted()
                    .flatMap(file -> Stream.of("--zone", file.toString()))
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, ok.csa.test, 0, pass: the client address is one of ok.csa.test",
        "192.0.2.2, ok.csa.test, 1, fail_mismatch: the client address is not one of ok.csa.test",
        "192.0.2.1, w3.csa.test, 0, 'authorized_unauthenticated: w3.csa.test is authorized, but not by address'",
        "192.0.2.1, -, 0, not_applicable: the client said no HELO",
    })
    void printsVerdictFirstAndExitsWithItsStatus(String ip, String helo, int status, String line) {
        assertThat(check("--ip", ip, "--helo", helo)).isEqualTo(status);
        assertThat(out.toString().lines().findFirst()).hasValue(line);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void printsLookupsAndReplyAfterwards() {
        check("--ip", "192.0.2.2", "--helo", "ok.csa.test");
        assertThat(out.toString())
                .contains("  asked  _client._smtp.ok.csa.test. SRV: 1 2 0 ok.csa.test.")
                .contains("  reply  550 5.7.1 ")
                .contains("  header x-csa=fail ");
        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
    }

    @Test
    void eximsWordsAreGivenInEximMode() {
        assertThat(check("--exim", "--ip", "192.0.2.2", "--helo", "[192.0.2.2]"))
                .isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString()).startsWith("fail: client SMTP authorization failed (host name not authorized)");
        out.getBuffer().setLength(0);
        assertThat(check("--exim", "--no-reverse-tree", "--ip", "192.0.2.2", "--helo", "[192.0.2.2]"))
                .isZero();
        assertThat(out.toString()).startsWith("unknown: client SMTP authorization unknown");
    }

    @Test
    void exits75WhenDnsIsUnavailable() {
        // Nothing listens on the discard port.
        assertThat(run("csv", "check", "--dns", "127.0.0.1:9", "--ip", "192.0.2.1", "--helo", "a.example"))
                .isEqualTo(ExitStatus.TEMPFAIL);
        assertThat(out.toString()).startsWith("temperror_srv: ");
    }

    @Test
    void jsonHasTheWholeResult() throws IOException {
        check("--json", "--ip", "192.0.2.2", "--helo", "ok.csa.test");
        JsonNode result = JSON.readTree(out.toString());
        assertThat(result.get("result").textValue()).isEqualTo("fail_mismatch");
        assertThat(result.get("reply").textValue()).startsWith("550 5.7.1 ");
        assertThat(result.get("authenticationResults").textValue()).endsWith("smtp.helo=ok.csa.test");
        assertThat(result.get("lookups")).hasSize(2);
    }

    @Test
    void queriesTrustedServiceAboutPassingName(@TempDir Path folder) throws IOException {
        Path zone = Files.writeString(folder.resolve("dna.zone"), """
                _client._smtp.mail.example. 60 IN SRV 1 2 0 mail.example.
                mail.example. 60 IN A 192.0.2.1
                mail.example. 60 IN PTR _VOUCH._SMTP.vouch.example.
                mail.example.vouch.example. 60 IN TXT "MARID,1,D"
                mail.example.own.example. 60 IN TXT "MARID,1,D"
                """);
        for (String option : List.of("--trust=vouch.example", "--trust-always=own.example")) {
            out.getBuffer().setLength(0);
            assertThat(run("csv", "check", "--zone", zone.toString(), option, "--ip=192.0.2.1", "--helo=mail.example"))
                    .isEqualTo(ExitStatus.FAIL);
            assertThat(out.toString()).contains("rating D (not recommended): ", "Access Denied based on ");
        }
    }

    @Test
    void batchAnswersEachLineInOrder(@TempDir Path folder) throws IOException {
        Path batch = Files.writeString(folder.resolve("in.jsonl"), """
                {"id":1,"ip":"192.0.2.1","helo":"ok.csa.test"}
                {"id":"two","ip":"192.0.2.1"}
                {"id":3,"ip":"nonsense","helo":"ok.csa.test"}
                {"id":4,"helo":"ok.csa.test"}
                {"id":5,"ip":"192.0.2.1","helo":7}
                nonsense
                {"id":6,"ip":"2001:db8::1","helo":"v6only.csa.test"}
                """);
        assertThat(check("--batch", batch.toString())).isZero();
        assertThat(out.toString().lines().toList())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo("{\"id\":1,\"result\":\"pass\","
                                        + "\"reason\":\"the client address is one of ok.csa.test\"}"),
                        line -> assertThat(line).startsWith("{\"id\":\"two\",\"result\":\"not_applicable\""),
                        line -> assertThat(line).isEqualTo("{\"id\":3,\"error\":\"\\\"ip\\\" is not an IP address\"}"),
                        line -> assertThat(line).isEqualTo("{\"id\":4,\"error\":\"\\\"ip\\\" must be a string\"}"),
                        line -> assertThat(line).isEqualTo("{\"id\":5,\"error\":\"\\\"helo\\\" must be a string\"}"),
                        line -> assertThat(line).startsWith("{\"error\":\"invalid JSON"),
                        line -> assertThat(line).startsWith("{\"id\":6,\"result\":\"pass\""));
    }

    @Test
    void recordedVectorsHaveTheirAnswers(@TempDir Path folder) throws IOException {
        JsonNode cases = JSON.readTree(
                        ExternalTestData.file("vectors/csa-vectors.json").toFile())
                .get("cases");
        List<String> lines = new ArrayList<>();
        for (JsonNode one : cases) {
            lines.add(JsonLines.write(JsonLines.object()
                    .put("id", one.get("id").textValue())
                    .put("ip", one.get("client_ip").textValue())
                    .put("helo", one.get("helo").textValue())));
        }
        String batch = Files.write(folder.resolve("in.jsonl"), lines).toString();
        check("--batch", batch);
        List<JsonNode> recommended = answers();
        check("--exim", "--batch", batch);
        List<JsonNode> exim = answers();
        assertThat(cases).hasSize(48);
        for (int i = 0; i < cases.size(); i++) {
            JsonNode one = cases.get(i);
            if (NEED_A_SERVER.contains(one.get("id").textValue())) {
                continue;
            }
            assertThat(recommended.get(i).get("result").textValue())
                    .as(one.toString())
                    .isIn((Object[]) one.get("recommended")
                            .textValue()
                            .toLowerCase(java.util.Locale.ROOT)
                            .split("[^a-z_]+"));
            assertThat(exim.get(i).get("result").textValue())
                    .as(one.toString())
                    .isEqualTo(one.get("exim_4_96").get("csa_status").textValue());
            String reason = one.get("exim_4_96").get("reason").textValue();
            if (!reason.equals("-")) {
                assertThat(exim.get(i).get("reason").textValue()).isEqualTo(reason);
            }
        }
    }

    @Test
    void publishedRecordsAreAZoneFile(@TempDir Path folder) throws IOException {
        assertThat(run("csv", "publish", "mail.example", "--address=192.0.2.1", "--ttl=60"))
                .isZero();
        assertThat(out.toString()).isEqualTo("""
                _client._smtp.mail.example. 60 IN SRV 1 2 0 mail.example.
                mail.example. 60 IN A 192.0.2.1
                """);
        Path zone = Files.writeString(folder.resolve("new.zone"), out.toString());
        assertThat(run("csv", "check", "--zone", zone.toString(), "--ip=192.0.2.1", "--helo=mail.example"))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
          mail.bank.example | --from alice@bank.example   | 0  | MAIL FROM: accept: the HELO name is at or below bank.example
          robank.example    | --from alice@bank.example   | 1  | MAIL FROM: fail: MAIL FROM Channel Failure.
          robank.example    | --author alice@bank.example | 0  | From: accept: the policy 127.1.0.1 requires no channel here
          robank.example    | --from <>                   | 0  | MAIL FROM: accept: there is no domain
          robank.example    | --from alice@bank.example --forwarder list.example | 0 | MAIL FROM: accept: the client address is in the list of list.example
        """)
    void policyOfASendersDomainIsComparedOnRequest(
            String helo, String options, int status, String line, @TempDir Path folder) throws IOException {
        Path zone = Files.writeString(folder.resolve("bank.zone"), """
                _mp._smtp.bank.example. 60 IN A 127.1.0.1
                _mp._smtp.bank.example. 60 IN PTR bank.example.
                _mp._smtp.list.example. 60 IN APL 1:192.0.2.0/24
                _client._smtp.mail.bank.example. 60 IN SRV 1 2 0 mail.bank.example.
                mail.bank.example. 60 IN A 192.0.2.1
                _client._smtp.robank.example. 60 IN SRV 1 2 0 mail.bank.example.
                """);
        List<String> command = new ArrayList<>(
                List.of("csv", "check", "--zone", zone.toString(), "--ip", "192.0.2.1", "--helo", helo));
        command.addAll(List.of(options.split(" ")));

        assertThat(run(command.toArray(new String[0]))).isEqualTo(status);
        assertThat(out.toString().lines()).contains("policy for " + line);
        assertThat(out.toString().contains("  reply  550 5.7.1 ")).isEqualTo(status == ExitStatus.FAIL);
        out.getBuffer().setLength(0);
        command.add("--json");
        run(command.toArray(new String[0]));
        JsonNode policy = JSON.readTree(out.toString()).get("mailPolicies").get(0);
        assertThat(policy.get("result").textValue()).isEqualTo(status == 0 ? "accept" : "fail");
        assertThat(line).endsWith(policy.get("reason").textValue());
    }

    @Test
    void publishesNameWithoutAddressAsSendingNoMail() {
        assertThat(run("csv", "publish", "example.org")).isZero();
        assertThat(out.toString()).isEqualTo("_client._smtp.example.org. 3600 IN SRV 1 1 0 example.org.\n");
    }

    @Test
    void accreditationAndPolicyNeedNoCsaRecord() {
        assertThat(run("csv", "publish", "a.example", "--point-to=v.example", "--point-to=w.example"))
                .isZero();
        assertThat(run("csv", "publish", "a.example", "--report-of=v.example", "--rating=B", "--info=x"))
                .isZero();
        assertThat(run("csv", "publish", "a.example", "--report-of=v.example", "--rating=E"))
                .isZero();
        assertThat(run(
                        "csv",
                        "publish",
                        "a.example",
                        "--mpr-require=3",
                        "--channel=a.example",
                        "--client=!192.0.2.0/24"))
                .isZero();
        assertThat(out.toString()).isEqualTo("""
                a.example. 3600 IN PTR _VOUCH._SMTP.v.example.
                a.example. 3600 IN PTR _VOUCH._SMTP.w.example.
                a.example.v.example. 3600 IN TXT "MARID,1,B;x"
                a.example.v.example. 3600 IN TXT "MARID,1,E"
                _mp._smtp.a.example. 3600 IN A 127.1.0.3
                _mp._smtp.a.example. 3600 IN PTR a.example.
                _mp._smtp.a.example. 3600 IN APL !1:192.0.2.0/24
                """);
    }

    @Test
    void warningsGoToStandardErrorAndGiveStatusOne() throws IOException {
        List<String> command = new ArrayList<>(List.of("csv", "publish", "a.example", "--target=alias.csa.test"));
        command.addAll(zones);
        assertThat(run(command.toArray(new String[0]))).isEqualTo(ExitStatus.FAIL);
        assertThat(err.toString().lines())
                .anyMatch(line -> line.startsWith("warning: the target alias.csa.test is a CNAME"));
        assertThat(out.toString().lines()).hasSize(1);

        out.getBuffer().setLength(0);
        run("csv", "publish", "a.example", "--weight=6", "--json");
        JsonNode json = JSON.readTree(out.toString());
        assertThat(json.get("records")).hasSize(1);
        assertThat(json.get("warnings")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "csv",
                "csv check",
                "csv check --ip 192.0.2.1",
                "csv check --ip nonsense --helo a",
                "csv check --ip localhost --helo a",
                "csv check --trust a..b --ip 192.0.2.1 --helo a",
                "csv check --batch - --helo a",
                "csv check --batch - --from a@b.example",
                "csv check --ip 192.0.2.1 --helo a --forwarder a..b",
                "csv check --batch does-not-exist",
                "csv publish",
                "csv publish a..b",
                "csv publish a --ttl -1",
                "csv publish a --weight 65536",
                "csv publish a --address nonsense",
                "csv publish a --report-of b",
                "csv publish a --client 192.0.2.0/33",
                "csv publish a --mpr-require 256",
                "csv publish a --rating F --report-of b",
            })
    void badUsageIsOneLineAndStatusTwo(String command) {
        assertThat(run(command.split(" "))).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(out.toString()).isEmpty();
    }

    private List<JsonNode> answers() throws IOException {
        List<JsonNode> answers = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            answers.add(JSON.readTree(line));
        }
        out.getBuffer().setLength(0);
        return answers;
    }

    private int check(String... options) {
        List<String> command = new ArrayList<>(List.of("csv", "check"));
        command.addAll(zones);
        command.addAll(List.of(options));
        return run(command.toArray(new String[0]));
    }

    private int run(String... arguments) {
        return SenderauthCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}

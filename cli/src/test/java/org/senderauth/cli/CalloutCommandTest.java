package org.senderauth.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpRules;

class CalloutCommandTest {

    private static final String ZONE = """
            $ORIGIN example.com.
            @ 60 IN SOA ns h 1 2 3 4 60
            @ 60 IN MX 10 mx
            mx 60 IN A 127.0.0.1
            all 60 IN MX 10 mx
            nullmx 60 IN MX 0 .
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource({
        "alice@example.com, 0, deliverable: accepted",
        "nobody@example.com, 1, undeliverable: no such mailbox",
        "anybody@all.example.com, 0, catch-all: accepts all",
        "later@example.com, 75, undecided: tempfail",
        "any@nullmx.example.com, 1, undeliverable: null mx",
        "'', 0, skipped: null sender",
        "<>, 0, skipped: null sender",
        "nonsense, 1, undeliverable: bad syntax",
    })
    void printsVerdictFirstAndExitsWithItsStatus(String address, int status, String line) throws Exception {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(rules())) {
            assertThat(verify(server.port(), address)).isEqualTo(status);
        }
        assertThat(out.toString().lines().findFirst()).hasValue(line);
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void printsWholeTranscript() throws Exception {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(rules())) {
            verify(server.port(), "nobody@example.com");
        }
        assertThat(out.toString())
                .contains("  reply  550 5.1.7 ")
                .contains("  asked  mx.example.com [127.0.0.1]")
                .containsSubsequence(
                        "> MAIL FROM:<>", "> RCPT TO:<nobody@example.com>", "< 550 5.1.1", "> QUIT", "< 221");
    }

    @Test
    void printsTranscriptToItsEndDespiteSlowQuit() throws Exception {
        // Longer than a service waits.
        SmtpRules slow = rules().act("QUIT", peer -> {
            peer.waitOrEnd(Duration.ofMillis(2500));
            peer.say("221 2.0.0 bye at last");
        });
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(slow)) {
            verify(server.port(), "alice@example.com");
        }
        assertThat(out.toString()).containsSubsequence("> QUIT", "< 221 2.0.0 bye at last");
    }

    @Test
    void jsonHoldsTheSame() throws Exception {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(rules())) {
            verify(server.port(), "nobody@example.com", "--json");
        }
        JsonNode object = new ObjectMapper().readTree(out.toString());
        assertThat(object.get("address").textValue()).isEqualTo("nobody@example.com");
        assertThat(object.get("verdict").textValue()).isEqualTo("undeliverable");
        assertThat(object.get("reason").textValue()).isEqualTo("no_such_mailbox");
        assertThat(object.get("reply").textValue()).startsWith("550 5.1.7 ");
        assertThat(object.get("targetReply").textValue()).isEqualTo("550 5.1.1 no such user");
        assertThat(object.get("host").textValue()).isEqualTo("mx.example.com");
        assertThat(object.get("ip").textValue()).isEqualTo("127.0.0.1");
        assertThat(object.get("transcript").toString()).contains("QUIT");
    }

    @Test
    void privateAddressesAreNotAskedOnTheRealPort() throws Exception {
        assertThat(verify(25, "alice@example.com")).isEqualTo(ExitStatus.FAIL);
        assertThat(out.toString()).startsWith("undeliverable: mx not public");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--port=0 a@example.com", "--port=x a@example.com", "--helo=-bad- a@example.com", "", "a b c"})
    void badUsageIsOneLine(String arguments) {
        List<String> words = new ArrayList<>(List.of("callout", "verify"));
        words.addAll(List.of(arguments.isEmpty() ? new String[0] : arguments.split(" ")));
        assertThat(run(words)).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(out.toString()).isEmpty();
    }

    // ---- explain-reply ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "550 5.1.1 User unknown | 1 | undeliverable: no such mailbox",
                "452 4.2.2 Mailbox full | 0 | deliverable: mailbox full",
                "550 5.1.1 User unknown, your IP is blocked | 75 | undecided: policy refused",
                "250 OK | 0 | deliverable: accepted",
                "--stage banner 521 no mail here | 75 | undecided: host accepts no mail",
                "--stage MAIL 550 5.1.1 no such user | 75 | undecided: null sender refused",
                "--postmaster accepted 550 mailbox unavailable | 1 | undeliverable: no such mailbox",
                "--postmaster refused 550 mailbox unavailable | 75 | undecided: unclear rejection",
            })
    void explainReplyGivesVerdictAndStatus(String arguments, int status, String line) {
        List<String> words = new ArrayList<>(List.of("callout", "explain-reply"));
        words.addAll(List.of(arguments.split(" ")));
        assertThat(run(words)).isEqualTo(status);
        assertThat(out.toString().lines().findFirst()).hasValue(line);
    }

    @Test
    void explainReplyShowsTheReplyAndTheRule() {
        run(List.of("callout", "explain-reply", "550-5.1.1 The email account\n550 5.1.1 does not exist."));
        assertThat(out.toString())
                .contains("  reply  550 5.1.7 ")
                .contains("  rule   user-unknown")
                .contains("  source Postfix");
        run(List.of("callout", "explain-reply", "550 mailbox unavailable"));
        assertThat(out.toString()).contains("  check  a probe sends RCPT for the postmaster next");
        run(List.of("callout", "explain-reply", "550 relay not permitted"));
        assertThat(out.toString()).contains("  reply  none, continue with the other checks");
    }

    @Test
    void explainReplyPrintsJson() throws Exception {
        run(List.of("callout", "explain-reply", "--json", "550 5.1.1 User unknown"));
        JsonNode object = new ObjectMapper().readTree(out.toString());
        assertThat(object.get("verdict").textValue()).isEqualTo("undeliverable");
        assertThat(object.get("by").textValue()).isEqualTo("user-unknown");
        assertThat(object.get("reply").textValue()).startsWith("550 5.1.7 ");
    }

    @Test
    void explainReplyAnswersABatchInOrder() throws Exception {
        Path file = Files.writeString(folder.resolve("replies.jsonl"), """
                {"id":1,"stage":"rcpt","reply":["550-5.1.1 no such","550 5.1.1 user"],"postmaster":"refused"}
                {"id":"b","stage":"banner","reply":["554 blocked"],"postmaster":"unknown"}
                {"id":3,"reply":["550 mailbox unavailable"],"postmaster":"accepted"}
                {"id":4,"reply":["hello"]}
                {"id":5,"reply":"550 no"}
                {"id":6,"reply":[]}
                {"id":7,"stage":"data","reply":["550 no"]}
                {"id":8,"postmaster":"perhaps","reply":["550 no"]}
                {"id":9,"reply":["452 4.2.2 full"]}
                """);
        assertThat(run(List.of("callout", "explain-reply", "--batch", file.toString())))
                .isEqualTo(ExitStatus.PASS);
        assertThat(out.toString().lines())
                .containsExactly(
                        "{\"id\":1,\"verdict\":\"undeliverable\",\"reason\":\"no_such_mailbox\",\"by\":\"no-such-user\"}",
                        "{\"id\":\"b\",\"verdict\":\"undecided\",\"reason\":\"policy_refused\",\"by\":\"blocked\"}",
                        "{\"id\":3,\"verdict\":\"undeliverable\",\"reason\":\"no_such_mailbox\",\"by\":\"mailbox-unavailable\"}",
                        "{\"id\":4,\"error\":\"not an SMTP reply: hello\"}",
                        "{\"id\":5,\"error\":\"\\\"reply\\\" must be an array of strings\"}",
                        "{\"id\":6,\"error\":\"a reply has at least one line\"}",
                        "{\"id\":7,\"error\":\"the stage must be one of banner, ehlo, mail, rcpt\"}",
                        "{\"id\":8,\"error\":\"the postmaster check must be one of accepted, refused, unknown\"}",
                        "{\"id\":9,\"verdict\":\"deliverable\",\"reason\":\"mailbox_full\",\"by\":\"code-mailbox-full\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "--stage=data 550 no", "--postmaster=maybe 550 no", "--batch=x 550 no"})
    void explainReplyRejectsBadUsageInOneLine(String arguments) {
        List<String> words = new ArrayList<>(List.of("callout", "explain-reply"));
        words.addAll(List.of(arguments.isEmpty() ? new String[0] : arguments.split(" ")));
        assertThat(run(words)).isEqualTo(ExitStatus.USAGE);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(out.toString()).isEmpty();
    }

    private static SmtpRules rules() {
        return SmtpRules.mailServer("PIPELINING")
                .act("RCPT TO:<callout-probe-", peer -> {
                    String last = peer.heard().get(peer.heard().size() - 1);
                    peer.say(last.contains("@all.") ? "250 OK" : "550 5.1.1 no such user");
                })
                .answer("RCPT TO:<nobody@", "550 5.1.1 no such user")
                .answer("RCPT TO:<later@", "451 4.3.0 later");
    }

    private int verify(int port, String address, String... more) throws Exception {
        Path zone = Files.writeString(folder.resolve("zone"), ZONE);
        List<String> words = new ArrayList<>(List.of(
                "callout",
                "verify",
                "--helo",
                "asker.example.org",
                "--zone",
                zone.toString(),
                "--port",
                Integer.toString(port),
                address));
        words.addAll(List.of(more));
        return run(words);
    }

    private int run(List<String> words) {
        return SenderauthCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words.toArray(String[]::new));
    }
}

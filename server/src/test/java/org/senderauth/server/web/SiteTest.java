package org.senderauth.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.IpAddresses;
import org.senderauth.server.history.HistoryRecord;
import org.senderauth.server.history.HistorySource;
import org.senderauth.server.history.HistoryTrace;
import org.senderauth.testkit.ManualClock;

/** The pages, whatever the fields of a request, a decision, a record or a reply contain. */
class SiteTest {

    private final TestSource source = new TestSource(ManualClock.at(Instant.parse("2026-11-23T12:00:00Z")));
    private final Site site = new Site(source);

    private WebResponse get(String path, Map<String, String> fields) {
        return site.answer(new WebRequest(false, path, fields, "token", "f".repeat(64)));
    }

    private WebResponse post(String path, Map<String, String> fields) {
        return site.answer(new WebRequest(true, path, fields, "token", "f".repeat(64)));
    }

    private static String body(WebResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static HistoryRecord decision(String id, String text) {
        return new HistoryRecord(
                id,
                Instant.parse("2026-11-23T12:00:00Z"),
                text,
                text,
                text,
                text,
                IpAddresses.parse("192.0.2.1").orElseThrow(),
                text,
                text,
                text,
                text,
                text,
                7,
                text);
    }

    @Test
    void showsADecisionStepByStep() {
        HistoryTrace.Step step = new HistoryTrace.Step(
                "spf",
                "enforce",
                "fail",
                "fail",
                "not authorized",
                List.of("|- ip4:192.0.2.1    no match", "`- -all    MATCH"));
        source.decisions.add(new HistorySource.Found(
                decision("a1", "alice@example.org"), new HistoryTrace("a1", List.of(step), List.of("X-Test: 1"))));
        String page = body(get("/decisions/a1", Map.of()));
        assertThat(page)
                .contains("Decision a1")
                .contains("not authorized")
                .contains("<code>-all</code>")
                .contains("<span class=\"mark good\">match</span>")
                .contains("X-Test: 1");
        assertThat(page).contains("href=\"/decisions/a1/0.svg\"");
        WebResponse picture = get("/decisions/a1/0.svg", Map.of());
        assertThat(picture.type()).startsWith("image/svg+xml");
        assertThat(body(picture)).contains("Decision a1: spf").contains("-all").contains("match");
        assertThat(get("/decisions/a1/1.svg", Map.of()).status()).isEqualTo(404);
        assertThat(body(get("/decisions", Map.of()))).contains("href=\"/decisions/a1\"");
        assertThat(get("/decisions/b2", Map.of()).status()).isEqualTo(404);
        assertThat(get("/decisions/%2e", Map.of()).status()).isEqualTo(404);
    }

    @Test
    void saysWhatIsWrongWithASearch() {
        WebResponse page = get("/decisions", Map.of("since", "tomorrow"));
        assertThat(page.status()).isEqualTo(422);
        assertThat(body(page)).contains("since must be a time such as").contains("value=\"tomorrow\"");
    }

    @Test
    void showsTreeOfTrial() {
        String page = body(post(
                TryPage.DECISION, Map.of("ip", "198.51.100.7", "helo", "mail.example.org", "from", "a@example.org")));
        assertThat(page)
                .contains("198.51.100.7 is not authorized to send mail for example.org")
                .contains("<code>include:spf.example.net</code>")
                .contains("<code>ip4:192.0.2.0/24</code>")
                .contains("lookups 1/10, void 0/2")
                .contains("value=\"198.51.100.7\"");
    }

    @Test
    void namesEachInvalidFieldOfTrial() {
        WebResponse page = post(TryPage.DECISION, Map.of("ip", "x", "helo", "a b", "from", "@@"));
        assertThat(page.status()).isEqualTo(422);
        assertThat(body(page))
                .contains("invalid IP address of the client: &#39;x&#39;".replace("&#39;", "'"))
                .contains("invalid HELO name")
                .contains("invalid envelope sender");
    }

    @Test
    void lintPutsTheCaretUnderThePlace() {
        source.record = "v=spf1 ipv4:192.0.2.1 -all";
        String page = body(post(TryPage.LINT, Map.of("domain", "example.org")));
        assertThat(page)
                .contains("<span class=\"line\">v=spf1 ipv4:192.0.2.1 -all</span>")
                .contains("<span class=\"line\">       ^^^^")
                .contains("Worst case");
    }

    @Test
    void explainsAReply() {
        String page = body(post(TryPage.REPLY, Map.of("reply", "550 5.1.1 User unknown")));
        assertThat(page).contains("undeliverable").contains("Source");
        assertThat(post(TryPage.REPLY, Map.of("reply", "hello")).status()).isEqualTo(422);
    }

    @Test
    void hostileFieldsOfARequestAreShownAsText() {
        for (String text : HostileText.ALL) {
            Map<String, String> fields = new HashMap<>();
            DecisionsPage.FILTERS.forEach(name -> fields.put(name, text));
            HostileText.isSafe(body(get("/decisions", fields)));
            HostileText.isSafe(body(get("/decisions/" + text, Map.of())));
            HostileText.isSafe(body(get("/" + text, Map.of(text, text))));
            Map<String, String> form = Map.of("ip", text, "helo", text, "from", text, "domain", text, "reply", text);
            for (String path : List.of(TryPage.DECISION, TryPage.LINT, TryPage.REPLY)) {
                String page = body(post(path, form));
                HostileText.isSafe(page);
                if (text.startsWith("nnn")) {
                    assertThat(page).contains(text);
                }
            }
            HostileText.isSafe(body(post(TryPage.REPLY, Map.of("reply", "550 5.1.1 " + text))));
            HostileText.isSafe(body(post(
                    TryPage.DECISION, Map.of("ip", "192.0.2.1", "helo", "a.example", "from", text + "@example.org"))));
        }
    }

    @Test
    void hostileFieldsOfADecisionAreShownAsText() {
        for (String text : HostileText.ALL) {
            source.decisions.clear();
            HistoryTrace.Step step = new HistoryTrace.Step(
                    text, text, text, text, text, List.of("|- " + text + "  no match", text, "? " + text));
            source.decisions.add(new HistorySource.Found(
                    decision("a1", text), new HistoryTrace("a1", List.of(step), List.of(text))));
            source.decisions.add(new HistorySource.Found(decision(text, text), null));
            source.decisions.add(new HistorySource.Found(decision("b1", text), null));
            for (String path : List.of("/decisions", "/decisions/a1", "/decisions/a1/0.svg", "/decisions/b1")) {
                WebResponse page = get(path, Map.of());
                assertThat(page.status()).isEqualTo(200);
                HostileText.isSafe(body(page));
                if (text.startsWith("nnn")) {
                    assertThat(body(page)).contains(text);
                }
            }
        }
    }

    @Test
    void hostileRecordsAreShownAsText() {
        for (String text : HostileText.ALL) {
            source.record = "v=spf1 " + new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
            HostileText.isSafe(body(post(TryPage.LINT, Map.of("domain", "example.org"))));
        }
    }

    @Test
    void listsWhatIsRememberedAndForgetsByPost() {
        source.rows.add(
                new WebSource.StateRow("sender", "a@example.net", "user unknown", "2026-11-24T12:00:00Z", "550"));
        source.rows.add(new WebSource.StateRow("domain", "example.com", "open", "", ""));
        assertThat(body(get("/callouts", Map.of()))).contains("a@example.net").contains("example.com");
        assertThat(body(get("/callouts", Map.of("search", "UNKNOWN"))))
                .contains("a@example.net")
                .doesNotContain("<code>example.com");
        assertThat(body(get("/keys", Map.of()))).contains("a@example.net");
        assertThat(body(get("/zone", Map.of()))).contains("<th scope=\"row\">valid</th><td class=\"number\">3</td>");
        assertThat(get("/callouts/forget", Map.of("what", "a@example.net")).status())
                .isEqualTo(303);
        assertThat(source.evicted).isEmpty();
        assertThat(body(post("/callouts/forget", Map.of("what", "a@example.net"))))
                .contains("1 entry evicted");
        assertThat(source.evicted).containsExactly("token a@example.net");
        assertThat(post("/callouts/forget", Map.of("what", "x")).status()).isEqualTo(422);
        source.shared = true;
        assertThat(body(get("/callouts", Map.of()))).contains("this host shares the state");
    }

    @Test
    void hostileStatesAreShownAsText() {
        for (String text : HostileText.ALL) {
            source.rows.clear();
            source.rows.add(new WebSource.StateRow(text, text, text, text, text));
            for (String path : List.of("/callouts", "/keys", "/zone")) {
                HostileText.isSafe(body(get(path, Map.of())));
            }
            HostileText.isSafe(body(get("/callouts", Map.of("search", text))));
            HostileText.isSafe(body(post("/callouts/forget", Map.of("what", text))));
            HostileText.isSafe(body(post("/callouts/forget", Map.of("what", "@" + text))));
        }
    }

    @Test
    void noTemplateWritesUnescapedText() throws IOException {
        try (Stream<Path> templates = Files.walk(Path.of("src/main/jte"))) {
            List<Path> files = templates.filter(Files::isRegularFile).toList();
            assertThat(files).isNotEmpty();
            for (Path file : files) {
                assertThat(Files.readString(file))
                        .as(file.toString())
                        .doesNotContain("$unsafe")
                        .doesNotContain("<script")
                        .doesNotContain(" style=");
            }
        }
    }

    @Test
    void countsDecisionsAndShowsHealthInOverview() {
        assertThat(body(get("/", Map.of())))
                .contains("<span class=\"mark good\">Service and DNS</span>")
                .contains("<span class=\"mark bad\">Redis</span>")
                .contains("0 decisions");
    }
}

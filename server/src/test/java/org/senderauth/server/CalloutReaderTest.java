package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.ProbeTimeouts;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.IpAddresses;

/** The settings of the step {@code callout}. */
class CalloutReaderTest {

    private static final String START = """
            hostname: mx.example.org
            listen: {policy: inet:127.0.0.1:0}
            steps:
              callout:
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void writeKey() throws Exception {
        SecretFiles.create(folder.resolve("callout.key"), "sixteen bytes!!!".getBytes(StandardCharsets.US_ASCII));
    }

    private CalloutSettings read(String settings) throws Exception {
        return readFile(settings).steps().callout();
    }

    private ServeConfig readFile(String settings) throws Exception {
        Path file = folder.resolve("senderauth.yaml");
        Files.writeString(file, START + settings.indent(4));
        return ConfigReader.read(file);
    }

    @Test
    void readsEverySetting() throws Exception {
        ServeConfig config = readFile("""
                response-timeout-seconds: 5
                expose-reply-text: true
                random-check: false
                probe-address-literals: true
                method: vrfy-first
                tls: when-offered
                source-address: 192.0.2.25
                own-addresses: [192.0.2.25, "2001:db8::25"]
                block-lists: [dnsbl.example.net]
                random-key-file: callout.key
                fallback-sender: {domain: example.org, key-file: callout.key}
                timeouts:
                  connect-seconds: 1
                  banner-seconds: 2
                  ehlo-seconds: 3
                  tls-seconds: 4
                  mail-seconds: 5
                  rcpt-seconds: 6
                  quit-seconds: 7
                  total-seconds: 50
                limits:
                  domain-rate: {interval-ms: 20000, burst: 10}
                  host-rate: {interval-ms: 1000, burst: 20}
                  global-rate: {interval-ms: 40, burst: 30}
                  probes-per-domain: 3
                  probes-per-host: 4
                  max-concurrent-probes: 50
                  attack-threshold: 16
                  client-failure-limit: 11
                  positive-refresh-hours: 12
                  positive-expire-hours: 48
                  cache-size: 5000
                replies:
                  no-such-mailbox: 550 5.1.0 No such sender
                  null-sender-refused: 550 5.7.0 No bounces, no mail
                  timeout: none
                """);
        CalloutSettings callout = config.steps().callout();
        assertThat(callout.limits())
                .isEqualTo(CalloutLimits.builder()
                        .responseTimeout(Duration.ofSeconds(5))
                        .domainRate(new Rate(Duration.ofSeconds(20), 10))
                        .hostRate(new Rate(Duration.ofSeconds(1), 20))
                        .overall(new Rate(Duration.ofMillis(40), 30))
                        .probesPerDomain(3)
                        .probesPerHost(4)
                        .maxConcurrentProbes(50)
                        .forgeryThreshold(16)
                        .clientFailureLimit(11)
                        .positiveRefreshTime(Duration.ofHours(12))
                        .positiveExpireTime(Duration.ofHours(48))
                        .cacheSize(5000)
                        .build());
        CalloutSettings.Probe probe = callout.probe();
        assertThat(probe.timeouts())
                .isEqualTo(new ProbeTimeouts(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(50)));
        assertThat(probe.checksCatchAll()).isFalse();
        assertThat(probe.method()).isEqualTo(ProbeSettings.Method.VRFY_FIRST);
        assertThat(probe.tls()).isEqualTo(ProbeSettings.Tls.WHEN_OFFERED);
        assertThat(probe.sourceAddress())
                .isEqualTo(IpAddresses.parse("192.0.2.25").orElseThrow());
        assertThat(probe.ownAddresses()).hasSize(2);
        assertThat(probe.keys().randomKey()).isNotNull();
        assertThat(probe.keys().fallbackSender())
                .satisfies(senders ->
                        assertThat(senders.sender(Instant.EPOCH).domain()).isEqualTo("example.org"));
        assertThat(callout.probesAddressLiterals()).isTrue();
        assertThat(callout.blockLists()).containsExactly("dnsbl.example.net");
        assertThat(callout.replies().exposesReplyText()).isTrue();
        assertThat(callout.replies().changed())
                .containsOnly(
                        Map.entry(
                                CalloutReason.NO_SUCH_MAILBOX,
                                Optional.of(new SmtpReply(550, "5.1.0", "No such sender"))),
                        Map.entry(
                                CalloutReason.NULL_SENDER_REFUSED,
                                Optional.of(new SmtpReply(550, "5.7.0", "No bounces, no mail"))),
                        Map.entry(CalloutReason.TIMEOUT, Optional.empty()));
        assertThat(config.toString()).doesNotContain("sixteen bytes").doesNotContain("SecretKeySpec");
    }

    @Test
    void defaultsAreThoseOfTheLibrary() throws Exception {
        CalloutSettings callout = read("mode: monitor\n");
        assertThat(callout.limits()).isEqualTo(CalloutLimits.DEFAULT);
        assertThat(callout.probe().timeouts()).isEqualTo(ProbeTimeouts.DEFAULT);
        assertThat(callout.probe().checksCatchAll()).isTrue();
        assertThat(callout.replies().changed()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            response-timeout-seconds: 21   | 5: response-timeout-seconds (21) must not exceed deadline-seconds (20)
            response-timeout-seconds: 0    | 5: response-timeout-seconds: must be a number from 1 to 80, was "0"
            random-check: maybe            | 5: random-check: must be true or false, was "maybe"
            method: expn                   | 5: method: must be rcpt, vrfy-first or vrfy-only, was "expn"
            tls: always                    | 5: tls: must be when-demanded or when-offered, was "always"
            source-address: mx.example.org | 5: source-address: must be an IP address such as 192.0.2.1, was "mx.example.org"
            own-addresses: [192.0.2.256]   | 5: own-addresses: must be an IP address such as 192.0.2.1, was "192.0.2.256"
            block-lists: [x]               | 5: block-lists: must be the domain name of a list, was "x"
            random-key-file: absent        | 5: absent: there is no such file
            fallback-sender: {domain: example.org} | 5: fallback-sender requires "domain" and "key-file"
            timeouts: {total-seconds: 90}  | 5: total-seconds: must be a number from 1 to 80, was "90"
            timeouts: {helo-seconds: 9}    | 5: unknown setting "helo-seconds"; did you mean "ehlo-seconds"? known: total-seconds, connect-seconds, banner-seconds, ehlo-seconds, tls-seconds, mail-seconds, rcpt-seconds, quit-seconds
            limits: {host-rate: {burst: 1}} | 5: burst: must be a number from 2 to 1000000, was "1"
            limits: {domain-rate: {interval-ms: 0}} | 5: interval-ms: must be a number from 1 to 86400000, was "0"
            limits: {positive-expire-hours: 2} | 5: positive-expire-hours (2) must not be below positive-refresh-hours (24)
            replies: {greylisted: 550 5.7.1 Go away} | 5: greylisted: must be none, or a 4yz reply such as "451 4.1.7 Try again later", was "550 5.7.1 Go away"
            replies: {no-such-mailbox: 550 4.1.7 Mixed} | 5: no-such-mailbox: must be none, or a reply such as "550 5.1.7 Sender address rejected", was "550 4.1.7 Mixed"
            replies: {no-such-mailbox: rejected} | 5: no-such-mailbox: must be none, or a reply such as "550 5.1.7 Sender address rejected", was "rejected"
            """)
    void reportsLineAndFixOfEachMistake(String setting, String problem) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> read(setting + "\n"));
        assertThat(refused.problems())
                .singleElement()
                .satisfies(line -> assertThat(line.replace(folder + "/", "")).endsWith(":" + problem));
    }

    @Test
    void refusesRepliesToAcceptedSenders() {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> read("replies: {accepted: 450 4.7.1 No}\n"));
        assertThat(refused.problems()).singleElement().asString().contains("unknown setting \"accepted\"");
    }

    @Test
    void endsWaitBeforeShortDeadline() throws Exception {
        Path file = folder.resolve("senderauth.yaml");
        for (int deadline : List.of(20, 8, 5, 1)) {
            Files.writeString(file, START + "    port: 25\nlimits: {deadline-seconds: " + deadline + "}\n");
            assertThat(ConfigReader.read(file).steps().callout().limits().responseTimeout())
                    .isEqualTo(Duration.ofSeconds(Math.max(1, Math.min(8, deadline - 1))));
        }
    }

    // The reader's own list, from the advice for an unknown setting.
    private List<String> known(String section) {
        String wrong = section.isEmpty() ? "zzzzzzzz: 1\n" : section + ": {zzzzzzzz: 1}\n";
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> read(wrong));
        String problem = refused.problems().stream()
                .filter(line -> line.contains("zzzzzzzz"))
                .findFirst()
                .orElseThrow();
        return List.of(problem.substring(problem.indexOf("known: ") + 7).split(", "));
    }

    @Test
    void settingsInTableOfPeersExist() throws Exception {
        String guide = Files.readString(Path.of("..", "docs", "callout.md"));
        String table = guide.substring(guide.indexOf("## Options of Exim and Postfix"), guide.indexOf("## Watching"));
        Map<String, List<String>> known = new HashMap<>();
        int found = 0;
        for (String row :
                table.lines().filter(line -> line.startsWith("| ")).skip(1).toList()) {
            String ours = row.substring(row.lastIndexOf('|', row.length() - 2));
            Matcher setting =
                    Pattern.compile("`([a-z-]+)(?:: ([a-z-]+))?`").matcher(ours.replace("the step `dnsbl`", ""));
            while (setting.find()) {
                found++;
                assertThat(known.computeIfAbsent("", this::known)).as(row).contains(setting.group(1));
                if (setting.group(2) != null) {
                    assertThat(known.computeIfAbsent(setting.group(1), this::known))
                            .as(row)
                            .contains(setting.group(2));
                }
            }
        }
        assertThat(found).isGreaterThan(30);
    }

    @Test
    void listOfSettingsInGuideIsComplete() {
        String all = DocumentedConfig.of("operations.md").block("# all settings");
        String section = all.substring(all.indexOf("\n  callout:"), all.indexOf("\nrecipient-domains:"));
        for (String part : List.of("", "timeouts", "limits", "fallback-sender")) {
            assertThat(known(part)).allSatisfy(setting -> assertThat(section).contains(setting + ": "));
        }
    }
}

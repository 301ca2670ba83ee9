package org.senderauth.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;
import static org.senderauth.testkit.SmtpRules.mailServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.senderauth.callout.CalloutResult.Source;
import org.senderauth.callout.inmemory.InMemoryCalloutState;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.ProbeTimeouts;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ManualClock;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.ScriptedSmtpServer.Script;
import org.senderauth.testkit.SmtpPeer;
import org.senderauth.testkit.SmtpRules;

/** The whole path: request, DNS, SMTP session, cache, next request. Each probe runs in the caller's thread. */
class EndToEndTest {

    /** A caller waits, and a server may take, so long that a busy machine changes no answer. */
    private static final CalloutLimits LIMITS =
            CalloutLimits.DEFAULT.toBuilder().responseTimeout(Await.LIMIT).build();

    private static final InetAddress CLIENT = ip("198.51.100.7");
    private static final String BOB = "bob@example.org";
    private static final String CAROL = "carol@example.org";

    private final CalloutCounters counters = new CalloutCounters();
    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));

    // ---- replies of a server that violates SMTP are not cached ----

    static Stream<Arguments> liars() {
        SmtpRules demandsTls = honest("STARTTLS").answer("MAIL", "530 5.7.0 Must issue a STARTTLS command first");
        return Stream.of(
                lie("a line without end", true, honest().act("RCPT", peer -> peer.flood("2"))),
                lie("a reply without end", true, honest().act("RCPT", peer -> peer.flood("550-5.1.1 no\r\n"))),
                lie("no SMTP", true, honest().answer("RCPT", "<html>550 5.1.1 no</html>")),
                lie("answers in advance", false, peer -> {
                    peer.say("220 mx.example.org", "250 mx.example.org", "250 OK", "550 5.1.1 no");
                    peer.silence();
                }),
                lie("plain text behind STARTTLS", false, demandsTls.act("STARTTLS", peer -> {
                    peer.say("220 go ahead", "250 mx.example.org", "250 OK", "550 5.1.1 no");
                    peer.silence();
                })));
    }

    private static Arguments lie(String name, boolean atRcpt, Script script) {
        return Arguments.of(name, script, atRcpt);
    }

    /** A lie about one address leaves the others alone; a lie before that leaves the server alone for a while. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("liars")
    void cachesSmtpViolationBrieflyForOneAddress(String name, Script lie, boolean atRcpt) {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(first(lie, honest()))) {
            CalloutVerifier verifier = verifier(server);
            assertThat(ask(verifier, BOB).reason()).isEqualTo(CalloutReason.PROTOCOL_ERROR);
            assertThat(ask(verifier, BOB).source()).isEqualTo(Source.ADDRESS);
            assertThat(ask(verifier, CAROL).reason())
                    .isEqualTo(atRcpt ? CalloutReason.ACCEPTED : CalloutReason.PROTOCOL_ERROR);
            clock.advance(Duration.ofMinutes(6));
            assertThat(ask(verifier, BOB).reason()).isEqualTo(CalloutReason.ACCEPTED);
            assertThat(counters.counts())
                    .containsEntry("callout.protocol.violations", 1L)
                    .containsEntry("callout.connections{result=PROTOCOL_ERROR}", 1L)
                    .containsEntry("callout.rcpts{kind=random}", 1L);
        }
    }

    @Test
    void leavesMixedCodesUndecided() {
        for (String[] mixed :
                List.of(new String[] {"250-yes", "550 5.1.1 no"}, new String[] {"550-5.1.1 no", "250 yes"})) {
            Script lies = honest().answer("RCPT TO:<bob", mixed);
            try (ScriptedSmtpServer server = ScriptedSmtpServer.start(first(lies, honest()))) {
                CalloutVerifier verifier = verifier(server);
                assertThat(ask(verifier, BOB).reason()).isEqualTo(CalloutReason.PROTOCOL_ERROR);
                clock.advance(Duration.ofMinutes(6));
                assertThat(ask(verifier, BOB).reason()).isEqualTo(CalloutReason.ACCEPTED);
            }
        }
    }

    @Test
    void keepsKnownSenderAfterSmtpViolation() {
        Script lie = honest().answer("RCPT", "250-yes", "550 5.1.1 no");
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(first(honest(), lie))) {
            CalloutVerifier verifier = verifier(server);
            assertThat(ask(verifier, BOB).reason()).isEqualTo(CalloutReason.ACCEPTED);
            for (int day = 1; day < 7; day++) {
                clock.advance(Duration.ofHours(27));
                CalloutResult later = ask(verifier, BOB);
                assertThat(later.source()).isEqualTo(Source.STALE);
                assertThat(later.reason()).isEqualTo(CalloutReason.ACCEPTED);
            }
            assertThat(server.connections()).isEqualTo(7);
        }
    }

    @Test
    void backsOffForHoursFromOtherProtocol() {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(peer -> peer.say("SSH-2.0-OpenSSH_9.2"))) {
            CalloutVerifier verifier = verifier(server);
            for (int hour = 0; hour < 5; hour++) {
                for (int i = 0; i < 20; i++) {
                    CalloutResult result = verifier.verifyAsync(CalloutRequest.sender("user" + i + "@example.org")
                                    .client(ip("203.0.113." + i))
                                    .build())
                            .join();
                    assertThat(result.reason()).isEqualTo(CalloutReason.POLICY_REFUSED);
                    assertThat(result.smtpReply()).isEmpty();
                }
                clock.advance(Duration.ofHours(1));
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void exposesReplyTextSafelyAndOnlyIfEnabled() {
        Script rude = honest().answer("RCPT", "550 5.1.1 user unknown \u001b[2J\u0007\u009b\u00e9" + "x".repeat(400));
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(rude)) {
            CalloutVerifier telling = CalloutVerifier.builder(prober(zone("127.0.0.1"), settings(server.port())))
                    .limits(LIMITS)
                    .exposeReplyText(true)
                    .executor(Runnable::run)
                    .build();
            String told = ask(telling, BOB).smtpReply().orElseThrow().toString();
            assertThat(told).startsWith("550 5.1.7 ").contains("?[2J???xxx").matches("[ -~]{1,500}");
            assertThat(ask(verifier(server), BOB).smtpReply().orElseThrow().toString())
                    .isEqualTo("550 5.1.7 Sender address rejected: undeliverable address");
        }
    }

    // ---- addresses of probes ----

    @Test
    void connectsToPublicAddressesOnly() {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(honest())) {
            for (String address : List.of("127.0.0.1", "0.0.0.0", "10.0.0.1", "169.254.169.254", "192.168.1.1")) {
                CalloutVerifier verifier = verifier(
                        zone(address),
                        ProbeSettings.builder("asker.example.net").port(server.port()));
                CalloutResult result = ask(verifier, BOB);
                assertThat(result.reason()).isEqualTo(CalloutReason.MX_NOT_PUBLIC);
                assertThat(result.smtpReply().orElseThrow().toString()).startsWith("550 5.1.8 ");
            }
            assertThat(server.connections()).isZero();
        }
    }

    /** DNS rebinding: 127.0.0.1 represents a public address here, 127.0.0.2 a private one. */
    @Test
    void connectsToCheckedAddressDespiteRebinding() throws IOException {
        InetAddress allowed = ip("127.0.0.1");
        try (ScriptedSmtpServer outside = ScriptedSmtpServer.start(honest());
                ScriptedSmtpServer inside = ScriptedSmtpServer.start(ip("127.0.0.2"), outside.port(), honest())) {
            AtomicInteger questions = new AtomicInteger();
            DnsClient one = zone("127.0.0.1");
            DnsClient other = zone("127.0.0.2");
            DnsClient rebinding =
                    (name, type) -> (questions.getAndIncrement() / 3 % 2 == 0 ? one : other).query(name, type);
            int refused = 0;
            for (int i = 0; i < 20; i++) {
                CalloutVerifier verifier =
                        verifier(rebinding, settings(outside.port()).addressFilter(allowed::equals));
                refused += ask(verifier, BOB).reason() == CalloutReason.MX_NOT_PUBLIC ? 1 : 0;
            }
            assertThat(refused).isEqualTo(10);
            assertThat(outside.connections()).isEqualTo(10);
            assertThat(inside.connections()).isZero();
        }
    }

    @Test
    void probesServerWithIpv6Only() throws IOException {
        InetAddress loopback = ip("::1");
        assumeThatCode(() -> new ServerSocket(0, 1, loopback).close())
                .as("this machine has no IPv6")
                .doesNotThrowAnyException();
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(loopback, 0, honest())) {
            CalloutResult result = ask(verifier(zone("::1"), settings(server.port())), BOB);
            assertThat(result.reason()).isEqualTo(CalloutReason.ACCEPTED);
            assertThat(result.probe().orElseThrow().hostAddress()).isEqualTo(loopback);
            assertThat(server.nextEnded().client()).isEqualTo(loopback);
        }
    }

    @Test
    void probesFromConfiguredSourceAddress() {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(honest())) {
            ask(verifier(zone("127.0.0.1"), settings(server.port()).localAddress(ip("127.0.0.3"))), BOB);
            assertThat(server.nextEnded().client()).isEqualTo(ip("127.0.0.3"));
        }
    }

    // ---- cached facts of a server ----

    @Test
    void repeatsPostmasterCheckInEachSession() {
        SmtpRules terse = honest().answer("RCPT", "550 mailbox unavailable").answer("RCPT TO:<postmaster@", "250 OK");
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(terse)) {
            CalloutVerifier verifier = verifier(server);
            for (String name : List.of("a", "b")) {
                assertThat(ask(verifier, name + "@example.org").reason()).isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
            }
            // A rate limit of the next day: to all, postmaster included.
            terse.answer("RCPT TO:<postmaster@", "550 mailbox unavailable");
            assertThat(ask(verifier, "c@example.org").reason()).isEqualTo(CalloutReason.UNCLEAR_REJECTION);
            assertThat(rcpts(server, 3))
                    .filteredOn(line -> line.contains("postmaster"))
                    .hasSize(3);
            assertThat(counters.counts())
                    .containsEntry("callout.rcpts{kind=target}", 3L)
                    .containsEntry("callout.rcpts{kind=control}", 3L)
                    .doesNotContainKey("callout.rcpts{kind=random}")
                    .doesNotContainKey("callout.protocol.violations")
                    .containsEntry("callout.connections{result=ANSWERED}", 3L);
        }
    }

    @Test
    void usesTlsAtOnceWhereServerRequiredIt() {
        SmtpRules demanding = honest("PIPELINING", "STARTTLS")
                .act(
                        "MAIL",
                        peer -> peer.say(
                                peer.isEncrypted() ? "250 OK" : "530 5.7.0 Must issue a STARTTLS command first"));
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(demanding)) {
            CalloutVerifier verifier = verifier(server);
            assertThat(ask(verifier, BOB).reason()).isEqualTo(CalloutReason.ACCEPTED);
            server.nextEnded();
            assertThat(ask(verifier, CAROL).reason()).isEqualTo(CalloutReason.ACCEPTED);
            assertThat(server.nextEnded().heard()).startsWith("EHLO asker.example.net", "STARTTLS");
            assertThat(counters.counts()).containsEntry("callout.tls{result=ENCRYPTED}", 2L);
        }
        try (ScriptedSmtpServer server =
                ScriptedSmtpServer.start(honest().answer("MAIL", "530 5.7.0 Must issue a STARTTLS command first"))) {
            assertThat(ask(verifier(server), BOB).reason()).isEqualTo(CalloutReason.TLS_REQUIRED);
            assertThat(counters.counts()).containsEntry("callout.tls{result=FAILED}", 1L);
        }
    }

    @Test
    void skipsAndCountsServerInBackoff() {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(honest().greeting("421 4.3.2 busy"))) {
            InMemoryCalloutState state = InMemoryCalloutState.create(LIMITS, clock.monotonic());
            CalloutVerifier verifier = CalloutVerifier.builder(prober(twoDomains(), settings(server.port())))
                    .limits(LIMITS)
                    .state(state)
                    .clock(clock)
                    .monotonicClock(clock.monotonic())
                    .observer(counters)
                    .executor(Runnable::run)
                    .build();
            assertThat(ask(verifier, BOB).reason()).isEqualTo(CalloutReason.HOST_BUSY);
            assertThat(ask(verifier, "dan@example.com").reason()).isEqualTo(CalloutReason.HOST_BUSY);
            assertThat(server.connections()).isEqualTo(1);
            assertThat(counters.counts()).containsEntry("callout.avoided{trouble=HOST_BUSY}", 1L);
            assertThat(state.figures()).isEqualTo(new InMemoryCalloutState.Figures(0, 2, 1, 0, 0, 1, 0));
            clock.advance(Duration.ofMinutes(6));
            assertThat(state.figures().blockedHosts()).isZero();
        }
    }

    @Test
    void cachesRecipientsApartFromSenders() {
        try (ScriptedSmtpServer inside = ScriptedSmtpServer.start(honest().answer("RCPT TO:<bob", "550 5.1.1 no"));
                ScriptedSmtpServer outside = ScriptedSmtpServer.start(honest())) {
            CalloutVerifier verifier = CalloutVerifier.builder(prober(zone("127.0.0.1"), settings(outside.port())))
                    .callforward("example.org", List.of(new InetSocketAddress(ip("127.0.0.1"), inside.port())))
                    .limits(LIMITS)
                    .clock(clock)
                    .monotonicClock(clock.monotonic())
                    .executor(Runnable::run)
                    .build();
            CalloutResult recipient =
                    verifier.verifyRecipientAsync(MailAddress.of(BOB), CLIENT).join();
            assertThat(recipient.reason()).isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
            assertThat(recipient.smtpReply().orElseThrow().toString()).startsWith("550 5.1.1 ");
            assertThat(ask(verifier, BOB).reason()).isEqualTo(CalloutReason.ACCEPTED);
            assertThat(verifier.verifyRecipientAsync(MailAddress.of(BOB), CLIENT)
                            .join()
                            .source())
                    .isEqualTo(Source.ADDRESS);
            assertThat(inside.connections()).isEqualTo(1);
            assertThat(outside.connections()).isEqualTo(1);
        }
    }

    // ---- parts ----

    /** A server that knows Bob, Carol and its postmaster. */
    private static SmtpRules honest(String... extensions) {
        return mailServer(extensions.length == 0 ? new String[] {"PIPELINING"} : extensions)
                .answer("RCPT TO:<callout-probe-", "550 5.1.1 no such user");
    }

    private static Script first(Script once, Script then) {
        AtomicInteger connections = new AtomicInteger();
        return peer -> (connections.getAndIncrement() == 0 ? once : then).play(peer);
    }

    private static List<String> rcpts(ScriptedSmtpServer server, int sessions) {
        return Stream.generate(server::nextEnded)
                .limit(sessions)
                .map(SmtpPeer::heard)
                .flatMap(List::stream)
                .filter(line -> line.startsWith("RCPT"))
                .toList();
    }

    private CalloutVerifier verifier(ScriptedSmtpServer server) {
        return verifier(zone("127.0.0.1"), settings(server.port()));
    }

    private CalloutVerifier verifier(DnsClient dns, ProbeSettings.Builder settings) {
        return CalloutVerifier.builder(prober(dns, settings))
                .limits(LIMITS)
                .clock(clock)
                .monotonicClock(clock.monotonic())
                .executor(Runnable::run)
                .random(new Random(1))
                .observer(counters)
                .build();
    }

    private static SmtpProber prober(DnsClient dns, ProbeSettings.Builder settings) {
        return SmtpProber.of(dns, settings.build());
    }

    private static ProbeSettings.Builder settings(int port) {
        return ProbeSettings.builder("asker.example.net")
                .port(port)
                .addressFilter(any -> true)
                .timeouts(ProbeTimeouts.of(Await.LIMIT, Await.LIMIT));
    }

    private static DnsClient zone(String mailServer) {
        String type = mailServer.contains(":") ? "AAAA" : "A";
        return ZoneDnsClient.builder().text("""
                $ORIGIN example.org.
                @ 60 IN SOA ns h 1 2 3 4 60
                @ 60 IN MX 10 mx
                mx 60 IN %s %s
                """.formatted(type, mailServer)).build();
    }

    private static DnsClient twoDomains() {
        return ZoneDnsClient.builder().text("""
                example.org. 60 IN SOA ns h 1 2 3 4 60
                example.org. 60 IN MX 10 mx.example.org.
                mx.example.org. 60 IN A 127.0.0.1
                example.com. 60 IN SOA ns h 1 2 3 4 60
                example.com. 60 IN MX 10 mx.example.org.
                """).build();
    }

    private static CalloutResult ask(CalloutVerifier verifier, String sender) {
        return verifier.verifyAsync(CalloutRequest.sender(sender).client(CLIENT).build())
                .join();
    }

    private static InetAddress ip(String address) {
        return IpAddresses.parse(address).orElseThrow();
    }
}

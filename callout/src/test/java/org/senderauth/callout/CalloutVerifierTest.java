package org.senderauth.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.senderauth.callout.CalloutRequest.Spf;
import org.senderauth.callout.CalloutResult.Source;
import org.senderauth.callout.inmemory.InMemoryCalloutState;
import org.senderauth.callout.outcome.CalloutLimiter;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.prober.HostLimiter;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.Await;

class CalloutVerifierTest {

    private static final InetAddress CLIENT = IpAddresses.parse("198.51.100.7").orElseThrow();

    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-03-01T12:00:00Z"));
    private final ScriptedProber prober = new ScriptedProber(time);

    // ---- prechecks ----

    @ParameterizedTest
    @CsvSource({
        "'', NULL_SENDER",
        "<>, NULL_SENDER",
        "postmaster@example.com, EXEMPT",
        "PostMaster@example.com, EXEMPT",
        "anyone@own.example, EXEMPT",
        "anyone@OWN.example, EXEMPT",
        "friend@example.com, EXEMPT",
        "user@[192.0.2.1], ADDRESS_LITERAL",
        "no-at-sign, BAD_SYNTAX",
        "two@b c@example.com, BAD_SYNTAX",
        "user@example.com SIZE=1, BAD_SYNTAX",
        "<user@example.com, BAD_SYNTAX",
        "user@-bad.example, BAD_SYNTAX",
        "1234567890123456789012345678901234567890123456789012345678901234x@example.com, BAD_SYNTAX",
    })
    void probesNothingThatAddressDecides(String sender, CalloutReason reason) {
        CalloutVerifier verifier = verifier(builder -> builder.ownDomains(List.of("Own.Example"))
                .exemptSenders(address -> address.localPart().equals("friend")));
        CalloutResult result = now(verifier.verifyAsync(ask(sender)));
        assertThat(result.reason()).isEqualTo(reason);
        assertThat(result.source()).isEqualTo(Source.PRECHECK);
        assertThat(prober.asked()).isEmpty();
    }

    @Test
    void eachSpellingOfOwnDomainIsOwn() {
        CalloutVerifier verifier = verifier(builder -> builder.ownDomains(List.of("B\u00fccher.example.")));
        for (String domain : List.of("b\u00fccher.example", "xn--bcher-kva.example", "XN--bcher-kva.example.")) {
            assertThat(now(verifier.verifyAsync(ask("joe@" + domain))).reason())
                    .as(domain)
                    .isEqualTo(CalloutReason.EXEMPT);
        }
    }

    @Test
    void rejectsAddressThatInjectsCommand() {
        for (String evil :
                List.of("a\r\nRSET@example.com", "a\0@example.com", "a@example.com\r\nDATA", "\"a\r\"@x.test")) {
            assertThat(now(verifier().verifyAsync(ask(evil))).reason()).isEqualTo(CalloutReason.BAD_SYNTAX);
        }
        assertThat(prober.asked()).isEmpty();
    }

    @Test
    void probesNothingThatSpfOrBlockListDecides() {
        CalloutVerifier verifier = verifier(builder -> builder.exemptClients(CLIENT::equals));
        assertThat(now(verifier.verifyAsync(ask("a@example.com"))).reason()).isEqualTo(CalloutReason.EXEMPT);
        CalloutVerifier plain = verifier();
        assertThat(now(plain.verifyAsync(request("a@example.com").trusted(true).build()))
                        .reason())
                .isEqualTo(CalloutReason.EXEMPT);
        assertThat(now(plain.verifyAsync(request("a@example.com").spf(Spf.FAIL).build()))
                        .reason())
                .isEqualTo(CalloutReason.NOT_NEEDED);
        assertThat(now(plain.verifyAsync(request("a@example.com").listed(true).build()))
                        .reason())
                .isEqualTo(CalloutReason.NOT_NEEDED);
        assertThat(prober.asked()).isEmpty();
    }

    @Test
    void probesAddressLiteralsOnlyIfEnabled() {
        prober.answer("user@[192.0.2.1]", CalloutReason.ACCEPTED);
        CalloutFuture result = new CalloutFuture(
                verifier(builder -> builder.probeAddressLiterals(true)).verifyAsync(ask("user@[192.0.2.1]")));
        time.goOn(Duration.ofSeconds(1));
        assertThat(result.get().reason()).isEqualTo(CalloutReason.ACCEPTED);
    }

    @Test
    void probesNothingForListedClient() {
        ZoneDnsClient dns = ZoneDnsClient.builder()
                .text("$ORIGIN dnsbl.test.\n@ 60 IN SOA ns h 1 2 3 4 60\n7.100.51.198 60 IN A 127.0.0.2\n")
                .build();
        CalloutVerifier verifier = verifier(builder -> builder.blockList(DnsBlockList.of(dns, List.of("dnsbl.test"))));
        assertThat(now(verifier.verifyAsync(ask("a@example.com"))).reason()).isEqualTo(CalloutReason.NOT_NEEDED);
        CalloutRequest other = CalloutRequest.sender("a@example.com")
                .client(IpAddresses.parse("198.51.100.8").orElseThrow())
                .build();
        assertThat(verifier.verifyAsync(other)).isNotDone();
        assertThat(prober.asked()).hasSize(1);
    }

    @Test
    void continuesWithoutBlockListThatDoesNotRespond() {
        CompletableFuture<DnsAnswer> never = new CompletableFuture<>();
        CalloutVerifier verifier =
                verifier(builder -> builder.blockList(DnsBlockList.of((name, type) -> never, List.of("list.example"))));
        CompletableFuture<CalloutResult> result = verifier.verifyAsync(ask("a@example.com"));
        time.goOn(Duration.ofMillis(7_999));
        assertThat(result).isNotDone();
        time.goOn(Duration.ofMillis(1));
        assertThat(now(result).reason()).isEqualTo(CalloutReason.IN_PROGRESS);
        assertThat(prober.asked()).isEmpty();
    }

    @Test
    void requiresClientForBlockList() {
        assertThatThrownBy(() -> CalloutRequest.sender("a@example.com").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("client(...)");
    }

    // ---- probes and the cache ----

    @Test
    void returnsResultBeforeProbeEnds() {
        prober.answer("a@example.com", CalloutReason.ACCEPTED);
        CalloutFuture result = new CalloutFuture(verifier().verifyAsync(ask("a@example.com")));
        time.goOn(ScriptedProber.ANSWER);
        assertThat(result.get().reason()).isEqualTo(CalloutReason.ACCEPTED);
        assertThat(result.get().source()).isEqualTo(Source.PROBE);
        assertThat(result.get().probe()).isNotNull();
        assertThat(result.get().smtpReply()).isEmpty();
        assertThat(prober.running()).isEqualTo(1);
    }

    @Test
    void servesResultFromCache() {
        prober.answer("a@example.com", CalloutReason.NO_SUCH_MAILBOX);
        CalloutVerifier verifier = verifier();
        CalloutResult first = asked(verifier, ask("a@example.com"));
        CalloutResult second = now(verifier.verifyAsync(ask("a@EXAMPLE.com")));
        assertThat(second.source()).isEqualTo(Source.ADDRESS);
        assertThat(second.reason()).isEqualTo(first.reason());
        assertThat(second.smtpReply()).isEqualTo(first.smtpReply());
        assertThat(second.targetReply()).isEqualTo(first.targetReply());
        assertThat(second.knownSince()).isBefore(time.instant());
        assertThat(prober.asked()).hasSize(1);
    }

    @Test
    void coalescesFiftyMailsOfOneSender() {
        prober.answer("a@example.com", CalloutReason.NO_SUCH_MAILBOX);
        CalloutVerifier verifier = verifier();
        List<CompletableFuture<CalloutResult>> results = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            results.add(verifier.verifyAsync(ask("a@example.com")));
        }
        time.goOn(ScriptedProber.ANSWER);
        assertThat(results)
                .allSatisfy(result -> assertThat(now(result).reason()).isEqualTo(CalloutReason.NO_SUCH_MAILBOX));
        assertThat(results.stream().filter(r -> now(r).source() == Source.COALESCED))
                .hasSize(49);
        assertThat(prober.asked()).hasSize(1);
    }

    @Test
    void returnsInTimeAndCachesLaterResult() {
        prober.answer("slow@example.com", CalloutReason.ACCEPTED, Duration.ofSeconds(20));
        CalloutVerifier verifier = verifier();
        CalloutFuture result = new CalloutFuture(verifier.verifyAsync(ask("slow@example.com")));
        time.goOn(Duration.ofMillis(7_999));
        assertThat(result.future()).isNotDone();
        time.goOn(Duration.ofMillis(1));
        assertThat(result.get().reason()).isEqualTo(CalloutReason.IN_PROGRESS);
        assertThat(result.get().smtpReply().map(Object::toString))
                .contains("451 4.1.7 Sender address verification in progress, try again later");
        time.goOn(Duration.ofSeconds(12));
        assertThat(now(verifier.verifyAsync(ask("slow@example.com"))).reason()).isEqualTo(CalloutReason.ACCEPTED);
        assertThat(prober.asked()).hasSize(1);
    }

    @Test
    void waitsForProbeOfOtherHost() {
        InMemoryCalloutState shared = InMemoryCalloutState.create(CalloutLimits.DEFAULT, time.monotonic());
        prober.answer("a@example.com", CalloutReason.NO_SUCH_MAILBOX);
        CalloutVerifier one = verifier(builder -> builder.state(shared));
        CalloutVerifier other = verifier(builder -> builder.state(shared));
        CalloutFuture first = new CalloutFuture(one.verifyAsync(ask("a@example.com")));
        CalloutFuture second = new CalloutFuture(other.verifyAsync(ask("a@example.com")));
        time.goOn(ScriptedProber.ANSWER.plus(VerificationTask.LONGEST_LOOK_AGAIN));
        assertThat(first.get().source()).isEqualTo(Source.PROBE);
        assertThat(second.get().source()).isEqualTo(Source.ADDRESS);
        assertThat(prober.asked()).hasSize(1);
    }

    @Test
    void servesStaleResultAndRefreshesIt() {
        prober.answer("a@example.com", CalloutReason.ACCEPTED);
        CalloutVerifier verifier = verifier();
        asked(verifier, ask("a@example.com"));
        time.goOn(Duration.ofHours(27));
        for (int i = 0; i < 3; i++) {
            assertThat(now(verifier.verifyAsync(ask("a@example.com"))).source()).isEqualTo(Source.STALE);
        }
        assertThat(prober.asked()).hasSize(2);
        time.goOn(Duration.ofSeconds(1));
        assertThat(now(verifier.verifyAsync(ask("a@example.com"))).source()).isEqualTo(Source.ADDRESS);
    }

    @Test
    void servesPositiveResultDuringServerOutage() {
        prober.answer("a@example.com", CalloutReason.ACCEPTED);
        CalloutVerifier verifier = verifier();
        asked(verifier, ask("a@example.com"));
        prober.answer("a@example.com", CalloutReason.TEMPFAIL);
        for (int day = 1; day < 7; day++) {
            time.goOn(Duration.ofHours(23));
            assertThat(now(verifier.verifyAsync(ask("a@example.com"))).verdict())
                    .isEqualTo(CalloutVerdict.DELIVERABLE);
        }
        time.goOn(Duration.ofDays(3));
        assertThat(asked(verifier, ask("a@example.com")).reason()).isEqualTo(CalloutReason.TEMPFAIL);
    }

    @Test
    void probesCatchAllDomainOnce() {
        prober.answerAll(CalloutReason.ACCEPTS_ALL);
        CalloutVerifier verifier = verifier();
        asked(verifier, ask("a@example.com"));
        for (int i = 0; i < 300; i++) {
            CalloutResult result = now(verifier.verifyAsync(ask("b" + i + "@example.com")));
            assertThat(result.verdict()).isEqualTo(CalloutVerdict.CATCH_ALL);
            assertThat(result.source()).isEqualTo(Source.DOMAIN);
        }
        assertThat(prober.asked()).hasSize(1);
    }

    @Test
    void probesTaggedAddressAndCachesBase() {
        prober.answerAll(CalloutReason.ACCEPTED);
        CalloutVerifier verifier = verifier();
        asked(verifier, ask("prvs=0123abcdef=alice@example.com"));
        assertThat(prober.asked()).containsExactly("prvs=0123abcdef=alice@example.com");
        assertThat(now(verifier.verifyAsync(ask("prvs=4567abcdef=alice@example.com")))
                        .source())
                .isEqualTo(Source.ADDRESS);
        assertThat(prober.asked()).hasSize(1);
    }

    @Test
    void probesMailingListThreeTimes() {
        prober.answerAll(CalloutReason.ACCEPTED);
        CalloutVerifier verifier = verifier();
        for (int i = 0; i < 20; i++) {
            asked(verifier, ask("list-return-" + i + "-user" + i + "=example.org@lists.example.com"));
            time.goOn(Duration.ofSeconds(10));
        }
        assertThat(prober.asked()).hasSize(3);
    }

    // ---- limits ----

    @Test
    void returnsUndecidedAtOnceIfRateLimited() {
        prober.answerAll(CalloutReason.NO_SUCH_MAILBOX);
        CalloutVerifier verifier = verifier();
        int undecided = 0;
        for (int i = 0; i < 300; i++) {
            CompletableFuture<CalloutResult> result = verifier.verifyAsync(from(i, "user" + i + "@example.com"));
            time.goOn(Duration.ofMillis(300));
            assertThat(result).isDone();
            undecided += now(result).verdict() == CalloutVerdict.UNDECIDED ? 1 : 0;
            assertThat(now(result).smtpReply().isEmpty() || now(result).verdict() == CalloutVerdict.UNDELIVERABLE)
                    .isTrue();
        }
        assertThat(prober.asked()).hasSizeLessThanOrEqualTo(20);
        assertThat(undecided).isGreaterThan(279);
    }

    @Test
    void answersSpfPassMailDuringFlood() {
        prober.answerAll(CalloutReason.NO_SUCH_MAILBOX);
        for (int i = 0; i < 5; i++) {
            prober.answer("real" + i + "@example.com", CalloutReason.ACCEPTED);
        }
        CalloutVerifier verifier = verifier();
        for (int i = 0; i < 500; i++) {
            verifier.verifyAsync(from(i, "forged" + i + "@example.com"));
            time.goOn(Duration.ofMillis(300));
        }
        for (int i = 0; i < 5; i++) {
            assertThat(asked(
                                    verifier,
                                    request("real" + i + "@example.com")
                                            .spf(Spf.PASS)
                                            .build())
                            .reason())
                    .isEqualTo(CalloutReason.ACCEPTED);
            time.goOn(Duration.ofSeconds(1));
        }
    }

    @Test
    void limitsConcurrentProbes() {
        CalloutLimits few = limits(3, 5);
        CalloutVerifier verifier = verifier(builder -> builder.limits(few));
        for (int i = 0; i < 10; i++) {
            verifier.verifyAsync(from(i, "a@victim" + i + ".com"));
        }
        assertThat(prober.running()).isEqualTo(3);
        assertThat(now(verifier.verifyAsync(ask("a@victim99.com"))).reason()).isEqualTo(CalloutReason.RATE_LIMITED);
        time.goOn(Duration.ofMinutes(1));
        assertThat(prober.running()).isZero();
        for (int i = 20; i < 30; i++) {
            verifier.verifyAsync(from(i, "a@victim" + i + ".com"));
        }
        assertThat(prober.running()).isEqualTo(3);
    }

    @Test
    void limitsConnectionsToOneServer() {
        CalloutVerifier verifier = verifier(builder -> builder.limits(limits(100, 2)));
        List<String> entered = new ArrayList<>();
        prober.onProbe(request -> {
            HostLimiter.Leave leave = request.gate().enter("mx.example.net", CLIENT);
            entered.add(leave instanceof HostLimiter.Entered ? "in" : "out");
        });
        for (int i = 0; i < 4; i++) {
            verifier.verifyAsync(from(i, "a@victim" + i + ".com"));
        }
        assertThat(entered).containsExactly("in", "in", "out", "out");
    }

    @Test
    void raisesRateOfHighVolumeDomain() {
        prober.answerAll(CalloutReason.ACCEPTED);
        CalloutVerifier verifier = verifier(builder -> builder.highVolumeDomains(List.of("Example.com")));
        for (int i = 0; i < 40; i++) {
            assertThat(asked(verifier, from(i, "user" + i + "@mail.example.com"))
                            .verdict())
                    .isEqualTo(CalloutVerdict.DELIVERABLE);
        }
    }

    // ---- replies ----

    @ParameterizedTest
    @EnumSource(CalloutReason.class)
    void neverPermanentOnTransient(CalloutReason reason) {
        reason.suggestedReply()
                .ifPresent(reply ->
                        assertThat(reply.isPermanent()).isEqualTo(reason.verdict() == CalloutVerdict.UNDELIVERABLE));
        assertThat(reason.verdict() != CalloutVerdict.UNDELIVERABLE
                        || reason.suggestedReply().isPresent())
                .isTrue();
        assertThat(reason.longest()).isGreaterThanOrEqualTo(reason.shortest());
        assertThat(reason.scope() == CalloutReason.Scope.NONE)
                .isEqualTo(reason.shortest().isZero());
    }

    @Test
    void usesConfiguredReplies() {
        prober.answerAll(CalloutReason.NO_SUCH_MAILBOX);
        assertThat(reply(builder -> builder)).startsWith("550 5.1.7 Sender address rejected");
        assertThat(reply(builder -> builder.temporaryRejects(true))).startsWith("450 4.1.7 Sender address rejected");
        assertThat(reply(builder -> builder.exposeReplyText(true))).endsWith("(550 5.1.1 planned)");
        assertThat(reply(builder -> builder.noReply(CalloutReason.NO_SUCH_MAILBOX)))
                .isEqualTo("null");
        assertThat(reply(builder ->
                        builder.reply(CalloutReason.NO_SUCH_MAILBOX, new SmtpReply(550, "5.1.8", "Go away"))))
                .isEqualTo("550 5.1.8 Go away");
    }

    @Test
    void rejectsPermanentReplyForUndecidedReason() {
        SmtpReply permanent = new SmtpReply(550, "5.7.1", "no");
        CalloutVerifierBuilder builder = CalloutVerifier.builder(prober);
        assertThatThrownBy(() -> builder.reply(CalloutReason.POLICY_REFUSED, permanent))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("noReply");
        builder.reply(CalloutReason.NULL_SENDER_REFUSED, permanent);
        builder.reply(CalloutReason.POLICY_REFUSED, new SmtpReply(451, "4.7.1", "later"));
    }

    // ---- recipients ----

    @Test
    void verifiesRecipientsOfConfiguredDomainsOnly() {
        prober.answerAll(CalloutReason.NO_SUCH_MAILBOX);
        InetSocketAddress inner = new InetSocketAddress(CLIENT, 25);
        CalloutVerifier verifier = verifier(builder -> builder.callforward("Inner.example", List.of(inner)));
        assertThatThrownBy(() -> verifier.verifyRecipientAsync(MailAddress.of("a@example.com"), CLIENT))
                .isInstanceOf(IllegalArgumentException.class);
        CalloutFuture result =
                new CalloutFuture(verifier.verifyRecipientAsync(MailAddress.of("a@inner.example"), CLIENT));
        time.goOn(Duration.ofSeconds(1));
        assertThat(result.get().smtpReply().map(Object::toString))
                .contains("550 5.1.1 Recipient address rejected: user unknown");
        assertThat(prober.hostsAsked()).containsExactly(List.of(inner));
        // A sender of the same name is another matter.
        asked(verifier, ask("a@inner.example"));
        assertThat(prober.asked()).hasSize(2);
    }

    @Test
    void rejectsCallforwardToUnresolvedHost() {
        InetSocketAddress host = InetSocketAddress.createUnresolved("inner.example", 25);
        assertThatThrownBy(() -> CalloutVerifier.builder(prober).callforward("example.org", List.of(host)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("hosts must be resolved to IP addresses, but inner.example is not");
    }

    // ---- internal failures ----

    @Test
    void failingProberFailsItsOwnRequestOnly() {
        prober.onProbe(request -> {
            throw new IllegalStateException("broken");
        });
        CalloutVerifier verifier = verifier(builder -> builder.limits(limits(1, 1)));
        for (int i = 0; i < 3; i++) {
            CalloutResult result = now(verifier.verifyAsync(ask("a@example.com")));
            assertThat(result.reason()).isEqualTo(CalloutReason.UNAVAILABLE);
            assertThat(result.failure()).isPresent();
        }
    }

    @Test
    void rejectingExecutorFailsItsOwnRequestOnly() {
        CalloutVerifier verifier =
                verifier(builder -> builder.limits(limits(1, 1)).executor(task -> {
                    throw new RejectedExecutionException("full");
                }));
        for (int i = 0; i < 3; i++) {
            CalloutResult result = now(verifier.verifyAsync(ask("a@example.com")));
            assertThat(result.reason()).isEqualTo(CalloutReason.UNAVAILABLE);
            assertThat(result.failure()).isPresent();
        }
    }

    @Test
    void missingThreadsFailTheirOwnRequestOnly() {
        CalloutVerifier verifier =
                verifier(builder -> builder.limits(limits(1, 1)).executor(task -> {
                    throw new OutOfMemoryError("unable to create native thread");
                }));
        for (int i = 0; i < 3; i++) {
            assertThat(now(verifier.verifyAsync(ask("a@example.com"))).failure())
                    .containsInstanceOf(OutOfMemoryError.class);
        }
    }

    @Test
    void errorInProbeFailsItsOwnRequestOnly() {
        AtomicInteger probes = new AtomicInteger();
        CalloutVerifier verifier = CalloutVerifier.builder((request, listener) -> {
                    probes.incrementAndGet();
                    throw new StackOverflowError("too deep");
                })
                .limits(limits(1, 1))
                .executor(Runnable::run)
                .build();
        for (int i = 0; i < 3; i++) {
            assertThat(now(verifier.verifyAsync(ask("a@example.com"))).failure())
                    .containsInstanceOf(StackOverflowError.class);
        }
        assertThat(probes).hasValue(3);
    }

    @Test
    void ignoresExceptionsOfObserver() {
        prober.answerAll(CalloutReason.ACCEPTED);
        CalloutObserver broken = new CalloutObserver() {
            @Override
            public void answered(CalloutResult result, Duration waited) {
                throw new IllegalStateException("broken on purpose");
            }

            @Override
            public void probed(Probed probe) {
                throw new IllegalStateException("broken on purpose");
            }
        };
        CalloutVerifier verifier = verifier(builder -> builder.observer(broken));
        assertThat(asked(verifier, ask("a@example.com")).reason()).isEqualTo(CalloutReason.ACCEPTED);
        assertThat(asked(verifier, ask("b@example.com")).reason()).isEqualTo(CalloutReason.ACCEPTED);
    }

    // ---- observers ----

    @Test
    void countsRequestsProbesAndCommands() {
        CalloutCounters counters = new CalloutCounters();
        AuditTrail trail = new AuditTrail(2);
        prober.answerAll(CalloutReason.NO_SUCH_MAILBOX);
        CalloutVerifier verifier = verifier(builder -> builder.observer(CalloutObserver.all(counters, trail)));
        verifier.verifyAsync(ask("a@mail.example.com"));
        verifier.verifyAsync(ask("a@mail.example.com"));
        verifier.verifyAsync(ask("b@example.com"));
        assertThat(counters.inFlight()).isEqualTo(1);
        time.goOn(Duration.ofSeconds(1));
        asked(verifier, ask("a@mail.example.com"));
        asked(verifier, ask("<>"));
        assertThat(counters.inFlight()).isZero();
        assertThat(counters.counts())
                .containsAllEntriesOf(Map.of(
                        "callout.requests{verdict=UNDELIVERABLE,reason=NO_SUCH_MAILBOX,source=PROBE}",
                        1L,
                        "callout.requests{verdict=UNDELIVERABLE,reason=NO_SUCH_MAILBOX,source=COALESCED}",
                        1L,
                        "callout.requests{verdict=UNDELIVERABLE,reason=NO_SUCH_MAILBOX,source=ADDRESS}",
                        1L,
                        "callout.requests{verdict=SKIPPED,reason=NULL_SENDER,source=PRECHECK}",
                        1L,
                        "callout.limited{by=" + CalloutLimiter.DOMAIN_PROBES + "}",
                        1L,
                        "callout.singleflight.joined",
                        1L,
                        "callout.rcpts{kind=target}",
                        1L,
                        "callout.probes{verdict=UNDELIVERABLE,stage=RCPT}",
                        1L))
                // The wait of 200 ms and no wait at all; a probe of 250 ms.
                .containsEntry("callout.caller.wait{le=0.01}", 3L)
                .containsEntry("callout.caller.wait{le=0.1}", 3L)
                .containsEntry("callout.caller.wait{le=1.0}", 5L)
                .containsEntry("callout.caller.wait{le=+Inf}", 5L)
                .doesNotContainKey("callout.probe.duration{stage=RCPT,le=0.1}")
                .containsEntry("callout.probe.duration{stage=RCPT,le=1.0}", 1L)
                .containsEntry("callout.probe.duration{stage=RCPT,le=+Inf}", 1L);
        assertThat(counters.recipientsPerMessage()).isEqualTo(0.2);
        assertThat(trail.probesOf("EXAMPLE.com")).singleElement().satisfies(probe -> {
            assertThat(probe.client()).isEqualTo(CLIENT);
            assertThat(probe.address()).hasToString("a@mail.example.com");
        });
        assertThat(trail.probesOf("example.org")).isEmpty();
        for (int i = 0; i < 5; i++) {
            asked(verifier, from(i, "x@victim" + i + ".com"));
        }
        assertThat(trail.probes()).hasSize(2);
    }

    @Test
    void mutualCalloutsEndAtNullSender() {
        // Each site's server verifies the MAIL FROM of every client, including a probe of the other site.
        CalloutVerifier[] sites = new CalloutVerifier[2];
        List<String> callouts = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            sites[i] = CalloutVerifier.builder((request, listener) -> {
                        callouts.add(request.address().toString());
                        String mailFrom =
                                request.sender() == null ? "" : request.sender().toString();
                        assertThat(now(sites[other].verifyAsync(ask(mailFrom))).verdict())
                                .isEqualTo(CalloutVerdict.SKIPPED);
                        ScriptedProber.tell(listener, ScriptedProber.report(CalloutReason.ACCEPTED, TriState.NO));
                    })
                    .clock(time)
                    .monotonicClock(time.monotonic())
                    .timer(time)
                    .executor(Runnable::run)
                    .build();
        }
        assertThat(now(sites[0].verifyAsync(ask("bob@site1.example"))).reason()).isEqualTo(CalloutReason.ACCEPTED);
        assertThat(callouts).containsExactly("bob@site1.example");
    }

    @Test
    void probesOnDefaultThreads() throws Exception {
        try (CalloutVerifier verifier = CalloutVerifier.builder((request, listener) ->
                        ScriptedProber.tell(listener, ScriptedProber.report(CalloutReason.ACCEPTED, TriState.NO)))
                .limits(CalloutLimits.DEFAULT.toBuilder()
                        .responseTimeout(Await.LIMIT)
                        .build())
                .build()) {
            assertThat(verifier.verifyAsync(ask("a@example.com")).get().reason())
                    .isEqualTo(CalloutReason.ACCEPTED);
        }
    }

    // ---- the end of deferral ----

    @ParameterizedTest
    @EnumSource(
            value = CalloutReason.class,
            names = {"GREYLISTED", "TEMPFAIL", "TIMEOUT", "MAILBOX_BUSY", "HOST_BUSY", "UNREACHABLE", "DNS_TEMPFAIL"})
    void defersUndecidedSenderForOneDayAtMost(CalloutReason reason) {
        prober.answerAll(reason);
        CalloutVerifier verifier = verifier();
        for (int hour = 0; hour < 24; hour += 2) {
            assertThat(asked(verifier, from(hour, "a@example.com")).smtpReply())
                    .as("hour %d", hour)
                    .isPresent();
            time.goOn(Duration.ofHours(2));
        }
        CalloutResult later = asked(verifier, from(99, "a@example.com"));
        assertThat(later.verdict()).isEqualTo(CalloutVerdict.UNDECIDED);
        assertThat(later.smtpReply()).isEmpty();
        assertThat(asked(verifier, from(100, "b@example.com")).smtpReply()).isPresent();
    }

    @Test
    void restartsDeferralAfterDecision() {
        prober.answer("a@example.com", CalloutReason.GREYLISTED);
        CalloutVerifier verifier = verifier();
        assertThat(asked(verifier, ask("a@example.com")).smtpReply()).isPresent();
        time.goOn(Duration.ofHours(1));
        prober.answer("a@example.com", CalloutReason.NO_SUCH_MAILBOX);
        assertThat(asked(verifier, ask("a@example.com")).verdict()).isEqualTo(CalloutVerdict.UNDELIVERABLE);
        time.goOn(Duration.ofHours(30));
        prober.answer("a@example.com", CalloutReason.GREYLISTED);
        assertThat(asked(verifier, ask("a@example.com")).smtpReply()).isPresent();
    }

    @Test
    void usesConfiguredMaxDeferral() {
        prober.answerAll(CalloutReason.TEMPFAIL);
        CalloutVerifier never = verifier(builder -> builder.maxDeferral(Duration.ZERO));
        assertThat(asked(never, ask("a@example.com")).smtpReply()).isEmpty();
        CalloutVerifier hour = verifier(builder -> builder.maxDeferral(Duration.ofHours(1)));
        assertThat(asked(hour, ask("a@example.com")).smtpReply()).isPresent();
        time.goOn(Duration.ofHours(1));
        assertThat(asked(hour, ask("a@example.com")).smtpReply()).isEmpty();
        assertThatThrownBy(() -> CalloutVerifier.builder(prober).maxDeferral(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("maxDeferral must not be negative, was PT-1S");
    }

    @Test
    void startsDeferralWithFirstDeferredMail() {
        prober.answerAll(CalloutReason.POLICY_DEFERRED);
        CalloutVerifier verifier = verifier();
        assertThat(asked(verifier, ask("a@example.com")).smtpReply()).isEmpty();
        time.goOn(Duration.ofHours(30));
        prober.answerAll(CalloutReason.TEMPFAIL);
        assertThat(asked(verifier, ask("a@example.com")).smtpReply()).isPresent();
    }

    // ---- parts ----

    private record CalloutFuture(CompletableFuture<CalloutResult> future) {
        CalloutResult get() {
            return now(future);
        }
    }

    private static CalloutLimits limits(int maxConcurrentProbes, int probesPerHost) {
        return CalloutLimits.builder()
                .probesPerHost(probesPerHost)
                .maxConcurrentProbes(maxConcurrentProbes)
                .build();
    }

    private String reply(UnaryOperator<CalloutVerifierBuilder> settings) {
        return asked(verifier(settings), ask("a@example.com"))
                .smtpReply()
                .map(Object::toString)
                .orElse("null");
    }

    private CalloutVerifier verifier() {
        return verifier(builder -> builder);
    }

    private CalloutVerifier verifier(UnaryOperator<CalloutVerifierBuilder> settings) {
        return settings.apply(CalloutVerifier.builder(prober)
                        .clock(time)
                        .monotonicClock(time.monotonic())
                        .timer(time)
                        .executor(Runnable::run))
                .build();
    }

    private CalloutResult asked(CalloutVerifier verifier, CalloutRequest request) {
        CompletableFuture<CalloutResult> result = verifier.verifyAsync(request);
        time.goOn(Duration.ofMillis(500));
        return now(result);
    }

    private static CalloutResult now(CompletableFuture<CalloutResult> result) {
        assertThat(result).isCompleted();
        return result.join();
    }

    private static CalloutRequest ask(String sender) {
        return request(sender).build();
    }

    private static CalloutRequest.Builder request(String sender) {
        return CalloutRequest.sender(sender).client(CLIENT);
    }

    private static CalloutRequest from(int client, String sender) {
        return CalloutRequest.sender(sender)
                .client(IpAddresses.parse("203.0." + client / 250 + "." + (client % 250 + 1))
                        .orElseThrow())
                .build();
    }
}

package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BounceAction;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.DnsBlockList;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.prober.Prober;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.core.SmtpReply;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.Decision.Action;
import org.senderauth.policy.StepResult.Outcome;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesLimits;
import org.senderauth.spf.SpfLimits;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.testkit.CountingDnsClient;
import org.senderauth.testkit.ManualClock;

class SenderPolicyTest {

    private static final InetAddress GOOD = ip("192.0.2.1");
    private static final InetAddress STRANGER = ip("198.51.100.1");
    private static final InetAddress LISTED = ip("198.51.100.66");

    private static final ZoneDnsClient ZONE = ZoneDnsClient.builder()
            .text("""
                    example.net.                    300 IN TXT "v=spf1 ip4:192.0.2.1 -all"
                    soft.example.net.               300 IN TXT "v=spf1 ip4:192.0.2.1 ~all"
                    broken.example.net.             300 IN TXT "v=spf1 nonsense -all"
                    silent.example.net.             300 IN TXT "v=spf1 ?all"
                    mail.example.net.               300 IN A   192.0.2.1
                    mail.example.net.               300 IN TXT "v=spf1 a -all"
                    _client._smtp.mail.example.net. 300 IN SRV 1 2 1 mail.example.net.
                    _client._smtp.not.example.net.  300 IN SRV 1 1 1 not.example.net.
                    66.100.51.198.dnsbl.example.    300 IN A   127.0.0.2
                    """)
            .trouble(DomainNames.of("away.example.net"), Cause.TIMEOUT)
            .build();

    private final CountingDnsClient dns = CountingDnsClient.of(ZONE);
    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private final Batv batv = Batv.builder()
            .keyring(BatvKeyring.of(SecretKeys.of(new byte[20])))
            .clock(clock)
            .build();
    private final Ses ses = Ses.builder()
            .keyring(SesKeyring.builder()
                    .add("example.org", SesKey.of(SecretKeys.of(new byte[20])))
                    .build())
            .clock(clock)
            .build();
    private final List<String> probed = new ArrayList<>();

    private static InetAddress ip(String text) {
        return IpAddresses.parse(text).orElseThrow();
    }

    private SenderPolicyBuilder everything() {
        Prober prober = (request, listener) -> {
            probed.add(request.address().toString());
            CalloutReason reason = switch (request.address().localPart()) {
                case "nobody" -> CalloutReason.NO_SUCH_MAILBOX;
                case "grey" -> CalloutReason.GREYLISTED;
                default -> CalloutReason.ACCEPTED;
            };
            ProbeReport report = ProbeReport.ofNothingSent(reason, ProbeStage.RCPT, null);
            listener.verdict(report);
            listener.finished(report);
        };
        BounceRules rules =
                BounceRules.builder().onUnsigned(BounceAction.REJECT).build();
        return SenderPolicy.builder("mx.example.org")
                .blockLists(DnsBlockList.of(dns, List.of("dnsbl.example")))
                .csv(CsvVerifier.builder().dns(dns).build())
                .spf(
                        SpfVerifier.builder()
                                .dns(dns)
                                .receiver("mx.example.org")
                                .clock(clock)
                                .build(),
                        SpfStrictness.FAIL_ONLY)
                .batv(new BounceFilter(batv, rules, clock))
                .ses(ses, Set.of("Example.org"))
                .callout(CalloutVerifier.builder(prober)
                        .clock(clock)
                        .executor(Runnable::run)
                        .build())
                .modes(StepModes.builder()
                        .defaultMode(Step.CALLOUT, StepMode.ENFORCE)
                        .build());
    }

    private static Transaction mail(InetAddress client, String helo, String sender) {
        return Transaction.of(client, helo, sender).to("alice@example.org");
    }

    private static String code(Decision decision) {
        return decision.smtpReply()
                .map(reply -> reply.code() + " " + reply.enhancedCode())
                .orElse("go on");
    }

    private static String steps(Decision decision) {
        return decision.steps().stream()
                .map(report -> report.step().text() + "=" + report.result().result())
                .collect(Collectors.joining(" "));
    }

    // client | HELO | sender | answer
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            192.0.2.1      | mail.example.net | bob@example.net           | go on
            198.51.100.66  | mail.example.net | bob@example.net           | 550 5.7.1
            198.51.100.1   | not.example.net  | bob@example.net           | 550 5.7.1
            198.51.100.1   | example.net      | bob@silent.example.net    | 550 5.7.23
            198.51.100.1   | host.example.com | bob@example.net           | 550 5.7.23
            198.51.100.1   | host.example.com | bob@soft.example.net      | go on
            198.51.100.1   | host.example.com | bob@broken.example.net    | go on
            198.51.100.1   | host.example.com | bob@example.com           | go on
            198.51.100.1   | host.example.com | nobody@example.com        | 550 5.1.7
            198.51.100.1   | host.example.com | ''                        | 550 5.7.1
            192.0.2.1      | mail.example.net | nobody@example.net        | 550 5.1.7
            198.51.100.1   | host.example.com | SES=BBBB=bob@example.org  | 550 5.7.1
            198.51.100.1   | host.example.com | bob@away.example.net      | go on
            198.51.100.1   | host.example.com | grey@example.com          | go on
            198.51.100.1   | ''               | no address                | 501 5.1.7
            """)
    void rejectsByFirstFailingStep(String client, String helo, String sender, String answer) {
        assertThat(code(everything().build().decide(mail(ip(client), helo, sender))))
                .isEqualTo(answer);
    }

    @Test
    void runsStepsInOrderUpToRejection() {
        SenderPolicy policy = everything().build();
        assertThat(steps(policy.decide(mail(GOOD, "mail.example.net", "bob@example.net"))))
                .isEqualTo("dnsbl=unlisted csv=pass spf-helo=pass spf=pass batv=none ses=none callout=deliverable");
        assertThat(steps(policy.decide(mail(STRANGER, "mail.example.net", "bob@example.net"))))
                .isEqualTo("dnsbl=unlisted csv=fail_mismatch");
        assertThat(steps(policy.decide(mail(LISTED, "mail.example.net", "bob@example.net"))))
                .isEqualTo("dnsbl=127.0.0.2");
        assertThat(probed).containsExactly("bob@example.net");
    }

    @Test
    void acceptsGenuineBouncesOnly() {
        SenderPolicy policy = everything().build();
        Transaction bounce = Transaction.of(STRANGER, "host.example.com", "");
        String tagged = batv.sign(MailAddress.of("alice@example.org")).toString();
        String signed = ses.sign(MailAddress.of("alice@example.org")).toString();
        assertThat(code(policy.decide(bounce.to(tagged)))).isEqualTo("go on");
        assertThat(code(policy.decide(bounce.to(signed)))).isEqualTo("go on");
        assertThat(code(policy.decide(bounce.to("prvs=0123abcdef=alice@example.org"))))
                .isEqualTo("550 5.7.1");
        assertThat(code(policy.decide(bounce.to(signed.replace("SES=", "SES=B")))))
                .isEqualTo("550 5.7.1");
        clock.advance(Duration.ofDays(9));
        assertThat(code(policy.decide(bounce.to(tagged)))).isEqualTo("550 5.7.1");
        assertThat(probed).isEmpty();
    }

    @Test
    void skipsCalloutForOwnSignedSender() {
        String signed = ses.sign(MailAddress.of("alice@example.org")).toString();
        Decision decision = everything().build().decide(mail(STRANGER, "host.example.com", signed));
        assertThat(steps(decision)).endsWith("ses=valid callout=none");
        assertThat(probed).isEmpty();
    }

    @Test
    void skipsSignatureOfAnotherDomain() {
        Decision decision = everything().build().decide(mail(STRANGER, "h.example.com", "SES=BBBB=bob@example.com"));
        assertThat(decision.action()).isEqualTo(Action.CONTINUE);
    }

    @Test
    void monitoringStepNeverRejectsButSkipsCallout() {
        SenderPolicy policy = everything()
                .modes(StepModes.builder()
                        .defaultMode(Step.SPF, StepMode.MONITOR)
                        .defaultMode(Step.CALLOUT, StepMode.ENFORCE)
                        .build())
                .build();
        Decision decision = policy.decide(mail(STRANGER, "host.example.com", "bob@example.net"));
        assertThat(decision.action()).isEqualTo(Action.CONTINUE);
        assertThat(steps(decision)).contains("spf=fail").endsWith("callout=none");
        assertThat(probed).isEmpty();
    }

    @Test
    void domainModesOverrideDefaultSenderFirst() {
        StepModes modes = StepModes.builder()
                .recipientDomain("example.org", Step.SPF, StepMode.MONITOR)
                .senderDomain("Example.NET", Step.SPF, StepMode.ENFORCE)
                .senderDomain("soft.example.net", Step.DNSBL, StepMode.OFF)
                .defaultMode(Step.CALLOUT, StepMode.OFF)
                .build();
        SenderPolicy policy = everything().modes(modes).build();
        Transaction toUs = Transaction.of(STRANGER, "host.example.com", "bob@example.net");
        assertThat(code(policy.decide(toUs.to("alice@EXAMPLE.org")))).isEqualTo("550 5.7.23");
        assertThat(modes.mode(Step.SPF, mail(STRANGER, "h", "bob@soft.example.net")))
                .isEqualTo(StepMode.MONITOR);
        assertThat(modes.mode(Step.SPF, Transaction.of(STRANGER, "h", ""))).isEqualTo(StepMode.ENFORCE);
        assertThat(modes.mode(Step.CALLOUT, toUs)).isEqualTo(StepMode.OFF);
        assertThat(code(policy.decide(mail(LISTED, "host.example.com", "bob@soft.example.net"))))
                .isEqualTo("go on");
    }

    @Test
    void refusesCalloutWhoseModeIsNotSet() {
        StepModes others =
                StepModes.builder().defaultMode(Step.SPF, StepMode.MONITOR).build();
        assertThat(others.mode(Step.CALLOUT, mail(STRANGER, "h", "bob@example.net")))
                .isEqualTo(StepMode.OFF);
        SenderPolicyBuilder builder = everything().modes(others);
        assertThatIllegalStateException()
                .isThrownBy(builder::build)
                .withMessageContaining("the mode of step callout must be set");
        StepModes oneDomain = StepModes.builder()
                .senderDomain("example.net", Step.CALLOUT, StepMode.MONITOR)
                .build();
        assertThat(everything().modes(oneDomain).build()).isNotNull();
    }

    @Test
    void comparesDomainsInALabels() {
        StepModes modes = StepModes.builder()
                .senderDomain("bücher.example", Step.SPF, StepMode.OFF)
                .recipientDomain("xn--bcher-kva.example", Step.CSV, StepMode.OFF)
                .build();
        Exemptions exemptions =
                Exemptions.builder().senderDomain("BÜCHER.example").build();
        for (String domain : List.of("bücher.example", "Bücher.Example", "xn--bcher-kva.example")) {
            Transaction sender = Transaction.of(STRANGER, "h", "a@" + domain);
            assertThat(modes.mode(Step.SPF, sender)).isEqualTo(StepMode.OFF);
            assertThat(modes.mode(Step.CSV, Transaction.of(STRANGER, "h", "").to("a@" + domain)))
                    .isEqualTo(StepMode.OFF);
            assertThat(exemptions.reason(sender)).isPresent();
        }
    }

    @Test
    void countsAcceptedBouncesOnly() {
        Ses limited = Ses.builder()
                .keyring(SesKeyring.builder()
                        .add("example.org", SesKey.of(SecretKeys.of(new byte[20])))
                        .build())
                .limits(SesLimits.builder()
                        .bounces(1)
                        .publicLookups(0)
                        .addresses(0)
                        .build())
                .clock(clock)
                .build();
        SenderPolicyBuilder builder = SenderPolicy.builder("mx.example.org")
                .ses(limited, Set.of("example.org"))
                .exemptions(Exemptions.builder()
                        .network(Network.parse("192.0.2.0/24").orElseThrow())
                        .build());
        SenderPolicy policy = builder.build();
        SenderPolicy switchedOff = builder.modes(
                        StepModes.builder().defaultMode(Step.SES, StepMode.OFF).build())
                .build();
        String signed = limited.sign(MailAddress.of("alice@example.org")).toString();
        Transaction bounce = Transaction.of(STRANGER, "host.example.com", "").to(signed);
        policy.accepted(Transaction.of(STRANGER, "host.example.com", ""));
        policy.accepted(mail(STRANGER, "host.example.com", signed).to(signed));
        policy.accepted(Transaction.of(GOOD, "host.example.com", "").to(signed));
        switchedOff.accepted(bounce);
        assertThat(policy.decide(bounce).action()).as("nothing was counted").isEqualTo(Action.CONTINUE);
        policy.accepted(bounce);
        assertThat(code(policy.decide(bounce))).isEqualTo("550 5.7.1");
    }

    @Test
    void namesLimitThatPreventedCallout() {
        SenderPolicy policy = everything().build();
        for (int i = 0; i < 10; i++) {
            policy.decide(mail(STRANGER, "host.example.com", "nobody@d" + i + ".example"));
        }
        Decision decision = policy.decide(mail(STRANGER, "host.example.com", "bob@example.com"));
        assertThat(decision.action()).isEqualTo(Action.CONTINUE);
        assertThat(decision.steps())
                .last()
                .satisfies(report -> assertThat(report.result().explanation())
                        .isEqualTo("client rate limited (client-failure-limit), from precheck"));
    }

    @Test
    void defersOnTempfailUnlessLaterStepRejects() {
        SenderPolicy policy = everything()
                .onTempfail(Step.SPF, TempfailAction.DEFER)
                .onTempfail(Step.CALLOUT, TempfailAction.DEFER)
                .build();
        Decision decision = policy.decide(mail(STRANGER, "host.example.com", "bob@away.example.net"));
        assertThat(code(decision)).isEqualTo("451 4.7.24");
        assertThat(decision.reason()).startsWith("spf: temperror (enforce)");
        assertThat(code(policy.decide(mail(STRANGER, "host.example.com", "grey@example.com"))))
                .isEqualTo("451 4.1.7");
        assertThat(probed).containsExactly("grey@example.com");
        Transaction bounce = Transaction.of(STRANGER, "away.example.net", "").to("prvs=0123abcdef=alice@example.org");
        assertThat(code(policy.decide(bounce))).isEqualTo("550 5.7.1");
    }

    @Test
    void runsStepsOncePerMessage() {
        SenderPolicy policy = everything().build();
        Transaction message =
                Transaction.of(GOOD, "mail.example.net", "bob@example.net").ofMessage("7355.6b03f2fb.1c98e.0");
        Decision first = policy.decide(message.to("alice@example.org"));
        int questions = dns.questions().size();
        assertThat(policy.decide(message.to("carol@example.org")).steps()).isEqualTo(first.steps());
        assertThat(dns.questions()).hasSize(questions);
        policy.decide(message.ofMessage("another").to("carol@example.org"));
        assertThat(dns.questions()).hasSizeGreaterThan(questions);
        Transaction other =
                Transaction.of(STRANGER, "mail.example.net", "bob@example.net").ofMessage("7355.6b03f2fb.1c98e.0");
        assertThat(policy.decide(other).action())
                .as("the name of a message is not enough to share its findings")
                .isEqualTo(Action.REJECT);
    }

    @Test
    void checksBouncePerRecipient() {
        SenderPolicy policy = everything().build();
        Transaction bounce = Transaction.of(STRANGER, "host.example.com", "").ofMessage("m");
        String tagged = batv.sign(MailAddress.of("alice@example.org")).toString();
        assertThat(code(policy.decide(bounce.to(tagged)))).isEqualTo("go on");
        assertThat(code(policy.decide(bounce.to("alice@example.org")))).isEqualTo("550 5.7.1");
        assertThat(code(policy.decide(bounce))).as("before RCPT").isEqualTo("go on");
    }

    @Test
    void runsNoStepForExemptTransaction() {
        SenderPolicy policy = everything()
                .exemptions(Exemptions.builder()
                        .network(Network.parse("198.51.100.0/25").orElseThrow())
                        .sender("Bob@example.net")
                        .senderDomain("trusted.example")
                        .recipient("postmaster@example.org")
                        .build())
                .build();
        Transaction forged = mail(ip("203.0.113.1"), "not.example.net", "x@example.net");
        assertThat(policy.decide(forged).action()).isEqualTo(Action.REJECT);
        for (Transaction exempt : List.of(
                forged.authenticatedAs("alice"),
                mail(LISTED, "not.example.net", "x@example.net"),
                mail(ip("203.0.113.1"), "not.example.net", "bob@EXAMPLE.net"),
                mail(ip("203.0.113.1"), "not.example.net", "x@Trusted.example"),
                forged.to("Postmaster@example.org"))) {
            int before = dns.questions().size();
            Decision decision = policy.decide(exempt);
            assertThat(decision.action()).isEqualTo(Action.CONTINUE);
            assertThat(decision.steps()).isEmpty();
            assertThat(decision.reason()).startsWith("exempt: ");
            assertThat(dns.questions()).hasSize(before);
        }
        Exemptions nobody = Exemptions.builder().authenticated(false).build();
        assertThat(everything()
                        .exemptions(nobody)
                        .build()
                        .decide(forged.authenticatedAs("alice"))
                        .action())
                .isEqualTo(Action.REJECT);
    }

    @Test
    void headersReportResults() {
        Decision decision = everything().build().decide(mail(GOOD, "mail.example.net", "bob@example.net"));
        assertThat(decision.headers()).hasSize(2).noneMatch(header -> header.contains("\n"));
        assertThat(decision.headers().get(0))
                .startsWith("Authentication-Results: mx.example.org; ")
                .contains("; spf=pass smtp.helo=mail.example.net")
                .contains("; spf=pass smtp.mailfrom=bob@example.net");
        assertThat(decision.headers().get(1)).startsWith("Received-SPF: pass (mx.example.org: ");
    }

    @Test
    void unresponsiveDnsIsTempfailAtDeadline() {
        DnsClient silent = (name, type) -> new CompletableFuture<>();
        SenderPolicy policy = SenderPolicy.builder("mx.example.org")
                .csv(CsvVerifier.builder().dns(silent).build())
                .onTempfail(Step.CSV, TempfailAction.DEFER)
                .deadline(Duration.ofMillis(1))
                .build();
        Decision decision = policy.decide(mail(STRANGER, "mail.example.net", "bob@example.net"));
        assertThat(code(decision)).isEqualTo("451 4.4.3");
        assertThat(decision.steps().get(0).result().outcome()).isEqualTo(Outcome.TEMPERROR);
    }

    @Test
    void reportsFailedCheckAsTempfail() {
        List<String> told = new ArrayList<>();
        DnsClient failing = (name, type) -> {
            throw new IllegalStateException("out of sockets");
        };
        SenderPolicy policy = SenderPolicy.builder("mx.example.org")
                .blockLists(DnsBlockList.of(failing, List.of("dnsbl.example")))
                .onTempfail(Step.DNSBL, TempfailAction.DEFER)
                .observer(new PolicyObserver() {
                    @Override
                    public void failed(Step step, Throwable cause) {
                        told.add(step + " " + cause.getMessage());
                    }

                    @Override
                    public void stepCompleted(Step step, StepResult finding, Duration time) {
                        told.add(step + " " + finding.result());
                    }

                    @Override
                    public void decided(Transaction transaction, Decision decision, Duration time) {
                        told.add(decision.action().name());
                    }
                })
                .build();
        assertThat(code(policy.decide(mail(STRANGER, "h", "bob@example.net")))).isEqualTo("451 4.3.0");
        assertThat(told).containsExactly("DNSBL out of sockets", "DNSBL failed", "DEFER");
    }

    @Test
    void strictSpfRejectsSoftfailAndPermerror() {
        SenderPolicy policy = SenderPolicy.builder("mx.example.org")
                .spf(SpfVerifier.builder().dns(dns).build(), new SpfStrictness(true, true))
                .build();
        assertThat(code(policy.decide(mail(STRANGER, "h.example.com", "bob@soft.example.net"))))
                .isEqualTo("550 5.7.23");
        assertThat(code(policy.decide(mail(STRANGER, "h.example.com", "bob@broken.example.net"))))
                .isEqualTo("550 5.7.24");
    }

    @Test
    void tempfailResultNeverRejectsPermanently() {
        SmtpReply permanent = new SmtpReply(550, "5.7.1", "no");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepResult.temperror("x", "y", permanent))
                .withMessageContaining("must be temporary");
        assertThat(StepResult.neutral("x", "a\r\n b\u0007").explanation()).isEqualTo("a b?");
    }

    @ParameterizedTest
    @CsvSource({"CHECK_CONTENT", "ADD_HEADER", "QUARANTINE", "DISCARD"})
    void refusesFilterWithUnsupportedAction(BounceAction action) {
        BounceRules rules = BounceRules.builder().onUnsigned(action).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SenderPolicy.builder("mx.example.org").batv(new BounceFilter(batv, rules, clock)))
                .withMessageContaining("cannot carry out "
                        + action.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .withMessageContaining("onUnsigned(BounceAction.REJECT)");
    }

    @Test
    void refusesDefaultBounceRules() {
        BounceFilter filter = new BounceFilter(batv, BounceRules.defaults(), clock);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SenderPolicy.builder("mx.example.org").batv(filter));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<bob@example.net>", " bob@example.net ", "bob@example.net", "bob smith@example.net"})
    void acceptsSenderInAnySpelling(String sender) {
        assertThat(code(everything().build().decide(mail(STRANGER, "host.example.com", sender))))
                .isEqualTo("550 5.7.23");
        assertThat(code(everything()
                        .exemptions(
                                Exemptions.builder().senderDomain("example.net").build())
                        .build()
                        .decide(mail(STRANGER, "host.example.com", sender))))
                .isEqualTo("go on");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bob@example.net SIZE=100",
                "<bob@example.net> SIZE=100",
                "<bob@example.net",
                "bob@example.net AUTH=eve@soft.example.net",
                "bob@example.net\u0007"
            })
    void malformedSenderDoesNotAvoidSpf(String sender) {
        Decision decision = everything().build().decide(mail(STRANGER, "host.example.com", sender));
        assertThat(code(decision)).isEqualTo("501 5.1.7");
        assertThat(decision.reason()).startsWith("spf: none (enforce)").contains("malformed sender");
    }

    @Test
    void neverRejectsForMalformedHelo() {
        for (String helo : List.of("<host>", "a b", "a@b")) {
            assertThat(code(everything().build().decide(mail(STRANGER, helo, "bob@soft.example.net"))))
                    .isEqualTo("go on");
            assertThat(code(everything().build().decide(mail(STRANGER, helo, "<>"))))
                    .isEqualTo("550 5.7.1");
        }
    }

    @Test
    void acceptsBracketsAroundPaths() {
        Transaction transaction =
                Transaction.of(STRANGER, " host.example.com ", "<>").to("<alice@example.org>");
        assertThat(transaction)
                .isEqualTo(Transaction.of(STRANGER, "host.example.com", "").to("alice@example.org"));
        assertThat(transaction.isBounce()).isTrue();
        assertThat(transaction.to("<Postmaster>").recipient()).hasValue("Postmaster");
    }

    @Test
    void namesNullParameterOfTransaction() {
        assertThatNullPointerException()
                .isThrownBy(() -> Transaction.of(STRANGER, null, ""))
                .withMessage("helo");
        assertThatNullPointerException()
                .isThrownBy(() -> Transaction.of(STRANGER, "h", null))
                .withMessage("sender");
        assertThatNullPointerException()
                .isThrownBy(() -> Transaction.of(null, "h", ""))
                .withMessage("client");
        assertThatNullPointerException()
                .isThrownBy(() -> Transaction.of(STRANGER, "h", "").to(null))
                .withMessage("address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " example.net", "<example.net>", "@example.net", "bob@example.net", "a..b"})
    void refusesInvalidDomain(String domain) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Exemptions.builder().senderDomain(domain))
                .withMessageStartingWith("senderDomain must be a domain name such as example.org, was '");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepModes.builder().senderDomain(domain, Step.SPF, StepMode.OFF));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepModes.builder().recipientDomain(domain, Step.SPF, StepMode.OFF));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SenderPolicy.builder("mx.example.org").ses(ses, Set.of(domain)));
        assertThatIllegalArgumentException().isThrownBy(() -> SenderPolicy.builder(domain));
    }

    @Test
    void parsesExemptAddressesLikeTransactions() {
        Exemptions exemptions = Exemptions.builder()
                .sender("<Bob@example.net>")
                .recipient(" Alice@example.org ")
                .recipient("postmaster")
                .build();
        assertThat(exemptions.reason(mail(STRANGER, "h", "bob@EXAMPLE.net"))).isPresent();
        assertThat(exemptions.reason(mail(STRANGER, "h", "eve@example.net"))).isPresent();
        Transaction other = Transaction.of(STRANGER, "h", "eve@example.net");
        assertThat(exemptions.reason(other.to("<POSTMASTER>"))).isPresent();
        assertThat(exemptions.reason(other.to("bob@example.org"))).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Exemptions.builder().sender("bob@example.net SIZE=1"))
                .withMessageStartingWith("sender must be an email address such as alice@example.org, was '");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Exemptions.builder().recipient("@example.org"));
    }

    @ParameterizedTest
    @CsvSource({"4, fail", "3, permerror"})
    void spfStepsShareLimitOfQueries(int limit, String result) {
        ZoneDnsClient zone = ZoneDnsClient.builder().text("""
                        mail.example.net. 300 IN TXT "v=spf1 a ~all"
                        mail.example.net. 300 IN A   192.0.2.1
                        example.net.      300 IN TXT "v=spf1 a:mail.example.net -all"
                        """).build();
        SpfVerifier spf = SpfVerifier.builder()
                .dns(zone)
                .limits(SpfLimits.builder().transactionQueries(limit).build())
                .build();
        SenderPolicy policy = SenderPolicy.builder("mx.example.org")
                .spf(spf, SpfStrictness.FAIL_ONLY)
                .build();
        Decision decision = policy.decide(mail(STRANGER, "mail.example.net", "bob@example.net"));
        assertThat(decision.steps())
                .extracting(report -> report.result().result())
                .containsExactly("softfail", result);
    }

    @Test
    void rejectsDeadlineOfMoreThanOneDay() {
        SenderPolicyBuilder builder = SenderPolicy.builder("mx.example.org").deadline(Duration.ofDays(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.deadline(Duration.ofSeconds(Long.MAX_VALUE)))
                .withMessageStartingWith("deadline must be at most one day, was ");
    }
}

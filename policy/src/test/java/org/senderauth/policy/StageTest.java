package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.testkit.CountingDnsClient;

/** Servers that answer each command ask at each stage. */
class StageTest {

    private static final InetAddress STRANGER =
            IpAddresses.parse("198.51.100.1").orElseThrow();

    private final CountingDnsClient dns = CountingDnsClient.of(ZoneDnsClient.builder()
            .text("""
                    example.net.                    300 IN TXT "v=spf1 -all"
                    _client._smtp.not.example.net.  300 IN SRV 1 1 1 not.example.net.
                    """)
            .trouble(DomainNames.of("away.example.net"), Cause.TIMEOUT)
            .build());
    private final List<String> told = new ArrayList<>();

    private SenderPolicyBuilder builder() {
        return SenderPolicy.builder("mx.example.org")
                .csv(CsvVerifier.builder().dns(dns).build())
                .spf(SpfVerifier.builder().dns(dns).build(), SpfStrictness.FAIL_ONLY)
                .onTempfail(Step.SPF, TempfailAction.DEFER)
                .observer(new PolicyObserver() {
                    @Override
                    public void decided(Transaction transaction, Decision decision, Duration time) {
                        told.add(decision.action().toString());
                    }
                });
    }

    private static Transaction mail(String helo, String sender) {
        return Transaction.of(STRANGER, helo, sender).ofMessage("1");
    }

    @Test
    void ordersStepsByStage() {
        assertThat(Arrays.stream(Step.values()).map(Step::stage)).isSorted();
    }

    // exempt or named | HELO | sender | the actions at HELO, MAIL and RCPT
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nothing             | not.example.net  | bob@example.com      | REJECT REJECT REJECT
            nothing             | host.example.com | bob@example.net      | CONTINUE REJECT REJECT
            nothing             | host.example.com | bob@away.example.net | CONTINUE CONTINUE DEFER
            sender              | not.example.net  | bob@example.com      | CONTINUE REJECT REJECT
            sender              | not.example.net  | friend@example.net   | CONTINUE CONTINUE CONTINUE
            sender domain       | not.example.net  | bob@example.com      | CONTINUE REJECT REJECT
            recipient           | host.example.com | bob@example.net      | CONTINUE CONTINUE REJECT
            mode of senders     | not.example.net  | bob@example.com      | CONTINUE REJECT REJECT
            mode of senders     | host.example.com | bob@example.net      | CONTINUE REJECT REJECT
            mode of recipients  | not.example.net  | bob@example.com      | REJECT REJECT REJECT
            mode of recipients  | host.example.com | bob@example.net      | CONTINUE CONTINUE CONTINUE
            modes of both       | host.example.com | bob@example.net      | CONTINUE REJECT REJECT
            """)
    void rejectsOnceNoLaterCommandCanOverride(String rule, String helo, String sender, String expected) {
        UnaryOperator<SenderPolicyBuilder> rules = builder -> switch (rule) {
            case "sender" ->
                builder.exemptions(
                        Exemptions.builder().sender("friend@example.net").build());
            case "sender domain" ->
                builder.exemptions(
                        Exemptions.builder().senderDomain("example.edu").build());
            case "recipient" ->
                builder.exemptions(
                        Exemptions.builder().recipient("postmaster@example.org").build());
            case "mode of senders" ->
                builder.modes(StepModes.builder()
                        .senderDomain("example.edu", Step.CSV, StepMode.OFF)
                        .build());
            case "mode of recipients" ->
                builder.modes(StepModes.builder()
                        .recipientDomain("example.org", Step.SPF, StepMode.MONITOR)
                        .build());
            case "modes of both" ->
                builder.modes(StepModes.builder()
                        .recipientDomain("example.org", Step.SPF, StepMode.MONITOR)
                        .senderDomain("example.net", Step.SPF, StepMode.ENFORCE)
                        .build());
            default -> builder;
        };
        SenderPolicy policy = rules.apply(builder()).build();
        Transaction atHelo = Transaction.of(STRANGER, helo, "");
        Transaction atMail = mail(helo, sender);
        Transaction atRcpt = atMail.to("alice@example.org");
        List<Decision> decisions = List.of(
                policy.decide(atHelo, Stage.HELO),
                policy.decide(atMail, Stage.MAIL),
                policy.decide(atRcpt, Stage.RCPT));
        assertThat(decisions.stream().map(decision -> decision.action().name()).collect(Collectors.joining(" ")))
                .isEqualTo(expected);
        assertThat(policy.decide(atRcpt).smtpReply()).isEqualTo(decisions.get(2).smtpReply());
    }

    @Test
    void reportsRejectionThatMayBeOverridden() {
        SenderPolicy policy = builder()
                .exemptions(
                        Exemptions.builder().recipient("postmaster@example.org").build())
                .build();
        assertThat(policy.decide(mail("host.example.com", "bob@example.net"), Stage.MAIL)
                        .reason())
                .startsWith("a later command may override spf: fail (enforce): ");
    }

    @Test
    void queriesDnsOncePerMessage() {
        SenderPolicy policy = builder().build();
        Transaction transaction = mail("host.example.com", "bob@example.com");
        policy.decide(transaction, Stage.MAIL);
        int asked = dns.questions().size();
        assertThat(asked).isPositive();
        policy.decide(transaction.to("alice@example.org"), Stage.RCPT);
        policy.decide(transaction.to("alice@example.org"));
        assertThat(dns.questions()).hasSize(asked);
    }

    @Test
    void reportsEachDecisionOnce() {
        Transaction transaction = mail("host.example.com", "bob@example.com");
        SenderPolicy policy = builder().build();
        policy.decide(transaction, Stage.HELO);
        policy.decide(transaction, Stage.MAIL);
        assertThat(told).isEmpty();
        policy.decide(transaction.to("alice@example.org"), Stage.RCPT);
        assertThat(told).containsExactly("CONTINUE");

        told.clear();
        policy.decide(mail("host.example.com", "bob@example.net"), Stage.MAIL);
        assertThat(told).containsExactly("REJECT");
    }

    @Test
    void throwingObserverChangesNothing() {
        PolicyObserver throwing = new PolicyObserver() {
            @Override
            public void stepCompleted(Step step, StepResult result, Duration time) {
                throw new IllegalStateException("broken on purpose");
            }

            @Override
            public void decided(Transaction transaction, Decision decision, Duration time) {
                throw new IllegalStateException("broken on purpose");
            }
        };
        Transaction transaction = mail("host.example.com", "bob@example.net").to("alice@example.org");
        assertThat(builder().observer(throwing).build().decide(transaction).action())
                .isEqualTo(Decision.Action.REJECT);
    }

    @Test
    void runsCalloutAtLastStageOnly() {
        List<String> probed = new ArrayList<>();
        CalloutVerifier callout = CalloutVerifier.builder((request, listener) -> {
                    probed.add(request.address().toString());
                    ProbeReport report =
                            ProbeReport.ofNothingSent(CalloutReason.NO_SUCH_MAILBOX, ProbeStage.RCPT, null);
                    listener.verdict(report);
                    listener.finished(report);
                })
                .executor(Runnable::run)
                .build();
        SenderPolicy policy = builder()
                .callout(callout)
                .modes(StepModes.builder()
                        .defaultMode(Step.CALLOUT, StepMode.ENFORCE)
                        .build())
                .build();
        Transaction transaction = mail("host.example.com", "bob@example.com").to("alice@example.org");
        assertThat(policy.decide(transaction, Stage.RCPT).action()).isEqualTo(Decision.Action.CONTINUE);
        assertThat(probed).isEmpty();
        assertThat(told).isEmpty();
        assertThat(policy.decide(transaction, Stage.RCPT_VALIDATED).action()).isEqualTo(Decision.Action.REJECT);
        assertThat(probed).containsExactly("bob@example.com");
        assertThat(told).containsExactly("REJECT");
    }
}

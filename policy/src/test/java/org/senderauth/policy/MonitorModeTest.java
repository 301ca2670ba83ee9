package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.Decision.Action;
import org.senderauth.spf.SpfVerifier;

class MonitorModeTest {

    private static final ZoneDnsClient ZONE = ZoneDnsClient.builder()
            .text("""
                    example.net.      300 IN TXT "v=spf1 ip4:192.0.2.1 -all"
                    helo.example.net. 300 IN TXT "v=spf1 -all"
                    """)
            .trouble(DomainNames.of("away.example.net"), Cause.TIMEOUT)
            .build();

    private static SenderPolicyBuilder policy(StepModes modes) {
        return SenderPolicy.builder("mx.example.org")
                .spf(SpfVerifier.builder().dns(ZONE).build(), SpfStrictness.FAIL_ONLY)
                .onTempfail(Step.SPF, TempfailAction.DEFER)
                .modes(modes);
    }

    private static StepModes monitor() {
        return StepModes.builder()
                .senderDomain("example.net", Step.SPF, StepMode.ENFORCE)
                .monitorOnly(true)
                .build();
    }

    private static Transaction mail(String helo, String sender) {
        return Transaction.of(IpAddresses.parse("198.51.100.1").orElseThrow(), helo, sender)
                .to("alice@example.org");
    }

    private static String withheld(Decision decision) {
        return decision.withheld().map(SmtpReply::toString).orElse("none");
    }

    @Test
    void oneSwitchOverridesEachEnforcingMode() {
        Decision decision = policy(monitor()).build().decide(mail("h.example.com", "bob@example.net"));
        assertThat(decision.action()).isEqualTo(Action.CONTINUE);
        assertThat(withheld(decision)).startsWith("550 5.7.23 SPF check failed: 198.51.100.1 is not authorized");
        assertThat(decision.step()).contains(Step.SPF);
        assertThat(decision.reason()).startsWith("spf: fail (monitor): ");
    }

    @Test
    void withheldReplyIsThatOfTheFirstFailure() {
        Decision decision = policy(monitor()).build().decide(mail("helo.example.net", "bob@example.net"));
        assertThat(decision.step()).contains(Step.SPF_HELO);
    }

    @Test
    void withheldReplyIsThatOfTheSamePolicyWhenEnforced() {
        for (String sender : List.of("bob@example.net", "bob@away.example.net", "bob@silent.example.net", "")) {
            Transaction mail = mail("h.example.com", sender);
            Decision enforced = policy(StepModes.builder().build()).build().decide(mail);
            assertThat(policy(monitor()).build().decide(mail).withheld()).isEqualTo(enforced.smtpReply());
            assertThat(enforced.withheld()).isEmpty();
        }
    }

    @Test
    void withholdsDeferralOnlyWhereTheStepWouldDefer() {
        Transaction mail = mail("h.example.com", "bob@away.example.net");
        assertThat(withheld(policy(monitor()).build().decide(mail))).startsWith("451 4.7.24 ");
        SenderPolicy lenient =
                policy(monitor()).onTempfail(Step.SPF, TempfailAction.CONTINUE).build();
        assertThat(lenient.decide(mail).withheld()).isEmpty();
    }

    @Test
    void monitoredRejectionIsReportedAlongsideADeferral() {
        StepModes modes =
                StepModes.builder().defaultMode(Step.SPF_HELO, StepMode.MONITOR).build();
        Decision decision = policy(modes).build().decide(mail("helo.example.net", "bob@away.example.net"));
        assertThat(decision.action()).isEqualTo(Action.DEFER);
        assertThat(withheld(decision)).startsWith("550 5.7.23 ");
    }

    @Test
    void tracedRejectionEndsWithItsId() {
        SenderPolicy traced = policy(StepModes.builder().build()).traced(true).build();
        Decision decision = traced.decide(mail("h.example.com", "bob@example.net"));
        assertThat(decision.smtpReply().orElseThrow().text()).endsWith(" [" + decision.id() + "]");
    }

    @Test
    void tracedMessageShowsIdAndWithheldReply() {
        Decision decision = policy(monitor()).traced(true).build().decide(mail("h.example.com", "bob@example.net"));
        assertThat(decision.headers().get(decision.headers().size() - 1))
                .startsWith(
                        "X-Senderauth-Decision: " + decision.id() + "; would=reject; by=spf; would-reply=\"550 5.7.23 ")
                .endsWith("\"");
    }

    @Test
    void idsDiffer() {
        SenderPolicy policy = policy(monitor()).build();
        Transaction mail = mail("h.example.com", "bob@silent.example.net");
        assertThat(Stream.generate(() -> policy.decide(mail).id()).limit(100))
                .doesNotHaveDuplicates()
                .allMatch(id -> id.matches("[2-9b-z]{11}"));
    }
}

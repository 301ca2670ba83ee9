package org.senderauth.james;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BounceAction;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceRules;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.ProbeReport;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.prober.Prober;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SenderPolicyBuilder;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepMode;
import org.senderauth.policy.StepModes;
import org.senderauth.policy.TempfailAction;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesLimits;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.testkit.ManualClock;

/** A policy of all steps over a zone in memory; the mailbox {@code nobody@} of any domain does not exist. */
final class Policies {

    static final DnsClient ZONE = ZoneDnsClient.builder()
            .text("""
                    example.net.                    300 IN TXT "v=spf1 ip4:192.0.2.1 ip6:2001:db8::1 -all"
                    mail.example.net.               300 IN TXT "v=spf1 ip4:192.0.2.1 -all"
                    _client._smtp.not.example.net.  300 IN SRV 1 1 1 not.example.net.
                    66.100.51.198.dnsbl.example.    300 IN A   127.0.0.2
                    """)
            .trouble(DomainNames.of("away.example.net"), Cause.TIMEOUT)
            .build();

    /** A DNS that never answers. */
    static final DnsClient DEAD = (name, type) -> new CompletableFuture<>();

    static final ManualClock CLOCK = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));

    static final Batv BATV = Batv.builder()
            .keyring(BatvKeyring.of(SecretKeys.of(new byte[20])))
            .clock(CLOCK)
            .build();

    /** How many bounces a signed sender may get. */
    static final int SES_USES = 2;

    static final MailAddress ALICE = MailAddress.of("alice@example.org");

    static final String TAGGED = BATV.sign(ALICE).toString();

    private Policies() {}

    /** A signer whose uses are counted from now on. */
    static Ses ses() {
        return Ses.builder()
                .keyring(SesKeyring.builder()
                        .add("example.org", SesKey.of(SecretKeys.of(new byte[20])))
                        .build())
                .limits(SesLimits.builder()
                        .bounces(SES_USES)
                        .publicLookups(0)
                        .addresses(0)
                        .build())
                .clock(CLOCK)
                .build();
    }

    static SenderPolicyBuilder over(DnsClient dns) {
        return over(dns, new CopyOnWriteArrayList<>());
    }

    static SenderPolicyBuilder over(DnsClient dns, List<String> probed) {
        BounceRules rules =
                BounceRules.builder().onUnsigned(BounceAction.REJECT).build();
        Prober prober = (request, listener) -> {
            probed.add(request.address().toString());
            CalloutReason reason = request.address().localPart().equals("nobody")
                    ? CalloutReason.NO_SUCH_MAILBOX
                    : CalloutReason.ACCEPTED;
            ProbeReport report = ProbeReport.ofNothingSent(reason, ProbeStage.RCPT, null);
            listener.verdict(report);
            listener.finished(report);
        };
        return SenderPolicy.builder("mx.example.org")
                .csv(CsvVerifier.builder().dns(dns).build())
                .spf(
                        SpfVerifier.builder()
                                .dns(dns)
                                .receiver("mx.example.org")
                                .clock(CLOCK)
                                .build(),
                        SpfStrictness.FAIL_ONLY)
                .batv(new BounceFilter(BATV, rules, CLOCK))
                .callout(CalloutVerifier.builder(prober)
                        .clock(CLOCK)
                        .executor(Runnable::run)
                        .build())
                .modes(StepModes.builder()
                        .defaultMode(Step.CALLOUT, StepMode.ENFORCE)
                        .build())
                .onTempfail(Step.SPF, TempfailAction.DEFER)
                .deadline(Duration.ofSeconds(20));
    }
}

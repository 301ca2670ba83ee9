package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BatvVerdict;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.probe.ProbeSettings;
import org.senderauth.callout.probe.SmtpProber;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfVerdict;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.testkit.ManualClock;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpRules;

/** The examples of docs/testing.md, as they stand there. */
class TestingGuideTest {

    @Test
    void zoneInMemoryAnswersAndFailsAsScripted() throws IOException {
        ZoneDnsClient dns = ZoneDnsClient.builder()
                .text("example.org. 300 TXT \"v=spf1 ip4:192.0.2.0/24 -all\"")
                .trouble(DomainNames.of("example.net"), Cause.TIMEOUT)
                .build();
        SpfVerifier spf = SpfVerifier.builder().dns(dns).build();
        InetAddress client = InetAddress.getByName("192.0.2.1");
        assertThat(spf.verify(SpfQuery.mailFrom(client, "a@example.org", "mx.example.org"))
                        .verdict())
                .isEqualTo(SpfVerdict.PASS);
        assertThat(spf.verify(SpfQuery.mailFrom(client, "a@example.net", "mx.example.org"))
                        .verdict())
                .isEqualTo(SpfVerdict.TEMPERROR);
    }

    @Test
    void clockMovesOnlyWhenSet() {
        ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
        Batv batv = Batv.builder()
                .keyring(BatvKeyring.of(SecretKeys.generate(new SecureRandom())))
                .clock(clock)
                .build();
        MailAddress tagged = batv.sign(MailAddress.of("alice@example.org"));
        assertThat(batv.verify(tagged).verdict()).isEqualTo(BatvVerdict.VALID);
        clock.advance(Duration.ofDays(9));
        assertThat(batv.verify(tagged).verdict()).isEqualTo(BatvVerdict.EXPIRED);
    }

    @Test
    void mailServerAnswersByScript() throws IOException {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(
                SmtpRules.mailServer("PIPELINING").answer("RCPT TO:<bob@example.org>", "550 5.1.1 no such user"))) {
            ZoneDnsClient dns = ZoneDnsClient.builder()
                    .text("example.org. 300 MX 10 mx.example.org.\nmx.example.org. 300 A 127.0.0.1")
                    .build();
            ProbeSettings loopback = ProbeSettings.builder("mx.example.com")
                    .port(server.port())
                    .addressFilter(address -> true)
                    .build();
            try (CalloutVerifier callout =
                    CalloutVerifier.builder(SmtpProber.of(dns, loopback)).build()) {
                CalloutRequest request = CalloutRequest.sender("bob@example.org")
                        .client(InetAddress.getByName("192.0.2.1"))
                        .build();
                assertThat(callout.verify(request).verdict()).isEqualTo(CalloutVerdict.UNDELIVERABLE);
            }
            assertThat(server.nextEnded().heard()).contains("MAIL FROM:<>", "QUIT");
        }
    }

    @Test
    void guideContainsTheseExamples() throws IOException {
        GuideExamples.assertShown("testing.md", TestingGuideTest.class, 3);
    }
}

package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.batv.MessageContent;
import org.senderauth.batv.MessageKind;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.Decision.Action;
import org.senderauth.spf.SpfVerifier;

class SpfUnlessDkimTest {

    private static final DnsClient DNS = ZoneDnsClient.builder()
            .text("""
                    example.net.             300 IN TXT "v=spf1 -all"
                    _dmarc.example.net.      300 IN TXT "v=DMARC1; p=reject"
                    example.com.             300 IN TXT "v=spf1 -all"
                    away.example.net.        300 IN TXT "v=spf1 -all"
                    """)
            .trouble(DomainNames.of("_dmarc.away.example.net"), Cause.TIMEOUT)
            .build();

    private final SenderPolicy policy = SenderPolicy.builder("mx.example.org")
            .spf(SpfVerifier.builder().dns(DNS).build(), SpfStrictness.FAIL_ONLY)
            .unlessDkimPasses(DNS)
            .onTempfail(Step.SPF, TempfailAction.DEFER)
            .build();

    private static Transaction from(String sender) throws UnknownHostException {
        return Transaction.of(InetAddress.getByName("198.51.100.1"), "client.example.com", sender)
                .to("alice@example.org");
    }

    private Action atEnd(String sender, String author, String... signers) throws Exception {
        return policy.decide(
                        from(sender),
                        ReceivedMessage.classified(new MessageContent(MessageKind.OTHER, "the test"))
                                .with(new DkimResults(Optional.ofNullable(author), List.of(signers))))
                .action();
    }

    @Test
    void failureIsKeptUntilTheEndOfTheMessage() throws Exception {
        Decision atRcpt = policy.decide(from("bob@example.net"));
        assertThat(atRcpt.action()).isEqualTo(Action.CONTINUE);
        assertThat(atRcpt.awaitsContent()).isTrue();
        assertThat(atRcpt.headers()).anyMatch(header -> header.startsWith("Received-SPF: fail"));
        assertThat(policy.decide(from("bob@example.net"), Stage.MAIL).action()).isEqualTo(Action.CONTINUE);
    }

    // author | signer | action
    @ParameterizedTest
    @CsvSource({
        "example.net, example.net, CONTINUE",
        "example.net, Mail.Example.NET, CONTINUE",
        "news.example.net, example.net, CONTINUE",
        "bücher.example, xn--BCHER-kva.example, CONTINUE",
        "example.net, example.com, REJECT",
        "example.net, net, REJECT",
        "example.net, example.net.example.com, REJECT",
        "example.com, example.com, CONTINUE",
        "example.com, www.example.com, REJECT",
        "away.example.net, example.net, DEFER",
        "example.net, away.example.net, DEFER"
    })
    void alignedSignatureOverridesFailure(String author, String signer, Action action) throws Exception {
        assertThat(atEnd("bob@example.net", author, signer)).isEqualTo(action);
    }

    @Test
    void remainsWithoutSignatureOrAuthor() throws Exception {
        assertThat(atEnd("bob@example.net", "example.net")).isEqualTo(Action.REJECT);
        assertThat(atEnd("bob@example.net", null, "example.net")).isEqualTo(Action.REJECT);
        assertThat(policy.decide(from("bob@example.net"), new MessageContent(MessageKind.OTHER, "the test"))
                        .action())
                .isEqualTo(Action.REJECT);
        assertThat(atEnd("bob@example.net", "example.net", "example.com", "b.example.net"))
                .isEqualTo(Action.CONTINUE);
    }

    @Test
    void rejectsAtRcptWithoutDmarcRecordAndForNullSender() throws Exception {
        assertThat(policy.decide(from("bob@example.com")).action()).isEqualTo(Action.REJECT);
        Transaction bounce = Transaction.of(InetAddress.getByName("198.51.100.1"), "example.net", "")
                .to("alice@example.org");
        assertThat(policy.decide(bounce).action()).isEqualTo(Action.REJECT);
    }

    @Test
    void keepsFailureWhileDnsIsUnavailable() throws Exception {
        assertThat(policy.decide(from("bob@away.example.net")).awaitsContent()).isTrue();
    }

    @Test
    void requiresSpf() {
        assertThatIllegalStateException()
                .isThrownBy(() -> SenderPolicy.builder("mx.example.org").unlessDkimPasses(DNS));
    }
}

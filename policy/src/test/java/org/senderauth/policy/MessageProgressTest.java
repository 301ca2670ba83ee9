package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.senderauth.core.HeaderField;
import org.senderauth.core.SmtpReply;
import org.senderauth.dns.IpAddresses;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.spf.SpfVerifier;

class MessageProgressTest {

    private static MessageProgress message() {
        Transaction transaction = Transaction.of(
                        IpAddresses.parse("192.0.2.1").orElseThrow(), "mail.example.net", "bob@example.net")
                .ofMessage("1.2.3");
        return SenderPolicy.builder("mx.example.org")
                .spf(SpfVerifier.builder().dns(ZoneDnsClient.builder().build()).build(), SpfStrictness.FAIL_ONLY)
                .build()
                .progress(transaction);
    }

    @Test
    void fieldIsTakenOnceItIsInReply() {
        MessageProgress message = message();
        message.passed(List.of("X-A: 1", "X-B: 2"));

        assertThatIllegalStateException()
                .isThrownBy(() -> message.nextHeader(header -> {
                    throw new IllegalStateException(header);
                }));

        assertThat(message.nextHeader(Function.identity())).contains("X-A: 1");
        assertThat(message.nextHeader(Function.identity())).contains("X-B: 2");
        assertThat(message.nextHeader(Function.identity())).isEmpty();
    }

    @Test
    void decisionFieldFitsLineWhateverIsInItsReply() {
        SmtpReply reply = SmtpReply.of(550, "5.7.23", "\"".repeat(SmtpReply.MAX_TEXT));

        assertThat(TraceHeaders.decision("3m7h8v7p27b", Optional.of(Step.SPF), Optional.of(reply)))
                .hasSizeLessThanOrEqualTo(HeaderField.MAX_LINE)
                .endsWith("\\\"\"");
    }
}

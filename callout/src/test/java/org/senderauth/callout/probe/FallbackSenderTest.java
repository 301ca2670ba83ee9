package org.senderauth.callout.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.senderauth.core.Hmac;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;

class FallbackSenderTest {

    private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");
    private static final FallbackSender SENDERS = FallbackSender.at("Example.net", SecretKeys.of(new byte[32]));

    @Test
    void fallbackSenderIsSignedAndChangesDaily() {
        MailAddress sender = SENDERS.sender(NOW);
        assertThat(sender.toString()).matches("callout-from-20260102-[a-z2-7]{10}@example\\.net");
        assertThat(sender.isValid()).isTrue();
        assertThat(SENDERS.sender(NOW.plus(Duration.ofHours(11)))).isEqualTo(sender);
        assertThat(SENDERS.sender(NOW.plus(Duration.ofHours(12)))).isNotEqualTo(sender);
    }

    @Test
    void recognizesSenderOfPreviousAndNextDay() {
        MailAddress sender = SENDERS.sender(NOW);
        for (int day = -3; day <= 3; day++) {
            assertThat(SENDERS.isOurs(sender, NOW.plus(Duration.ofDays(day))))
                    .as("%d days", day)
                    .isEqualTo(Math.abs(day) <= 1);
        }
        assertThat(SENDERS.isOurs(MailAddress.of(sender.toString().toUpperCase(Locale.ROOT)), NOW))
                .isTrue();
    }

    @Test
    void recognizesSenderWhoseDomainIsSpeltInALabels() {
        FallbackSender senders = FallbackSender.at("bücher.example", SecretKeys.of(new byte[32]));
        MailAddress sender = senders.sender(NOW);
        assertThat(sender.domain()).isEqualTo("xn--bcher-kva.example");
        assertThat(senders.isOurs(sender, NOW)).isTrue();
        assertThat(senders.isOurs(new MailAddress(sender.localPart(), "Bücher.example"), NOW))
                .isTrue();
    }

    @Test
    void rejectsSenderOfAnotherKey() {
        MailAddress foreign = FallbackSender.at(
                        "example.net", SecretKeys.of("another key of 24".getBytes(StandardCharsets.US_ASCII)))
                .sender(NOW);
        MailAddress elsewhere = new MailAddress(SENDERS.sender(NOW).localPart(), "example.org");
        assertThat(SENDERS.isOurs(foreign, NOW)).isFalse();
        assertThat(SENDERS.isOurs(elsewhere, NOW)).isFalse();
        for (String local :
                List.of("callout-from-", "callout-from-20260102", "callout-from-20261399-abcdefghij", "bob")) {
            assertThat(SENDERS.isOurs(new MailAddress(local, "example.net"), NOW))
                    .as(local)
                    .isFalse();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FallbackSender.at("not a domain", SecretKeys.of(new byte[32])));
    }

    @Test
    void randomLocalPartIsConstantPerDomainAndDay() {
        RandomRecipients recipients = new RandomRecipients(Hmac.of("HmacSHA256", SecretKeys.of(new byte[32])));
        MailAddress invented = recipients.at("example.org", NOW);
        assertThat(invented.toString()).matches("callout-probe-[a-z2-7]{10}@example\\.org");
        assertThat(recipients.at("EXAMPLE.ORG", NOW.plusSeconds(60)).localPart())
                .isEqualTo(invented.localPart());
        assertThat(recipients.at("example.com", NOW).localPart()).isNotEqualTo(invented.localPart());
        assertThat(recipients.at("example.org", NOW.plus(Duration.ofDays(1)))).isNotEqualTo(invented);
    }
}

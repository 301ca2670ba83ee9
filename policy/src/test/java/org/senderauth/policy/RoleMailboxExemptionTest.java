package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 5321 section 4.5.1: bounces to postmaster, and to abuse, are accepted from any host. */
class RoleMailboxExemptionTest {

    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();

    private final Exemptions exemptions =
            Exemptions.builder().roleMailboxesAt("Example.org").build();

    private static Transaction mail(String sender) {
        return Transaction.of(CLIENT, "mail.example.com", sender);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postmaster@example.org",
                "POSTMASTER@EXAMPLE.ORG",
                "abuse@example.org",
                "postmaster",
                "Postmaster"
            })
    void exemptsBouncesToPostmasterAndAbuse(String recipient) {
        assertThat(exemptions.reason(mail("").to(recipient))).isPresent();
        assertThat(Exemptions.AUTHENTICATED.reason(mail("").to(recipient))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice@example.org", "postmaster@example.net", "abuse", "postmasters@example.org", ""})
    void exemptsNoOtherBounceRecipient(String recipient) {
        assertThat(exemptions.reason(mail("").to(recipient))).isEmpty();
    }

    @Test
    void checksOrdinaryMailToPostmaster() {
        assertThat(exemptions.reason(mail("bob@example.net").to("postmaster@example.org")))
                .isEmpty();
    }

    @Test
    void delaysRejectionUntilPostmasterExcluded() {
        assertThat(exemptions.settledAt(Stage.HELO, mail(""))).isFalse();
        assertThat(exemptions.settledAt(Stage.MAIL, mail(""))).isFalse();
        assertThat(exemptions.settledAt(Stage.MAIL, mail("bob@example.net"))).isTrue();
        assertThat(exemptions.settledAt(Stage.RCPT, mail(""))).isTrue();
        assertThat(Exemptions.AUTHENTICATED.settledAt(Stage.HELO, mail(""))).isTrue();
    }
}

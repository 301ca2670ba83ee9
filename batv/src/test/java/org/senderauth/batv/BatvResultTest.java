package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.senderauth.core.SmtpReply;

class BatvResultTest {

    private static BatvResult result(BatvVerdict verdict) {
        return new BatvResult(verdict, BatvReason.WRONG_TAG, Optional.empty(), Optional.empty(), OptionalInt.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "VALID, x-batv=pass, ''",
        "UNSIGNED, x-batv=none, ''",
        "FOREIGN, x-batv=none, ''",
        "MALFORMED, x-batv=none, ''",
        "INVALID, x-batv=fail, 550 5.7.1 Bounce rejected: recipient sent no such message (no valid BATV tag)",
        "EXPIRED, x-batv=fail, 550 5.7.1 Bounce rejected: recipient sent no such message (no valid BATV tag)",
        "UNAVAILABLE, x-batv=temperror, '451 4.3.0 Bounce check temporarily unavailable, try again later'",
    })
    void hasReplyAndAuthenticationResult(BatvVerdict verdict, String authResult, String reply) {
        assertThat(result(verdict).authResult()).hasToString(authResult);
        assertThat(result(verdict).smtpReply().map(SmtpReply::toString).orElse(""))
                .isEqualTo(reply);
    }

    @ParameterizedTest
    @EnumSource(BatvVerdict.class)
    void rejectsPermanentlyOnKnowledgeOnly(BatvVerdict verdict) {
        assertThat(result(verdict).smtpReply().filter(SmtpReply::isPermanent).isPresent())
                .isEqualTo(result(verdict).authResult().result().equals("fail"));
    }
}

package org.senderauth.srs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.senderauth.core.SmtpReply;

class SrsResultTest {

    @ParameterizedTest
    @CsvSource({
        "VALID, x-srs=pass, 0",
        "NOT_SRS, x-srs=none, 0",
        "FOREIGN, x-srs=none, 0",
        "EXPIRED, x-srs=fail, 550",
        "FORGED, x-srs=fail, 550",
        "MALFORMED, x-srs=fail, 550",
        "UNAVAILABLE, x-srs=temperror, 451",
    })
    void hasReplyAndAuthenticationResult(SrsVerdict verdict, String authResult, int code) {
        SrsResult result = SrsResult.of(verdict, SrsReason.WRONG_HASH);
        assertThat(result.authResult()).hasToString(authResult);
        assertThat(result.smtpReply().map(SmtpReply::code).orElse(0)).isEqualTo(code);
    }

    @ParameterizedTest
    @EnumSource(SrsVerdict.class)
    void rejectsExactlyTheFailures(SrsVerdict verdict) {
        SrsResult result = SrsResult.of(verdict, SrsReason.WRONG_HASH);
        assertThat(verdict.isRejected()).isEqualTo(result.authResult().result().equals("fail"));
    }
}

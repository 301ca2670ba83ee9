package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.senderauth.core.SmtpReply;

class SesResultTest {

    @ParameterizedTest
    @CsvSource({
        "VALID, x-ses=pass, ''",
        "UNSIGNED, x-ses=none, ''",
        "INVALID, x-ses=fail, 550 5.7.1 Bounce rejected: invalid SES signature",
        "MALFORMED, x-ses=fail, 550 5.7.1 Bounce rejected: invalid SES signature",
        "NON_CANONICAL, x-ses=fail, 550 5.7.1 Bounce rejected: invalid SES signature",
        "FIXED_DISABLED, x-ses=fail, 550 5.7.1 Bounce rejected: invalid SES signature",
        "EXPIRED, x-ses=fail, 550 5.7.1 Bounce rejected: invalid SES signature",
        "REPLAY, x-ses=fail, 550 5.7.1 Bounce rejected: invalid SES signature",
        "UNAVAILABLE, x-ses=temperror, '451 4.3.0 Bounce check temporarily unavailable, try again later'",
    })
    void hasReplyAndAuthenticationResult(SesVerdict verdict, String authResult, String reply) {
        SesResult result = SesResult.refused(verdict, "the reason");
        assertThat(result.authResult()).hasToString(authResult);
        assertThat(result.smtpReply().map(SmtpReply::toString).orElse("")).isEqualTo(reply);
    }

    @ParameterizedTest
    @EnumSource(SesVerdict.class)
    void rejectsPermanentlyOnKnowledgeOnly(SesVerdict verdict) {
        SesResult result = SesResult.refused(verdict, "");
        assertThat(result.smtpReply().filter(SmtpReply::isPermanent).isPresent())
                .isEqualTo(result.authResult().result().equals("fail"));
    }

    @Test
    void neverShowsReasonToOutsiders() {
        SesResult result = SesResult.refused(SesVerdict.INVALID, "no key for this domain");
        assertThat(result.smtpReply().orElseThrow().toString()).doesNotContain("key");
        assertThat(result.authResult().toString()).doesNotContain("key");
        assertThat(result.reason()).isEqualTo("no key for this domain");
    }
}

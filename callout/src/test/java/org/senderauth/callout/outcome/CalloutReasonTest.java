package org.senderauth.callout.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.senderauth.callout.outcome.CalloutReason.Scope;

/** The consequences of each reason. */
class CalloutReasonTest {

    // Reason, verdict, scope, first and longest time in the cache, and the suggested reply.
    @ParameterizedTest
    @CsvSource({
        "NULL_SENDER,          SKIPPED,       NONE,    PT0S,  PT0S,  ''",
        "EXEMPT,               SKIPPED,       NONE,    PT0S,  PT0S,  ''",
        "NOT_NEEDED,           SKIPPED,       NONE,    PT0S,  PT0S,  ''",
        "ADDRESS_LITERAL,      SKIPPED,       NONE,    PT0S,  PT0S,  ''",
        "SELF_MX,              SKIPPED,       DOMAIN,  PT1H,  PT1H,  ''",
        "LOOP,                 SKIPPED,       HOST,    PT1H,  PT1H,  ''",
        "BAD_SYNTAX,           UNDELIVERABLE, NONE,    PT0S,  PT0S,  501 5.1.7",
        "NO_SUCH_DOMAIN,       UNDELIVERABLE, DOMAIN,  PT1H,  PT1H,  550 5.1.8",
        "NULL_MX,              UNDELIVERABLE, DOMAIN,  PT1H,  PT1H,  550 5.7.27",
        "NO_MAIL_HOST,         UNDELIVERABLE, DOMAIN,  PT1H,  PT1H,  550 5.1.8",
        "MX_NOT_PUBLIC,        UNDELIVERABLE, DOMAIN,  PT1H,  PT1H,  550 5.1.8",
        "SMTPUTF8_UNSUPPORTED, UNDELIVERABLE, ADDRESS, PT24H, PT24H, 550 5.6.7",
        "NO_SUCH_MAILBOX,      UNDELIVERABLE, ADDRESS, PT3H,  PT24H, 550 5.1.7",
        "MOVED,                UNDELIVERABLE, ADDRESS, PT3H,  PT3H,  550 5.1.7",
        "DISABLED,             UNDELIVERABLE, ADDRESS, PT3H,  PT24H, 550 5.1.7",
        "RATE_LIMITED,         UNDECIDED,     NONE,    PT0S,  PT0S,  ''",
        "DOMAIN_UNDER_ATTACK,  UNDECIDED,     NONE,    PT0S,  PT0S,  ''",
        "HOST_UNDER_ATTACK,    UNDECIDED,     NONE,    PT0S,  PT0S,  ''",
        "CLIENT_RATE_LIMITED,  UNDECIDED,     NONE,    PT0S,  PT0S,  ''",
        "IN_PROGRESS,          UNDECIDED,     NONE,    PT0S,  PT0S,  451 4.1.7",
        "UNAVAILABLE,          UNDECIDED,     NONE,    PT0S,  PT0S,  ''",
        "DNS_TEMPFAIL,         UNDECIDED,     DOMAIN,  PT2M,  PT2M,  451 4.4.3",
        "UNREACHABLE,          UNDECIDED,     HOST,    PT10M, PT2H,  451 4.4.1",
        "HOST_BUSY,            UNDECIDED,     HOST,    PT5M,  PT1H,  451 4.3.2",
        "POLICY_REFUSED,       UNDECIDED,     HOST,    PT6H,  PT6H,  ''",
        "POLICY_DEFERRED,      UNDECIDED,     HOST,    PT10M, PT2H,  ''",
        "HOST_ACCEPTS_NO_MAIL, UNDECIDED,     HOST,    PT6H,  PT6H,  ''",
        "RELAY_DENIED,         UNDECIDED,     ADDRESS, PT1H,  PT24H, ''",
        "UNCLEAR_REJECTION,    UNDECIDED,     ADDRESS, PT1H,  PT24H, ''",
        "TLS_REQUIRED,         UNDECIDED,     HOST,    PT1H,  PT1H,  ''",
        "NULL_SENDER_REFUSED,  UNDECIDED,     HOST,    PT24H, PT24H, ''",
        "TEMPFAIL,             UNDECIDED,     ADDRESS, PT5M,  PT1H,  451 4.1.7",
        "CANNOT_VERIFY,        UNDECIDED,     ADDRESS, PT1H,  PT1H,  ''",
        "MAILBOX_BUSY,         UNDECIDED,     ADDRESS, PT5M,  PT1H,  451 4.1.7",
        "GREYLISTED,           UNDECIDED,     ADDRESS, PT5M,  PT1H,  451 4.1.7",
        "TOO_MANY_RECIPIENTS,  UNDECIDED,     HOST,    PT5M,  PT5M,  451 4.1.7",
        "PROTOCOL_ERROR,       UNDECIDED,     ADDRESS, PT5M,  PT1H,  ''",
        "TIMEOUT,              UNDECIDED,     ADDRESS, PT5M,  PT1H,  451 4.4.2",
        "CONNECTION_LOST,      UNDECIDED,     ADDRESS, PT5M,  PT1H,  451 4.4.2",
        "ACCEPTED,             DELIVERABLE,   ADDRESS, PT24H, PT24H, ''",
        "BACKUP_MX,            DELIVERABLE,   ADDRESS, PT15M, PT15M, ''",
        "MAILBOX_FULL,         DELIVERABLE,   ADDRESS, PT1H,  PT1H,  ''",
        "ACCEPTS_ALL,          CATCH_ALL,     DOMAIN,  PT27H, PT27H, ''",
    })
    void hasVerdictCacheTimeAndReply(
            CalloutReason reason,
            CalloutVerdict verdict,
            Scope scope,
            Duration shortest,
            Duration longest,
            String reply) {
        assertThat(reason.verdict()).isEqualTo(verdict);
        assertThat(reason.scope()).isEqualTo(scope);
        assertThat(reason.shortest()).isEqualTo(shortest);
        assertThat(reason.longest()).isEqualTo(longest);
        assertThat(reason.suggestedReply()
                        .map(suggested -> suggested.code() + " " + suggested.enhancedCode())
                        .orElse(""))
                .isEqualTo(reply);
    }

    @ParameterizedTest
    @EnumSource(CalloutReason.class)
    void onlyUndeliverableSuggestsPermanentRejection(CalloutReason reason) {
        assertThat(reason.suggestedReply().filter(reply -> reply.code() >= 500).isPresent())
                .isEqualTo(reason.verdict() == CalloutVerdict.UNDELIVERABLE);
    }

    @Test
    void allowsRejectionWhereBounceFails() {
        assertThat(Arrays.stream(CalloutReason.values())
                        .filter(CalloutReason::allowsRejection)
                        .filter(reason -> reason.verdict() != CalloutVerdict.UNDELIVERABLE))
                .containsExactly(CalloutReason.NULL_SENDER_REFUSED);
        assertThat(CalloutReason.NO_SUCH_MAILBOX.allowsRejection()).isTrue();
    }
}

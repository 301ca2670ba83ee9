package org.senderauth.callout.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.CalloutVerdict;

/** Replies with the words of a missing mailbox that say something else. */
class NearMissesTest {

    static Stream<List<String>> nearMisses() {
        return KnownReply.lines("near-misses.txt")
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> List.of(line.split(" / (?=\\d{3}[ -])")));
    }

    @ParameterizedTest
    @MethodSource("nearMisses")
    void rejectNoAddress(List<String> lines) {
        for (PostmasterCheck postmaster : PostmasterCheck.values()) {
            ReplyClassification found = ReplyClassifier.classify(ServerReply.of(lines), ReplyStage.RCPT, postmaster);
            assertThat(found.reason().verdict())
                    .as("%s by %s with the postmaster %s", lines, found.rule(), postmaster)
                    .isNotEqualTo(CalloutVerdict.UNDELIVERABLE);
        }
    }

    @Test
    void answerAboutOurSenderRejectsNoAddress() {
        ServerReply reply =
                ServerReply.of(List.of("550-Verification failed for <alice@example.net>", "550 Unrouteable address"));

        assertThat(ReplyClassifier.classify(reply, ReplyStage.RCPT, PostmasterCheck.ACCEPTED, false)
                        .reason())
                .isEqualTo(CalloutReason.UNCLEAR_REJECTION);
        assertThat(ReplyClassifier.classify(reply, ReplyStage.RCPT, PostmasterCheck.ACCEPTED, true)
                        .reason())
                .isEqualTo(CalloutReason.NO_SUCH_MAILBOX);
    }
}

package org.senderauth.callout.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.senderauth.callout.outcome.CalloutVerdict;

/** The verdict of each reply of the project's own collection. */
class KnownRepliesTest {

    static Stream<KnownReply> knownReplies() {
        return KnownReply.all().stream();
    }

    @ParameterizedTest
    @MethodSource("knownReplies")
    void givesTheVerdictOfEachKnownReply(KnownReply known) {
        for (PostmasterCheck postmaster : PostmasterCheck.values()) {
            ReplyClassification found = known.classified(postmaster);
            assertThat(known.verdicts(postmaster))
                    .as("%s by %s with the postmaster %s", known, found.rule(), postmaster)
                    .contains(found.reason().verdict());
        }
    }

    @Test
    void neverRejectsForReplyAboutUs() {
        List<KnownReply> aboutUs =
                KnownReply.all().stream().filter(r -> r.meaning().equals("us")).toList();
        assertThat(aboutUs).hasSizeGreaterThan(50);
        for (KnownReply known : aboutUs) {
            for (PostmasterCheck postmaster : PostmasterCheck.values()) {
                assertThat(known.classified(postmaster).reason().verdict())
                        .as("%s", known)
                        .isEqualTo(CalloutVerdict.UNDECIDED);
            }
        }
    }
}

package org.senderauth.callout.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.outcome.CalloutVerdict;

/** Replies of real servers, collected outside of the project; {@link KnownRepliesTest} covers every row without them. */
class RecordedRepliesTest {

    @Test
    void rejectsNoneThatMayBeAboutUs() throws IOException {
        for (RecordedReply reply : RecordedReply.all()) {
            for (PostmasterCheck postmaster : PostmasterCheck.values()) {
                if (!reply.verdicts().contains(CalloutVerdict.UNDELIVERABLE)) {
                    assertThat(reply.verdict(postmaster)).as("%s", reply).isNotEqualTo(CalloutVerdict.UNDELIVERABLE);
                }
            }
        }
    }

    @Test
    void givesAcceptableVerdictForEachReply() throws IOException {
        for (RecordedReply reply : RecordedReply.all()) {
            for (PostmasterCheck postmaster : List.of(PostmasterCheck.ACCEPTED, PostmasterCheck.UNKNOWN)) {
                assertThat(reply.verdicts()).as("%s", reply).contains(reply.verdict(postmaster));
            }
        }
    }

    @Test
    void rejectsNineOfTenUnknownMailboxes() throws IOException {
        List<RecordedReply> unknown = RecordedReply.all().stream()
                .filter(r -> r.meaning().equals("unknown_mailbox"))
                .toList();
        for (PostmasterCheck postmaster : PostmasterCheck.values()) {
            long found = unknown.stream()
                    .filter(reply -> reply.verdict(postmaster) == CalloutVerdict.UNDELIVERABLE)
                    .count();
            assertThat(found * 10).as("%s", postmaster).isGreaterThanOrEqualTo(unknown.size() * 9L);
        }
    }
}

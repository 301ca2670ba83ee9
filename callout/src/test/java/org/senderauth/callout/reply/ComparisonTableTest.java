package org.senderauth.callout.reply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.outcome.CalloutVerdict;

/** The table of docs/callout.md that compares the rules for replies, counted anew from the recorded replies. */
class ComparisonTableTest {

    private static final Map<String, Set<String>> ROWS = Map.of(
            "an unknown mailbox", Set.of("unknown_mailbox"),
            "a disabled or moved mailbox", Set.of("disabled", "moved"),
            "a full mailbox, or one with too much mail", Set.of("mailbox_full", "valid_but_rate_limited"),
            "us: block lists, rate limits, policy, names", Set.of("policy_refusal_of_us"),
            "the null sender or an untagged bounce", Set.of("null_sender_refused", "batv_refusal_of_untagged_bounce"),
            "relaying, or a domain without mail", Set.of("relay_denied", "domain_takes_no_mail"),
            "either an unknown mailbox or a policy", Set.of("either_unknown_or_refusal"),
            "temporary failures, greylisting, protocol",
                    Set.of("temporary_or_server_fault", "greylisted", "protocol_or_too_many"));

    @Test
    void showsTheCountsOfTheRecordedReplies() throws IOException {
        List<RecordedReply> replies = RecordedReply.all();
        List<String> table = Files.readAllLines(Path.of("../docs/callout.md")).stream()
                .dropWhile(line -> !line.startsWith("| replies about"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();

        assertThat(ROWS.values().stream().flatMap(Set::stream))
                .containsExactlyInAnyOrderElementsOf(
                        replies.stream().map(RecordedReply::meaning).collect(Collectors.toSet()));
        assertThat(table)
                .containsExactlyInAnyOrderElementsOf(
                        ROWS.keySet().stream().map(name -> row(name, replies)).toList());
    }

    private static String row(String name, List<RecordedReply> replies) {
        List<RecordedReply> own = replies.stream()
                .filter(reply -> ROWS.getOrDefault(name, Set.of()).contains(reply.meaning()))
                .toList();
        return "| %s | %d | %d | %d | %d |"
                .formatted(
                        name,
                        own.size(),
                        count(own, reply -> reply.stage() == ReplyStage.RCPT && reply.permanent()),
                        count(own, reply -> reply.stage() != ReplyStage.EHLO && reply.permanent()),
                        count(own, reply -> reply.verdict(PostmasterCheck.ACCEPTED) == CalloutVerdict.UNDELIVERABLE));
    }

    private static long count(List<RecordedReply> replies, Predicate<RecordedReply> rejected) {
        return replies.stream().filter(rejected).count();
    }
}

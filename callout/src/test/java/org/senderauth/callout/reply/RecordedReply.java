package org.senderauth.callout.reply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.peers.ExternalTestData;

/**
 * One reply of a real server, collected outside of the project.
 *
 * @param id its identifier
 * @param meaning the class of its meaning
 * @param stage the stage of the session
 * @param lines its lines
 * @param verdicts the acceptable verdicts
 */
record RecordedReply(String id, String meaning, ReplyStage stage, List<String> lines, Set<CalloutVerdict> verdicts) {

    static List<RecordedReply> all() throws IOException {
        List<RecordedReply> all = new ArrayList<>();
        for (JsonNode reply : new ObjectMapper()
                .readTree(ExternalTestData.file("vectors/callout-replies.json").toFile())
                .get("replies")) {
            List<String> lines = new ArrayList<>();
            reply.get("reply").forEach(line -> lines.add(line.textValue()));
            Set<CalloutVerdict> verdicts = new HashSet<>();
            reply.get("verdicts").forEach(verdict -> verdicts.add(CalloutVerdict.valueOf(verdict.textValue())));
            all.add(new RecordedReply(
                    reply.get("id").textValue(),
                    reply.get("class").textValue(),
                    ReplyStage.valueOf(reply.get("stage").textValue().toUpperCase(Locale.ROOT)),
                    lines,
                    verdicts));
        }
        assertThat(all).hasSizeGreaterThan(200);
        return all;
    }

    CalloutVerdict verdict(PostmasterCheck postmaster) {
        return ReplyClassifier.classify(ServerReply.of(lines), stage, postmaster)
                .reason()
                .verdict();
    }

    boolean permanent() {
        return ServerReply.of(lines).isPermanent();
    }
}

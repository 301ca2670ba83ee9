package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.peers.ExternalTestData;

/** Whole SMTP sessions of Exim's documented ACL and of batv-milter, compared with the bounce filter with the same switches. */
class RecordedSessionsTest {

    /** Where we decide otherwise, each with its reason. */
    private static final Map<String, BounceAction> OTHERWISE = Map.of(
            "v252", BounceAction.REJECT, // a domain is the same in capitals
            "v255", BounceAction.ACCEPT, // a lower-case signer's bounce in capitals
            "v269", BounceAction.ACCEPT, // the other form of the same tag
            "v276", BounceAction.ACCEPT, // a genuine mixed-case tag
            "v283", BounceAction.REJECT); // mailer-daemon@ sends bounces too

    private static BounceFilter filter(BounceAction action, boolean oneRecipient, Instant at) {
        BatvKeyring keys = BatvKeyring.of(SecretKeys.ofWeak("secret".getBytes(StandardCharsets.US_ASCII)));
        Batv batv = Batv.builder()
                .keys(BatvKeys.perDomain(Map.of("example.com", keys)))
                .clock(InstantSource.fixed(at))
                .build();
        BounceRules rules = BounceRules.builder()
                .onInvalid(action)
                .onUnsigned(action)
                .oneRecipient(oneRecipient)
                .build();
        return new BounceFilter(batv, rules, InstantSource.fixed(at));
    }

    private static MailAddress path(String text) {
        String bare = text.replaceAll("^<|>$", "");
        return bare.isEmpty() ? null : MailAddress.split(bare).orElseThrow();
    }

    @TestFactory
    List<DynamicTest> decidedAsTheProgramsDecided() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        JsonNode file = new ObjectMapper()
                .readTree(ExternalTestData.file("vectors/batv-vectors.json").toFile());
        for (JsonNode vector : file.get("vectors")) {
            String operation = vector.get("operation").textValue();
            if (operation.equals("smtp-rcpt") || operation.equals("milter-session")) {
                String id = vector.get("id").textValue();
                tests.add(DynamicTest.dynamicTest(
                        id + " " + vector.path("note").asText(),
                        () -> assertThat(decision(vector, operation.equals("milter-session")))
                                .isEqualTo(OTHERWISE.getOrDefault(
                                        id, action(vector.get("verdict").textValue())))));
            }
        }
        return tests;
    }

    private static BounceAction decision(JsonNode vector, boolean milter) {
        String options = vector.path("options").asText("--on-invalid reject");
        BounceAction onInvalid = action(options.split(" ")[1]);
        Instant at = Instant.ofEpochSecond(vector.get("unix_time").longValue());
        MailAddress sender = path(vector.get("mail_from").textValue());
        if (!milter) {
            return filter(onInvalid, false, at)
                    .atRcpt(Bounce.to(sender, path(vector.get("address").textValue())))
                    .action();
        }
        List<MailAddress> recipients = new ArrayList<>();
        vector.get("rcpt_to").forEach(recipient -> recipients.add(path(recipient.textValue())));
        MessageContent content = new MessageContent(MessageKind.OTHER, "not recorded");
        return filter(onInvalid, true, at)
                .decide(Bounce.of(sender, recipients).with(content))
                .action();
    }

    private static BounceAction action(String verdict) {
        return switch (verdict) {
            case "accept" -> BounceAction.ACCEPT;
            case "reject" -> BounceAction.REJECT;
            case "tempfail" -> BounceAction.DEFER;
            case "discard" -> BounceAction.DISCARD;
            default -> throw new IllegalArgumentException(verdict);
        };
    }

    // The same facts, one of each kind, for where the recorded runs are not at hand.
    @ParameterizedTest
    @CsvSource({
        "<>, prvs=0896eca59c=joe@example.com, ACCEPT",
        "<>, prvs=0896000000=joe@example.com, REJECT",
        "<>, prvs=08827e88c0=joe@example.com, REJECT",
        "<>, prvs=0896ECA59C=joe@example.com, ACCEPT",
        "<>, PRVS=0896eca59c=joe@example.com, ACCEPT",
        "<>, prvs=0896eca59c=joe@EXAMPLE.COM, ACCEPT",
        "<>, prvs=0896eca59c=JOE@example.com, ACCEPT",
        "<>, joe+tag+prvs=0896ad160f@example.com, ACCEPT",
        "<>, joe@example.com, REJECT",
        "<>, joe@EXAMPLE.COM, REJECT",
        "a@remote.test, prvs=0896eca59c=joe@example.com, ACCEPT",
        "<>, x@remote.test, ACCEPT",
    })
    void decidesRecordedSessionsOfEachKind(String sender, String recipient, BounceAction action) {
        assertThat(filter(BounceAction.REJECT, false, Instant.ofEpochSecond(1718452800))
                        .atRcpt(Bounce.to(path(sender), path(recipient)))
                        .action())
                .isEqualTo(action);
    }
}

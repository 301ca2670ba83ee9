package org.senderauth.batv;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.peers.ExternalTestData;

/** Runs of Exim 4.96 and batv-tools 0.8, all of the recorded ones; {@link ReferenceBehaviorTest} holds those that show a rule. */
class RecordedVectorsTest {

    /** Where we sign otherwise than the program did; "=" is the sender unchanged. */
    private static final Map<String, String> OTHERWISE_SIGNED = Map.ofEntries(
            entry("v012", "\"prvs=08965fef4e=john doe\"@example.com"), // one quoted string, as RFC 5321 wants it
            entry("v151", "\"a@b+prvs=08962edf0c\"@example.com"), // split at the last @
            entry("v021", "="), // over 64 octets
            entry("v022", "="),
            entry("v023", "="),
            entry("v153", "="),
            entry("v024", "="), // tagged already
            entry("v155", "="));

    /** What no caller can ask for here: numbers that are no digit, no address, an empty key, Exim's limit of 64 octets. */
    private static final Set<String> CANNOT_BE_ASKED = Set.of("v038", "v039", "v041", "v042", "v044", "v049");

    /** Where our verdict is another. */
    private static final Map<String, BatvVerdict> OTHERWISE_JUDGED = Map.ofEntries(
            entry("v073", BatvVerdict.VALID), // case of hash, domain and local part
            entry("v075", BatvVerdict.VALID),
            entry("v076", BatvVerdict.VALID),
            entry("v187", BatvVerdict.VALID),
            entry("v188", BatvVerdict.VALID),
            entry("v189", BatvVerdict.VALID),
            entry("v088", BatvVerdict.VALID), // the sub-address form, which Exim does not know
            entry("v198", BatvVerdict.VALID), // a day of clock allowance, and 1000 days later the same day
            entry("v206", BatvVerdict.VALID),
            entry("v103", BatvVerdict.EXPIRED), // stale, or from the future
            entry("v124", BatvVerdict.EXPIRED),
            entry("v127", BatvVerdict.EXPIRED),
            entry("v133", BatvVerdict.EXPIRED),
            entry("v134", BatvVerdict.EXPIRED),
            entry("v135", BatvVerdict.EXPIRED),
            entry("v136", BatvVerdict.EXPIRED),
            entry("v194", BatvVerdict.UNSIGNED), // no tag by its form
            entry("v195", BatvVerdict.UNSIGNED),
            entry("v196", BatvVerdict.UNSIGNED));

    @TestFactory
    List<DynamicTest> signedAsTheProgramsSign() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : vectors("sign")) {
            String id = vector.get("id").textValue();
            if (CANNOT_BE_ASKED.contains(id)) {
                continue;
            }
            tests.add(DynamicTest.dynamicTest(id, () -> {
                String address = vector.get("address").textValue();
                String expected =
                        OTHERWISE_SIGNED.getOrDefault(id, vector.get("output").textValue());
                String signed = batv(vector)
                        .sign(MailAddress.split(address).orElseThrow())
                        .toString();
                assertThat(signed).isEqualTo(expected.equals("=") ? address : expected);
            }));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> judgedAsTheProgramsJudge() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : vectors("check")) {
            String id = vector.get("id").textValue();
            tests.add(DynamicTest.dynamicTest(id + " " + vector.path("note").asText(), () -> {
                BatvVerdict verdict =
                        batv(vector).verify(vector.get("address").textValue()).verdict();
                if (OTHERWISE_JUDGED.containsKey(id)) {
                    assertThat(verdict).isEqualTo(OTHERWISE_JUDGED.get(id));
                    return;
                }
                assertThat(verdict).isIn(ours(vector.get("verdict").textValue()));
                String decoded = vector.path("decoded").asText("");
                if (verdict == BatvVerdict.VALID && !decoded.isEmpty()) {
                    assertThat(batv(vector)
                                    .verify(vector.get("address").textValue())
                                    .original()
                                    .orElseThrow())
                            .hasToString(decoded);
                }
            }));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> normalizedAsTheCatalogueSays() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : vectors("normalise")) {
            tests.add(DynamicTest.dynamicTest(
                    vector.get("id").textValue(),
                    () -> assertThat(BatvNormalizer.normalize(
                                    MailAddress.split(vector.get("address").textValue())
                                            .orElseThrow()))
                            .hasToString(vector.get("output").textValue())));
        }
        return tests;
    }

    @TestFactory
    List<DynamicTest> formsFromTheFieldAreForeign() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode vector : vectors("wild-sample")) {
            tests.add(DynamicTest.dynamicTest(vector.get("address").textValue(), () -> {
                BatvResult result =
                        batv("736563726574", 0L, 7).verify(vector.get("address").textValue());
                assertThat(result.verdict()).isEqualTo(BatvVerdict.FOREIGN);
                assertThat(result.original()).isPresent();
            }));
        }
        return tests;
    }

    /** The programs say less than we do: "invalid" is both expired and bad, "not-prvs" both unsigned and foreign. */
    private static Set<BatvVerdict> ours(String verdict) {
        return switch (verdict) {
            case "valid" -> Set.of(BatvVerdict.VALID);
            case "invalid", "bad-signature" -> Set.of(BatvVerdict.INVALID, BatvVerdict.EXPIRED);
            case "not-prvs", "missing" -> Set.of(BatvVerdict.UNSIGNED, BatvVerdict.FOREIGN);
            default -> throw new IllegalArgumentException(verdict);
        };
    }

    private static List<JsonNode> vectors(String operation) throws IOException {
        JsonNode file = new ObjectMapper()
                .readTree(ExternalTestData.file("vectors/batv-vectors.json").toFile());
        return StreamSupport.stream(file.get("vectors").spliterator(), false)
                .filter(vector -> vector.get("operation").textValue().equals(operation))
                .toList();
    }

    private static Batv batv(JsonNode vector) {
        String delimiter = vector.path("sub_address_delimiter").asText("");
        Batv.Builder builder = builder(
                vector.get("secret_hex").textValue(),
                vector.get("unix_time").longValue(),
                vector.path("lifetime_days").asInt(7),
                vector.path("key_number").asInt(0));
        return delimiter.isEmpty()
                ? builder.build()
                : builder.subAddress(delimiter.charAt(0)).build();
    }

    private static Batv batv(String secret, long at, int lifetime) {
        return builder(secret, at, lifetime, 0).build();
    }

    /** One secret for every number, as in these runs of Exim. */
    private static Batv.Builder builder(String secret, long at, int lifetime, int signing) {
        SecretKey key = SecretKeys.ofWeak(HexFormat.of().parseHex(secret));
        BatvKeyring.Builder ring = BatvKeyring.builder().sign(signing, key);
        for (int number = 0; number < BatvKeyring.SLOTS; number++) {
            if (number != signing) {
                ring.verify(number, key);
            }
        }
        return Batv.builder()
                .keyring(ring.build())
                .clock(InstantSource.fixed(Instant.ofEpochSecond(at)))
                .lifetimeDays(lifetime);
    }
}

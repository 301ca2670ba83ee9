package org.senderauth.srs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.peers.ExternalTestData;

/** Recorded results of real programs, kept next to the checkout; skipped where they are absent. */
class SharedVectorsTest {

    /** Cases in which this module does something else, and why. Every entry is a fault by its reason. */
    private static final Map<String, String> FAULTS = Map.of(
            "foreign SRS1", "libsrs2 nests SRS1 in SRS1, so that a chain grows with each host",
            "foreign SRS1 with + inside", "the same",
            "foreign SRS1, lower case", "the same",
            "configured separator -, foreign SRS1", "the same",
            "empty user", "a local part is never empty",
            "empty host", "a domain is never empty",
            "quoted with @", "libsrs2 and PostSRSd split inside the quotes: the result has two @",
            "SRS1 empty inner", "nothing is wrapped");

    private static List<JsonNode> vectors() throws Exception {
        Path file = ExternalTestData.file("vectors/srs-vectors.json");
        List<JsonNode> all = new ArrayList<>();
        new ObjectMapper().readTree(Files.readString(file)).get("vectors").forEach(all::add);
        return all;
    }

    private static @Nullable SrsMode mode(JsonNode vector) {
        return switch (vector.get("implementation").textValue()) {
            case "Mail::SRS" -> SrsMode.MAIL_SRS;
            case "pysrs" -> SrsMode.PYSRS;
            case "libsrs2" -> SrsMode.LIBSRS2;
            case "PostSRSd" ->
                vector.get("version").textValue().startsWith("1") ? SrsMode.POSTSRSD1 : SrsMode.POSTSRSD2;
            case "Exim" -> SrsMode.EXIM;
            // libsrs_alt and srs.js have no mode: no host is known to use them.
            default -> null;
        };
    }

    private static Srs srs(JsonNode vector, SrsMode mode) {
        int length = mode == SrsMode.EXIM ? 4 : vector.get("hash_length").intValue();
        int min = mode == SrsMode.EXIM ? 4 : vector.get("hash_min").intValue();
        SrsFormat format =
                new SrsFormat(mode, vector.get("separator").textValue().charAt(0), length, min);
        SrsKeyring.Builder keys = SrsKeyring.builder();
        for (int i = 0; i < vector.get("secret").size(); i++) {
            var key = SecretKeys.ofWeak(vector.get("secret").get(i).textValue().getBytes(StandardCharsets.UTF_8));
            if (i == 0) {
                keys.sign(key, format);
            } else {
                keys.verify(key, format);
            }
        }
        Srs.Builder builder = Srs.builder()
                .keyring(keys.build())
                .domain(vector.get("srs_domain").textValue())
                .lifetimeDays(vector.get("max_age_days").intValue())
                .clock(InstantSource.fixed(
                        Instant.ofEpochSecond(vector.get("time").longValue())));
        if (vector.get("always_rewrite").booleanValue()) {
            builder.alwaysRewrite(true);
        }
        return builder.build();
    }

    @Test
    void reproducesEveryProgramByteForByte() throws Exception {
        int compared = 0;
        Map<String, String> differences = new TreeMap<>();
        Set<String> faults = new TreeSet<>();
        for (JsonNode vector : vectors()) {
            SrsMode mode = mode(vector);
            if (mode == null || vector.get("note").textValue().contains("database")) {
                continue;
            }
            compared++;
            String input = vector.get("input").textValue();
            String expected = vector.get("output").isNull()
                            || vector.get("verdict").textValue().equals("unchanged")
                    ? null
                    : vector.get("output").textValue();
            Srs srs = srs(vector, mode);
            String found = vector.get("operation").textValue().equals("forward")
                    ? MailAddress.split(input)
                            .map(srs::forward)
                            .filter(SrsForwarding::isRewritten)
                            .map(forwarding -> forwarding.address().toString())
                            .orElse(null)
                    : srs.reverse(input).original().map(MailAddress::toString).orElse(null);
            if (!java.util.Objects.equals(found, expected)) {
                String name = vector.get("case").textValue();
                if (FAULTS.containsKey(name)) {
                    faults.add(name);
                } else {
                    differences.put(
                            vector.get("id").textValue() + " " + mode + " " + name,
                            input + " gives " + found + ", not " + expected);
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(compared).isGreaterThan(480);
        // A fault that is one no longer leaves the list.
        assertThat(faults).isEqualTo(new TreeSet<>(FAULTS.keySet()));
    }

    @Test
    void libsrsAltSignsAsMailSrs() throws Exception {
        int compared = 0;
        for (JsonNode vector : vectors()) {
            if (!vector.get("implementation").textValue().equals("libsrs_alt")
                    || !vector.get("operation").textValue().equals("forward")) {
                continue;
            }
            String name = vector.get("case").textValue();
            // It signs its own domain and its own addresses again, and splits inside quotes.
            if (name.startsWith("sender domain = SRS domain")
                    || name.startsWith("own SRS")
                    || name.equals("quoted with @")) {
                continue;
            }
            compared++;
            assertThat(srs(vector, SrsMode.MAIL_SRS)
                            .forward(MailAddress.split(vector.get("input").textValue())
                                    .orElseThrow())
                            .address()
                            .toString())
                    .as(name)
                    .isEqualTo(vector.get("output").textValue());
        }
        assertThat(compared).isGreaterThan(30);
    }

    @Test
    void rejectsAddressesOfOtherPrograms() throws Exception {
        for (JsonNode vector : vectors()) {
            if (!vector.get("operation").textValue().equals("reverse")) {
                continue;
            }
            Srs srs = Srs.builder()
                    .keyring(SrsKeyring.of(SecretKeys.of("tops3cret-example".getBytes(StandardCharsets.UTF_8))))
                    .domain("srs.example.net")
                    .clock(InstantSource.fixed(
                            Instant.ofEpochSecond(vector.get("time").longValue())))
                    .build();
            assertThat(srs.reverse(vector.get("input").textValue()).isValid()).isFalse();
        }
    }
}

package org.senderauth.dkim2;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.senderauth.core.Ascii;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.peers.ExternalTestData;

/** The cases of ../shared/vectors/dkim2, where they are present. */
class SharedVectorsTest {

    private record Case(JsonNode file, JsonNode data) {

        byte[] raw() {
            return Base64.getDecoder().decode(data.get("raw").textValue());
        }

        InstantSource clock() {
            return InstantSource.fixed(Instant.ofEpochSecond(data.get("now").longValue()));
        }

        List<String> recipients() {
            List<String> recipients = new ArrayList<>();
            JsonNode node = data.get("rcpt_to");
            if (node.isTextual()) {
                recipients.add(node.textValue());
            } else {
                node.forEach(recipient -> recipients.add(recipient.textValue()));
            }
            return recipients;
        }

        ZoneDnsClient dns() {
            StringBuilder zone = new StringBuilder();
            ZoneDnsClient.Builder builder = ZoneDnsClient.builder();
            file.get("dns").properties().forEach(entry -> {
                if (entry.getValue().isArray()) {
                    entry.getValue().forEach(record -> zone.append(line(entry.getKey(), record.textValue())));
                } else {
                    builder.trouble(DomainNames.of(entry.getKey()), Cause.TIMEOUT);
                }
            });
            return builder.text(zone.toString()).build();
        }

        private static String line(String name, String text) {
            StringBuilder line = new StringBuilder(name + ". 300 IN TXT");
            for (int i = 0; i < text.length(); i += 200) {
                line.append(" \"")
                        .append(text, i, Math.min(text.length(), i + 200))
                        .append('"');
            }
            return line.append('\n').toString();
        }

        @Override
        public String toString() {
            return data.get("name").textValue();
        }
    }

    private static Stream<Case> cases(String kind) throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String name : List.of("own.json", "turscar.json")) {
            JsonNode file = new ObjectMapper()
                    .readTree(ExternalTestData.file("vectors/dkim2/" + name).toFile());
            for (JsonNode data : file.get("cases")) {
                if (data.get("kind").textValue().equals(kind)) {
                    cases.add(new Case(file, data));
                }
            }
        }
        assertThat(cases).isNotEmpty();
        return cases.stream();
    }

    static Stream<Case> canonical() throws IOException {
        return cases("canonical");
    }

    static Stream<Case> message() throws IOException {
        return cases("message");
    }

    static Stream<Case> bounce() throws IOException {
        return cases("bounce");
    }

    @ParameterizedTest
    @MethodSource("canonical")
    void canonicalFormsAreByteExact(Case vector) throws Exception {
        WireMessage message = WireMessage.parse(vector.raw(), 0, vector.raw().length);
        for (HeaderList list : HeaderList.values()) {
            String since = list == HeaderList.SINCE_08 ? "08" : "05";
            byte[] input = MessageHash.headerInput(message, list);
            assertThat(new String(input, StandardCharsets.ISO_8859_1))
                    .isEqualTo(vector.data().get("header_input_" + since).textValue());
            assertThat(sha256(input))
                    .isEqualTo(vector.data().get("header_sha256_" + since).textValue());
        }
        assertThat(Base64Text.encode(MessageHash.body(message, MessageHash.HashAlgorithm.SHA256)))
                .isEqualTo(vector.data().get("body_sha256").textValue());
    }

    private static String sha256(byte[] input) throws Exception {
        return Base64Text.encode(MessageDigest.getInstance("SHA-256").digest(input));
    }

    @ParameterizedTest
    @MethodSource("message")
    void messagesHaveTheirState(Case vector) {
        Dkim2Result result = Dkim2Verifier.builder()
                .dns(vector.dns())
                .clock(vector.clock())
                .build()
                .verify(vector.raw(), vector.data().get("mail_from").textValue(), vector.recipients());
        String state = vector.data().get("state").textValue();
        // Recipes are not supported: a message that passes with its recipe is not determined, and never fails.
        boolean needsRecipe = state.equals("pass") && result.reason() == Dkim2Reason.RECIPE_NEEDED;
        assertThat(result.verdict().text()).as(result.toString()).isEqualTo(needsRecipe ? "not-determined" : state);
    }

    @ParameterizedTest
    @MethodSource("bounce")
    void bouncesHaveTheirVerdictAndReply(Case vector) {
        StringBuilder keys = new StringBuilder();
        vector.file()
                .get("our_keyring")
                .properties()
                .forEach(entry -> keys.append(entry.getKey())
                        .append(' ')
                        .append(entry.getValue().textValue())
                        .append('\n'));
        List<String> domains = new ArrayList<>();
        vector.file().get("our_domains").forEach(domain -> domains.add(domain.textValue()));
        Dkim2BounceResult result = Dkim2Bounces.builder()
                .ownKeys(OwnKeys.parse(keys.toString()))
                .domains(domains)
                .dns(vector.dns())
                .clock(vector.clock())
                .build()
                .verify(vector.raw(), vector.data().get("mail_from").textValue(), vector.recipients());
        assertThat(Ascii.text(result.verdict()))
                .as(result.toString())
                .isEqualTo(vector.data().get("verdict").textValue());
        String reply = result.verdict().isOurs()
                ? "accept"
                : result.smtpReply()
                        .map(found -> found.code() + " " + found.enhancedCode())
                        .orElse("other-evidence");
        assertThat(reply).isEqualTo(vector.data().get("reply").textValue());
    }
}

package org.senderauth.dkim2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class Dkim2BodyHasherTest {

    @Provide
    Arbitrary<String> bodies() {
        return Arbitraries.of("\r", "\n", "\r\n", "a", "bc", " ", ".")
                .list()
                .ofMaxSize(30)
                .map(List::toArray)
                .map(parts -> {
                    StringBuilder body = new StringBuilder();
                    for (Object part : parts) {
                        body.append(part);
                    }
                    return body.toString();
                });
    }

    @Property(tries = 500)
    void hashesBodyInPiecesAsOne(@ForAll("bodies") String body, @ForAll int split) throws MalformedMessageException {
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        byte[] message = ("From: a\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1);
        byte[] expected =
                MessageHash.body(WireMessage.parse(message, 0, message.length), MessageHash.HashAlgorithm.SHA256);
        Dkim2BodyHasher pieces = new Dkim2BodyHasher();
        int at = Math.floorMod(split, bytes.length + 1);
        pieces.update(bytes, 0, at);
        pieces.update(bytes, at, bytes.length - at);
        assertThat(pieces.hash()).isEqualTo(expected);
        Dkim2BodyHasher single = new Dkim2BodyHasher();
        for (int i = 0; i < bytes.length; i++) {
            single.update(bytes, i, 1);
        }
        assertThat(single.hash()).isEqualTo(expected);
    }

    @Test
    void signsHeaderAndHashedBodyAsWholeMessage() {
        byte[] header = "From: alice@example.org\r\nSubject: lunch\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] body = "Hello\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        byte[] message =
                "From: alice@example.org\r\nSubject: lunch\r\n\r\nHello\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        Dkim2SigningKey key = Dkim2SigningKey.of(
                "mail",
                "example.org",
                Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519).getPrivate());
        Dkim2Signer signer = Dkim2Signer.builder()
                .key(key)
                .clock(InstantSource.fixed(Instant.ofEpochSecond(1_782_000_000)))
                .build();
        Dkim2BodyHasher hasher = new Dkim2BodyHasher();
        hasher.update(body, 0, body.length);
        List<String> rcptTo = List.of("<bob@example.net>");
        assertThat(signer.trySign(header, hasher, "<alice@example.org>", rcptTo).header())
                .isEqualTo(
                        signer.trySign(message, "<alice@example.org>", rcptTo).header())
                .isPresent();
        assertThat(signer.domain()).isEqualTo("example.org");
    }
}

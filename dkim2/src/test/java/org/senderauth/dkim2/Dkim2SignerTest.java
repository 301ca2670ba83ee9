package org.senderauth.dkim2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.senderauth.dkim2.TestKeys.MESSAGE;
import static org.senderauth.dkim2.TestKeys.RECIPIENT;
import static org.senderauth.dkim2.TestKeys.SENDER;
import static org.senderauth.dkim2.TestKeys.bytes;
import static org.senderauth.dkim2.TestKeys.signer;
import static org.senderauth.dkim2.TestKeys.verifier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.SecretFiles;

class Dkim2SignerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"<bounce@example.org>", "bounce@mail.Example.org", "<>", "", "<prvs=1234abcdef=a@example.org>"})
    void signedMessageVerifies(String sender) {
        byte[] message =
                signer().trySign(bytes(MESSAGE), sender, List.of(RECIPIENT)).prependTo(bytes(MESSAGE));
        assertThat(verifier()
                        .build()
                        .verify(message, sender, List.of(RECIPIENT))
                        .isPass())
                .isTrue();
    }

    @Test
    void signsOnlyHeadersThatVerifiersRead() {
        String field = "X-Long: " + "x".repeat(Dkim2Signer.MAX_HEADER_BYTES) + "\r\n";
        assertThat(signer().trySign(bytes(field + MESSAGE), SENDER, List.of(RECIPIENT))
                        .isSigned())
                .isFalse();
    }

    @Test
    void twoKeysSignBoth() {
        byte[] message = Dkim2Signer.builder()
                .key(Dkim2SigningKey.of("e1", "example.org", TestKeys.OURS.getPrivate()))
                .key(Dkim2SigningKey.of("r1", "example.org", TestKeys.OURS_RSA.getPrivate()))
                .clock(InstantSource.fixed(Instant.ofEpochSecond(TestKeys.TIME)))
                .build()
                .trySign(bytes(MESSAGE), SENDER, List.of(RECIPIENT))
                .prependTo(bytes(MESSAGE));
        Dkim2Result result = TestKeys.verify(message);
        assertThat(result.isPass()).as(result.toString()).isTrue();
        assertThat(result.queries()).isEqualTo(2);
    }

    @Test
    void linesAreShort() {
        List<String> recipients = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            recipients.add("<" + "r".repeat(60) + i + "@example.net>");
        }
        Dkim2SigningResult result = signer().trySign(bytes(MESSAGE), SENDER, recipients);
        assertThat(result.header().orElseThrow().split("\r\n")).allMatch(line -> line.length() <= 100);
        assertThat(verifier()
                        .build()
                        .verify(result.prependTo(bytes(MESSAGE)), SENDER, recipients)
                        .isPass())
                .isTrue();
    }

    @Test
    void recipientsBeyondMaximumAreNotSigned() {
        List<String> recipients = new ArrayList<>(java.util.Collections.nCopies(1001, RECIPIENT));
        assertThat(signer().trySign(bytes(MESSAGE), SENDER, recipients).outcome())
                .isEqualTo(Dkim2SigningResult.Outcome.UNUSABLE_ENVELOPE);
        List<String> large = java.util.Collections.nCopies(900, "<" + "r".repeat(64) + "@example.net>");
        assertThat(signer().trySign(bytes(MESSAGE), SENDER, large).outcome())
                .isEqualTo(Dkim2SigningResult.Outcome.UNUSABLE_ENVELOPE);
    }

    @ParameterizedTest
    @CsvSource({
        "<a@example.com>,<b@example.net>,OTHER_DOMAIN",
        "<a@notexample.org>,<b@example.net>,OTHER_DOMAIN",
        "<a@example.org,<b@example.net>,UNUSABLE_ENVELOPE",
        "<a@example.org>,<>,UNUSABLE_ENVELOPE",
        "<a@example.org>,<@example.net>,UNUSABLE_ENVELOPE",
    })
    void unusableEnvelopeIsNotSigned(String from, String to, Dkim2SigningResult.Outcome outcome) {
        Dkim2SigningResult result = signer().trySign(bytes(MESSAGE), from, List.of(to));
        assertThat(result.outcome()).isEqualTo(outcome);
        assertThat(result.header()).isEmpty();
        assertThat(result.prependTo(bytes(MESSAGE))).isEqualTo(bytes(MESSAGE));
    }

    @ParameterizedTest
    @CsvSource({
        "<bob@b\u00fccher.example>, SIGNED",
        "<BOB@XN--BCHER-KVA.example.>, SIGNED",
        "<eve@b\u00fccher.example>, HIDDEN_RECIPIENTS",
    })
    void visibleRecipientIsOneInEachSpelling(String recipient, Dkim2SigningResult.Outcome outcome) {
        Dkim2Signers signers = Dkim2Signers.of(List.of(signer()), Dkim2Signers.HiddenRecipients.UNSIGNED);
        String header = "From: alice@example.org\r\nTo: Bob <bob@b\u00fccher.example>, bob@example.net\r\n\r\n";
        byte[] octets = header.getBytes(StandardCharsets.UTF_8);
        assertThat(signers.trySign(octets, new Dkim2BodyHasher(), SENDER, List.of(recipient, RECIPIENT))
                        .outcome())
                .isEqualTo(outcome);
    }

    @Test
    void signedOrMalformedMessageIsNotSigned() {
        assertThat(signer().trySign(bytes(TestKeys.ourMessage()), SENDER, List.of(RECIPIENT))
                        .outcome())
                .isEqualTo(Dkim2SigningResult.Outcome.ALREADY_SIGNED);
        assertThat(signer().trySign(bytes("no field\r\n" + MESSAGE), SENDER, List.of(RECIPIENT))
                        .outcome())
                .isEqualTo(Dkim2SigningResult.Outcome.MALFORMED_MESSAGE);
    }

    @ParameterizedTest
    @CsvSource({"RSA", "ED25519"})
    void keyFileIsReadBack(Dkim2SigningKey.Type type, @TempDir Path folder) throws IOException {
        var pair = Dkim2SigningKey.generate(type);
        Path file = folder.resolve("key.pem");
        SecretFiles.create(file, Dkim2SigningKey.pem(pair.getPrivate()).getBytes(StandardCharsets.US_ASCII));
        Dkim2SigningKey key = Dkim2SigningKey.read("mail", "Example.org", file);
        assertThat(key).hasToString("mail._domainkey.example.org");
        OwnKeys keys = OwnKeys.parse(key + " " + Dkim2SigningKey.record(pair.getPublic()));
        byte[] message = Dkim2Signer.builder()
                .key(key)
                .build()
                .trySign(bytes(MESSAGE), SENDER, List.of(RECIPIENT))
                .prependTo(bytes(MESSAGE));
        assertThat(Dkim2Bounces.builder()
                        .ownKeys(keys)
                        .build()
                        .verify(ReturnedMessage.whole(message), SENDER)
                        .verdict())
                .isEqualTo(Dkim2BounceVerdict.OURS_UNSIGNED_REPORT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "-----BEGIN PRIVATE KEY-----\nYWJj\n-----END PRIVATE KEY-----\n"})
    void fileWithoutKeyIsReportedWithoutItsContent(String text, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("key.pem");
        SecretFiles.create(file, text.getBytes(StandardCharsets.US_ASCII));
        org.assertj.core.api.Assertions.assertThatIOException()
                .isThrownBy(() -> Dkim2SigningKey.read("mail", "example.org", file))
                .withMessageStartingWith(file + ": not a")
                .withMessageNotContaining("YWJj");
    }

    @Test
    void weakOrForeignKeyIsRefused() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(1024);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dkim2SigningKey.of(
                        "a", "example.org", rsa.generateKeyPair().getPrivate()))
                .withMessage("key must have 2048 to 8192 bits, was 1024");
        KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Dkim2SigningKey.of(
                        "a", "example.org", ec.generateKeyPair().getPrivate()));
    }

    @Test
    void keysOfOneSignerShareDomain() {
        Dkim2Signer.Builder builder =
                Dkim2Signer.builder().key(Dkim2SigningKey.of("e1", "example.org", TestKeys.OURS.getPrivate()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.key(Dkim2SigningKey.of("r1", "example.com", TestKeys.OURS_RSA.getPrivate())));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.key(Dkim2SigningKey.of("e2", "example.org", TestKeys.OTHER.getPrivate())));
    }
}

package org.senderauth.milter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.core.HeaderText;
import org.senderauth.dkim2.Dkim2BodyHasher;
import org.senderauth.dkim2.Dkim2Signer;
import org.senderauth.dkim2.Dkim2Signers;
import org.senderauth.dkim2.Dkim2Signers.HiddenRecipients;
import org.senderauth.dkim2.Dkim2SigningKey;

class MessageSignerTest {

    private static final KeyPair KEYS = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);

    private static MessageSigner signer(HiddenRecipients hidden) {
        return new MessageSigner(Dkim2Signers.of(List.of(signer("example.org"), signer("sub.example.org")), hidden));
    }

    private static Dkim2Signer signer(String domain) {
        return Dkim2Signer.builder()
                .key(Dkim2SigningKey.of("mail", domain, KEYS.getPrivate()))
                .build();
    }

    private static List<MessageSigner.Field> sign(MessageSigner signer, String header, String... recipients) {
        return signer.sign(
                header.getBytes(StandardCharsets.ISO_8859_1),
                new Dkim2BodyHasher(),
                "alice@example.org",
                List.of(recipients));
    }

    @Test
    void fieldsAreFoldedAsMiltersFoldThem() {
        List<MessageSigner.Field> fields =
                sign(signer(HiddenRecipients.UNSIGNED), "From: a\r\n\r\n", "bob@example.net");
        assertThat(fields).extracting(MessageSigner.Field::name).containsExactly("DKIM2-Signature", "Message-Instance");
        assertThat(fields).allMatch(field -> HeaderText.isFieldBody(field.value()));
    }

    @ParameterizedTest
    @CsvSource({
        "alice@example.org, d=example.org;",
        "alice@Example.ORG, d=example.org;",
        "alice@a.example.org, d=example.org;",
        "alice@sub.example.org, d=sub.example.org;",
        "alice@x.sub.example.org, d=sub.example.org;"
    })
    void signsWithTheClosestDomain(String sender, String domain) {
        MessageSigner signer = signer(HiddenRecipients.UNSIGNED);
        assertThat(signer.signs(sender)).isTrue();
        assertThat(signer.sign(
                                "From: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                                new Dkim2BodyHasher(),
                                sender,
                                List.of("bob@example.net"))
                        .get(0)
                        .value())
                .contains(domain);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "alice", "alice@example.net", "alice@notexample.org", "alice@org"})
    void neverSignsForOtherDomains(String sender) {
        assertThat(signer(HiddenRecipients.LIST).signs(sender)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "To: bob@example.net, carol@example.net | true",
                "to: Bob <BOB@example.net>\\r\\nCC: carol@example.net (Carol) | true",
                "To: bob@example.net,\\r\\n\\tcarol@example.net | true",
                "Resent-To: bob@example.net\\r\\nResent-Cc: carol@example.net | true",
                "To: bob@example.net | false",
                "To: bob@example.net\\r\\nBcc: carol@example.net | false",
                "To: bob@example.net\\r\\nSubject: To: carol@example.net | false",
                "To: bob@example.net, xcarol@example.net, carol@example.net.example | false",
            })
    void signsOnlyForRecipientsThatAllSee(String header, boolean signed) {
        String text = header.replace("\\r\\n", "\r\n").replace("\\t", "\t") + "\r\n\r\nTo: carol@example.net\r\n";
        String[] both = {"bob@example.net", "carol@example.net"};
        assertThat(sign(signer(HiddenRecipients.UNSIGNED), text, both)).hasSize(signed ? 2 : 0);
        assertThat(sign(signer(HiddenRecipients.LIST), text, both)).hasSize(2);
    }

    @Test
    void neverSignsHeaderThatWasNotKeptWhole() {
        assertThat(sign(signer(HiddenRecipients.LIST), "From: a\r\nX: " + "x".repeat(100_000), "bob@example.net"))
                .isEmpty();
    }

    @Test
    void hostileHeaderCostsNoStack() {
        String folds = "To: a" + "\r\n @".repeat(20_000) + "\r\n\r\n";
        assertThat(sign(signer(HiddenRecipients.UNSIGNED), folds, "bob@example.net", "carol@example.net"))
                .isEmpty();
    }
}

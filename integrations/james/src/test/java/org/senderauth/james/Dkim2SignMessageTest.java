package org.senderauth.james;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.senderauth.james.Mails.withText;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.List;
import java.util.Properties;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.apache.james.server.core.MailImpl;
import org.apache.mailet.AttributeName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dkim2.Dkim2Signer;
import org.senderauth.dkim2.Dkim2Signers;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dkim2.Dkim2Verdict;
import org.senderauth.dkim2.Dkim2Verifier;
import org.senderauth.dns.ZoneDnsClient;

class Dkim2SignMessageTest {

    private static final String MESSAGE = """
            Received: from client.example.org by mx.example.org
            Subject: lunch
            To: bob@example.net
            From: alice@example.org

            Hello

            """.replace("\n", "\r\n");
    private static final KeyPair KEYS = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);
    private static final Dkim2Signer SIGNER = Dkim2Signer.builder()
            .key(Dkim2SigningKey.of("mail", "example.org", KEYS.getPrivate()))
            .clock(Policies.CLOCK)
            .build();
    private static final Dkim2SignMessage MAILET =
            new Dkim2SignMessage(Dkim2Signers.of(List.of(SIGNER), Dkim2Signers.HiddenRecipients.UNSIGNED));
    private static final Dkim2Verifier VERIFIER = Dkim2Verifier.builder()
            .clock(Policies.CLOCK)
            .dns(ZoneDnsClient.builder()
                    .text("mail._domainkey.example.org. 300 IN TXT \"" + Dkim2SigningKey.record(KEYS.getPublic())
                            + "\"")
                    .build())
            .build();

    /** The message as James's client sends it: without these fields, and with CRLF newlines. */
    private static String sent(MailImpl mail) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        mail.getMessage().writeTo(out, new String[] {"Bcc", "Content-Length"});
        return out.toString(StandardCharsets.ISO_8859_1).replaceAll("\r\n?|\n", "\r\n");
    }

    private static Dkim2Verdict verify(MailImpl mail) throws Exception {
        String sender = "<" + mail.getMaybeSender().asString("") + ">";
        List<String> recipients = mail.getRecipients().stream()
                .map(to -> "<" + to.asString() + ">")
                .toList();
        return VERIFIER.verify(sent(mail).getBytes(StandardCharsets.ISO_8859_1), sender, recipients)
                .verdict();
    }

    private static String outcome(MailImpl mail) {
        return mail.getAttribute(AttributeName.of(Dkim2SignMessage.OUTCOME))
                .map(attribute -> (String) attribute.getValue().value())
                .orElse("");
    }

    @Test
    void signsTheTaggedSenderAboveTheFieldsOfTheMessage() throws Exception {
        MailImpl mail = withText(MESSAGE, "alice@example.org", "bob@example.net");
        new BatvSignSender(Policies.BATV).service(mail);
        MAILET.service(mail);
        assertThat(outcome(mail)).isEqualTo("signed");
        assertThat(mail.getMaybeSender().asString()).isEqualTo(Policies.TAGGED);
        assertThat(verify(mail)).isEqualTo(Dkim2Verdict.PASS);
        assertThat(sent(mail)).endsWith(MESSAGE.substring(MESSAGE.indexOf("\r\n\r\n")));
        // James itself may write above them.
        assertThat(sent(mail).indexOf("DKIM2-Signature: i=1;")).isNotNegative();
        assertThat(sent(mail).indexOf("Message-Instance: m=1;"))
                .isGreaterThan(sent(mail).indexOf("DKIM2-Signature"))
                .isLessThan(sent(mail).indexOf("Received"));
        mail.dispose();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: a@example.org\\n\\nnewlines of a file\\n",
                "From: a@example.org\\nX: folded\\n\\tfield\\n\\n\\n\\nempty lines\\n\\n\\n",
                "From: a@example.org\\r\\n\\r\\nmixed\\rnewlines\\n\\r\\nat the end\\r",
                "From: a@example.org\\r\\n\\r\\n",
                "From: a@example.org\\r\\nBcc: hidden@example.com\\r\\nContent-Length: 1\\r\\n\\r\\nx",
                "From: a@example.org\\r\\nContent-Type: text/plain; charset=utf-8\\r\\n\\r\\n8 bits: ü\\r\\n",
                "From: a@example.org\\r\\nContent-Transfer-Encoding: base64\\r\\n\\r\\naGVsbG8=\\r\\n",
                "From: a@example.org\\r\\nMIME-Version: 1.0\\r\\nContent-Type: multipart/mixed; boundary=b\\r\\n\\r\\n"
                        + "--b\\r\\n\\r\\ntext\\r\\n--b--\\r\\n",
            })
    void signatureVerifiesOverWhatIsSent(String text) throws Exception {
        MailImpl mail = withText(text.translateEscapes(), "alice@example.org", "bob@example.net");
        MAILET.service(mail);
        assertThat(verify(mail)).isEqualTo(Dkim2Verdict.PASS);
        mail.dispose();
    }

    @ParameterizedTest
    @CsvSource({
        "alice@example.net, ''",
        "'', ''",
        "alice@notexample.org, ''",
        "alice@sub.example.org, signed",
    })
    void signsOnlyForDomainsWithKey(String sender, String outcome) throws Exception {
        MailImpl mail = withText(MESSAGE, sender, "bob@example.net");
        MAILET.service(mail);
        assertThat(outcome(mail)).isEqualTo(outcome);
        assertThat(sent(mail).contains("DKIM2-Signature")).isEqualTo(outcome.equals("signed"));
        mail.dispose();
    }

    @Test
    void neverShowsHiddenRecipientUnlessTold() throws Exception {
        MailImpl mail = withText(MESSAGE, "alice@example.org", "bob@example.net", "carol@example.net");
        MAILET.service(mail);
        assertThat(outcome(mail)).isEqualTo("hidden-recipients");
        assertThat(sent(mail)).doesNotContain("DKIM2-Signature");
        new Dkim2SignMessage(Dkim2Signers.of(List.of(SIGNER), Dkim2Signers.HiddenRecipients.LIST)).service(mail);
        assertThat(outcome(mail)).isEqualTo("signed");
        assertThat(verify(mail)).isEqualTo(Dkim2Verdict.PASS);
        mail.dispose();
    }

    @Test
    void signsMessageOfVeryManyFields() throws Exception {
        MailImpl mail = withText("A: b\r\n".repeat(30_000) + MESSAGE, "alice@example.org", "bob@example.net");
        MAILET.service(mail);
        assertThat(outcome(mail)).isEqualTo("signed");
        assertThat(verify(mail)).isEqualTo(Dkim2Verdict.PASS);
        mail.dispose();
    }

    @Test
    void signsOnce() throws Exception {
        MailImpl mail = withText(MESSAGE, "alice@example.org", "bob@example.net");
        MAILET.service(mail);
        String once = sent(mail);
        MAILET.service(mail);
        assertThat(outcome(mail)).isEqualTo("already-signed");
        assertThat(sent(mail)).isEqualTo(once);
        mail.dispose();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\r\n x"})
    void neverSignsHeaderThatIsTooLarge(String filler) throws Exception {
        String large = "X: " + filler.repeat((256 << 10) / filler.length()) + "\r\n" + MESSAGE;
        MailImpl mail = withText(large, "alice@example.org", "bob@example.net");
        MAILET.service(mail);
        assertThat(outcome(mail)).isEqualTo("malformed-message");
        mail.dispose();
    }

    @Test
    void throwsIfTheMessageCannotBeRead() throws Exception {
        MailImpl none = MailImpl.builder()
                .name("mail")
                .sender("alice@example.org")
                .addRecipient("bob@example.net")
                .build();
        assertThatIllegalStateException().isThrownBy(() -> MAILET.service(none));
        none.dispose();
        MailImpl broken = MailImpl.builder()
                .name("mail")
                .sender("alice@example.org")
                .addRecipient("bob@example.net")
                .build();
        broken.setMessageNoCopy(
                new org.apache.james.server.core.MimeMessageWrapper(
                        new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(new byte[0]))) {
                    @Override
                    public void writeTo(OutputStream out, String[] ignored) throws IOException {
                        throw new IOException("disk");
                    }
                });
        assertThatIllegalStateException()
                .isThrownBy(() -> MAILET.service(broken))
                .withRootCauseInstanceOf(IOException.class);
        broken.dispose();
    }
}

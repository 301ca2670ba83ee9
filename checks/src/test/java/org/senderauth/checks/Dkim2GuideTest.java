package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.SecretFiles;
import org.senderauth.dkim2.Dkim2BounceResult;
import org.senderauth.dkim2.Dkim2BounceVerdict;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dkim2.Dkim2Signer;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dkim2.Dkim2SigningResult;
import org.senderauth.dkim2.OwnKeys;

/** The Java examples of docs/dkim2.md. */
class Dkim2GuideTest {

    private final List<Dkim2BounceResult> accepted = new ArrayList<>();

    private void accept(Dkim2BounceResult result) {
        accepted.add(result);
    }

    @Test
    void examplesSignMailAndAcceptItsBounce(@TempDir Path folder) throws IOException {
        KeyPair pair = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);
        Path keyFile = folder.resolve("mail.pem");
        SecretFiles.create(keyFile, Dkim2SigningKey.pem(pair.getPrivate()).getBytes(StandardCharsets.US_ASCII));
        byte[] message = "From: alice@example.org\r\n\r\nHello\r\n".getBytes(StandardCharsets.US_ASCII);

        Dkim2Signer signer = Dkim2Signer.builder()
                .key(Dkim2SigningKey.read("mail", "example.org", keyFile))
                .build();
        Dkim2SigningResult signing = signer.trySign(message, "<alice@example.org>", List.of("<bob@example.net>"));
        byte[] signed = signing.prependTo(message);

        String lines = "mail._domainkey.example.org " + Dkim2SigningKey.record(pair.getPublic());
        byte[] report = ("Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n"
                        + "Content-Type: message/rfc822\r\n\r\n"
                        + new String(signed, StandardCharsets.US_ASCII)
                        + "\r\n--b--\r\n")
                .getBytes(StandardCharsets.US_ASCII);

        Dkim2Bounces bounces =
                Dkim2Bounces.builder().ownKeys(OwnKeys.parse(lines)).build();
        Dkim2BounceResult result = bounces.verify(report, "<>", List.of("<alice@example.org>"));
        if (result.verdict().isOurs()) {
            accept(result);
        }

        assertThat(accepted)
                .singleElement()
                .satisfies(found -> assertThat(found.verdict()).isEqualTo(Dkim2BounceVerdict.OURS_UNSIGNED_REPORT));
    }

    @Test
    void guideShowsTheseExamples() throws IOException {
        GuideExamples.assertShown("dkim2.md", Dkim2GuideTest.class, 2);
    }
}

package org.senderauth.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.Provider;
import java.security.Security;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.dkim2.Dkim2Bounces;
import org.senderauth.dkim2.Dkim2Signer;
import org.senderauth.dkim2.Dkim2SigningKey;
import org.senderauth.dkim2.OwnKeys;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKey;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.VerificationPurpose;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsKeyring;

/** An application that made Bouncy Castle the first provider of the JVM gets the same signatures from every defense. */
class BouncyCastleFirstTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-06-15T12:00:00Z"));
    private static final MailAddress ALICE = MailAddress.of("alice@example.org");
    private static final byte[] KEY = "a key of the test, 28 octets".getBytes(StandardCharsets.US_ASCII);
    private static final String MAIL =
            "From: alice@example.org\r\nTo: bob@example.net\r\nSubject: lunch\r\n\r\nHello\r\n";
    private static final KeyPair ED25519 = Dkim2SigningKey.generate(Dkim2SigningKey.Type.ED25519);
    private static final KeyPair RSA = Dkim2SigningKey.generate(Dkim2SigningKey.Type.RSA);

    @Test
    void everyDefenseMakesTheSameSignatures() throws Exception {
        Map<String, String> jdk = signatures();
        Provider first = new BouncyCastleProvider();
        assertThat(Security.insertProviderAt(first, 1)).isEqualTo(1);
        try {
            assertThat(Mac.getInstance("HmacSHA1").getProvider()).isSameAs(first);
            assertThat(signatures()).isEqualTo(jdk);
            for (Dkim2SigningKey.Type type : Dkim2SigningKey.Type.values()) {
                assertThat(dkim2(Dkim2SigningKey.generate(type))).contains("DKIM2-Signature:");
            }
        } finally {
            Security.removeProvider(first.getName());
        }
    }

    private static Map<String, String> signatures() {
        return Map.of(
                "batv", batv(BatvKeyring.of(SecretKeys.of(KEY))),
                "batv, derived", batv(BatvKeyring.of(SecretKeys.derive(SecretKeys.of(KEY), "batv", "example.org"))),
                "ses", ses(),
                "srs", srs(),
                "dkim2, ed25519", dkim2(ED25519),
                "dkim2, rsa", dkim2(RSA));
    }

    private static String batv(BatvKeyring keys) {
        Batv batv = Batv.builder().keyring(keys).clock(CLOCK).build();
        String signed = batv.sign(ALICE).toString();
        assertThat(batv.verify(signed).isValid()).isTrue();
        return signed;
    }

    private static String ses() {
        Ses ses = Ses.builder()
                .keyring(SesKeyring.builder()
                        .add("example.org", SesKey.of(SecretKeys.of(KEY)))
                        .build())
                .serialNumbers(timecode -> 7)
                .clock(CLOCK)
                .build();
        String signed = ses.sign(ALICE).toString();
        assertThat(ses.verify(signed, VerificationPurpose.PUBLIC).isValid()).isTrue();
        return signed;
    }

    private static String srs() {
        Srs srs = Srs.builder()
                .keyring(SrsKeyring.of(SecretKeys.of(KEY)))
                .domain("srs.example.net")
                .clock(CLOCK)
                .build();
        String forwarded = srs.forward(ALICE).address().toString();
        assertThat(srs.reverse(forwarded).isValid()).isTrue();
        return forwarded;
    }

    /** The signed header; the signature is verified over the message that a bounce returns. */
    private static String dkim2(KeyPair pair) {
        String header = Dkim2Signer.builder()
                .key(Dkim2SigningKey.of("mail", "example.org", pair.getPrivate()))
                .clock(CLOCK)
                .build()
                .trySign(MAIL.getBytes(StandardCharsets.US_ASCII), "<alice@example.org>", List.of("<bob@example.net>"))
                .header()
                .orElseThrow();
        Dkim2Bounces bounces = Dkim2Bounces.builder()
                .ownKeys(OwnKeys.builder()
                        .key("mail", "example.org", pair.getPublic())
                        .build())
                .clock(CLOCK)
                .build();
        String bounce = "From: MAILER-DAEMON@example.net\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
                + "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
                + "Final-Recipient: rfc822; bob@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n"
                + "--b\r\nContent-Type: message/rfc822\r\n\r\n" + header + MAIL + "\r\n--b--\r\n";
        var result = bounces.verify(bounce.getBytes(StandardCharsets.US_ASCII), "<>", List.of("<alice@example.org>"));
        assertThat(result.verdict().isOurs()).as(result.detail()).isTrue();
        return header;
    }
}

package org.senderauth.dkim2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.KeyPairGenerator;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.dns.ZoneDnsClient;

/** Key records: those of DKIM1, read strictly. */
class KeyRecordTest {

    private static final String KEY = "g9HPGhA/uTt1uIXpOHI80sPe2pEW+bKjLCifaYzy/aU=";

    private static String problem(String record) {
        try {
            KeyRecord.parse(record.replace("KEY", KEY));
            return "";
        } catch (MalformedMessageException e) {
            return e.text();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v=DKIM1; k=ed25519; p=KEY                   |
            v=DKIM1;k=ed25519;p=KEY;                    |
            k=ed25519; p=KEY                            |
            v = DKIM1 ; k = ed25519 ; p = KEY           |
            v=DKIM1; k=ed25519; h=sha1; s=x; t=y; n=note=; x=y; p=KEY |
            k=ed25519; v=DKIM1; p=KEY                   | has a syntax error
            v=DKIM2; k=ed25519; p=KEY                   | has a syntax error
            v=dkim1; k=ed25519; p=KEY                   | has a syntax error
            V=DKIM2; k=ed25519; p=KEY                   |
            k=ed25519; P=KEY                            | has a syntax error
            k=ed25519; p=; p=KEY                        | has a syntax error
            k=ed25519; p=                               | has been revoked
            k=ed25519                                   | has a syntax error
            k=ed25519; p=KEYA                           | has a syntax error
            k=ed25519; p=YWJj                           | has a syntax error
            k=rsa; p=KEY                                | has a syntax error
            p=KEY                                       | has a syntax error
            k=ml-dsa-44; p=KEY                          | is of an unknown type
            k=ED25519; p=KEY                            | is of an unknown type
            ''                                          | has a syntax error
            v=spf1 -all                                 | has a syntax error
            """)
    void recordIsReadStrictly(String record, String expected) {
        assertThat(problem(record)).isEqualTo(expected == null ? "" : expected);
    }

    @Test
    void rsaKeyIsReadInBothForms() throws Exception {
        for (int bits : new int[] {1024, 2048, 4096}) {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            byte[] spki = generator.generateKeyPair().getPublic().getEncoded();
            int bare = spki.length - (bits == 1024 ? 140 : bits == 2048 ? 270 : 526);
            byte[] pkcs1 = java.util.Arrays.copyOfRange(spki, bare, spki.length);
            KeyRecord full = KeyRecord.parse("p=" + Base64.getEncoder().encodeToString(spki));
            assertThat(KeyRecord.parse("p=" + Base64.getEncoder().encodeToString(pkcs1)))
                    .isEqualTo(full);
        }
    }

    @Test
    void weakRsaKeyIsUnusable() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(768);
        assertThat(problem("p="
                        + Base64.getEncoder()
                                .encodeToString(
                                        generator.generateKeyPair().getPublic().getEncoded())))
                .isEqualTo("has an unusable size or exponent");
        generator.initialize(new RSAKeyGenParameterSpec(1024, RSAKeyGenParameterSpec.F0));
        assertThat(problem("p="
                        + Base64.getEncoder()
                                .encodeToString(
                                        generator.generateKeyPair().getPublic().getEncoded())))
                .isEqualTo("has an unusable size or exponent");
    }

    @Test
    void twoRecordsAreAnErrorEvenIfEqual() {
        String record = Dkim2SigningKey.record(TestKeys.OURS.getPublic());
        String zone = TestKeys.zoneLine("e1._domainkey.example.org", record)
                + TestKeys.zoneLine("e1._domainkey.example.org", record + ";");
        Dkim2Result result = TestKeys.verifier()
                .dns(ZoneDnsClient.builder().text(zone).build())
                .build()
                .verify(TestKeys.bytes(TestKeys.ourMessage()), TestKeys.SENDER, java.util.List.of(TestKeys.RECIPIENT));
        assertThat(result.detail()).isEqualTo("DKIM2-Signature i=1 public key e1 has multiple records");
    }

    @Test
    void ownKeysAreReadFromLines() {
        OwnKeys keys = OwnKeys.parse("# ours\n\nMail._domainkey.Example.ORG\tv=DKIM1; k=ed25519; p=" + KEY + "\r\n");
        assertThat(keys.find("mail", "example.org")).isPresent();
        assertThat(keys.domains()).containsExactly("example.org");
        assertThat(keys.size()).isEqualTo(1);
    }

    @Test
    void ownKeysAreOfInternationalDomains() throws Exception {
        OwnKeys keys = OwnKeys.builder()
                .key("mail", "B\u00dcCHER.example", TestKeys.OURS.getPublic())
                .build();
        assertThat(keys.find("mail", "xn--bcher-kva.example")).isPresent();
        assertThat(keys.domains()).containsExactly("xn--bcher-kva.example");
    }

    @ParameterizedTest
    @CsvSource({
        "mail.example.org p=x,line 1: name must be SELECTOR._domainkey.DOMAIN",
        "a._domainkey.example.org,line 1: a._domainkey.example.org: the key record has a syntax error",
        "a._domainkey.example.org k=ed25519; p=,line 1: a._domainkey.example.org: the key record has been revoked",
    })
    void badLineOfOwnKeysIsReported(String line, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OwnKeys.parse(line))
                .withMessageStartingWith(message);
    }
}

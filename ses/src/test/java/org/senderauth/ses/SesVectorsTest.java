package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.core.SecretKeys;

/** Signatures that pysrs 1.0.4 made ({@code SES/ses.py}), and what becomes of some that it should not accept. */
class SesVectorsTest {

    private static SesKey key(String secret, int hashBits, int fractionBits, int expirationDays) {
        return SesKey.of(
                SecretKeys.ofWeak(secret.getBytes(StandardCharsets.UTF_8)),
                SesAlgorithm.HMAC_SHA1,
                new SesLayout(hashBits, fractionBits, expirationDays));
    }

    private static List<SesKey> keys(String secrets) {
        return Arrays.stream(secrets.split(" "))
                .map(secret -> key(secret, 80, 2, 10))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        // secret, timecode, message id, hash bits, fraction bits, days, address, signed local part
        "shhh!, 60000, 1, 80, 2, 10, mickey@Mouse.com, SES=FYCPOHK4AEYB28T8O=mickey",
        "shhh!, 60000, 1, 80, 2, 10, alice@example.com, SES=FZL8-J65IZ_GHGTQS=alice",
        "shhh!, 60000, 37, 80, 2, 10, alice@example.com, SES=EA-KSX792H_PTDQK0F=alice",
        "shhh!, 60000, 12345657423784, 80, 2, 10, alice@example.com, SES=LXYQGF-M8-REKKGCMPKA43IHP=alice",
        "shhh!, 60000, 1, 80, 2, 10, Alice@Example.COM, SES=FYB4P5I2HLHMP_VQ1=Alice",
        "shhh!, 60001, 1, 80, 2, 10, alice@example.com, SES=F0Q13_QFPSC3QSTV4=alice",
        "new, 60000, 1, 80, 2, 10, alice@example.com, SES=FZSHL-O96N9F-7BGH=alice",
        "shhh!, 60000, 1, 40, 2, 10, alice@example.com, SES=WPP1LY9-O=alice",
        "shhh!, 60000, 1, 64, 2, 10, alice@example.com, SES=E2KVLW8ZMH-WH4=alice",
        "shhh!, 60000, 1, 128, 2, 10, alice@example.com, SES=JY5NSZXPA7UPXQWPOXGEWTX6WE=alice",
        "shhh!, 60000, 1, 160, 2, 10, alice@example.com, SES=N3J7FM5S2I171XZ0YROGXI0XHCOEPOBH=alice",
        "shhh!, 15000, 1, 80, 0, 10, alice@example.com, SES=BC2IQ4P5I09R_0H4N=alice",
        "shhh!, 60000, 1, 80, 2, 3, alice@example.com, SES=DBZYHUD5VC7YSHA8K=alice",
        "shhh!, 60000, 1, 80, 2, 30, alice@example.com, SES=L4XN7Y5HLG2F-8_7I=alice",
        "shhh!, 60000, 1, 80, 2, 31, alice@example.com, SES=VH6V_Q6J5XYIDCU5U=alice",
        "shhh!, 60000, 1, 80, 2, 10, a=b@example.com, SES=FY7E1T72T0Z_6Z6UB=a=b",
        "shhh!, 60000, 1, 80, 2, 10, josé@example.com, SES=FX8RJH9ARS4LZPLHQ=josé",
    })
    void signsAsPysrs(
            String secret, long timecode, long id, int bits, int fraction, int days, String address, String signed) {
        int at = address.indexOf('@');
        SesKey key = key(secret, bits, fraction, days);
        String local = address.substring(0, at);
        String domain = address.substring(at + 1);
        assertThat(SesCodec.sign(key, timecode, id, local, domain)).isEqualTo(signed);
        SignatureCheck.Claims check = check(
                List.of(key), signed + "@" + domain, timecode * key.layout().unitSeconds(), 0, false);
        assertThat(check.verdict()).isEqualTo(SesVerdict.VALID);
        assertThat(check.timecode()).isEqualTo(timecode);
        assertThat(check.serialNumber()).isEqualTo(id);
        assertThat(check.localPart()).isEqualTo(local);
    }

    @ParameterizedTest
    @CsvSource({
        "1, alice@example.com, SES=IE1SLUT57Z3HB3EXN=alice",
        "12345678, mickey@Mouse.com, SES=YI70XJM6RXQ_YEER1_AHI=mickey",
    })
    void signsFixedAsPysrs(long id, String address, String signed) {
        int at = address.indexOf('@');
        assertThat(SesCodec.signFixed(key("shhh!", 80, 2, 10), id, address.substring(0, at), address.substring(at + 1)))
                .isEqualTo(signed);
    }

    @ParameterizedTest
    @CsvSource({
        "shhh!, SES=FZL8-J65IZ_GHGTQS=alice@example.com, 60000, 0, VALID, alice",
        "shhh!, SES=FZL8-J65IZ_GHGTQS=alice@example.com, 60039, 0, VALID, alice",
        "shhh!, SES=FZL8-J65IZ_GHGTQS=alice@example.com, 60040, 0, EXPIRED, alice",
        "shhh!, SES=FZL8-J65IZ_GHGTQS=alice@example.com, 60040, 1, EXPIRED, alice",
        "shhh!, SES=FZL8-J65IZ_GHGTQS=alice@example.com, 60062, 0, EXPIRED, alice",
        "shhh!, SES=FZL8-J65IZ_GHGTQS=alice@example.com, 60062, 1, INVALID, ''",
        "shhh!, SES=FZL8-J65IZ_GHGTQS=alice@example.com, 59999, 0, INVALID, ''",
        "shhh!, SES=FZL8-J65IZ_GHGTQS=alice@example.com, 59999, 1, VALID, alice",
        "shhh!, SES=FZL8-J65IZ_GHGTQS=ALICE@EXAMPLE.COM, 60000, 0, VALID, alice",
        "shhh!, ses=fzl8-j65iz_ghgtqs=alice@example.com, 60000, 0, VALID, alice",
        "new shhh!, SES=FZL8-J65IZ_GHGTQS=alice@example.com, 60000, 0, VALID, alice",
        "shhh! new, SES=FZL8-J65IZ_GHGTQS=alice@example.com, 60000, 0, VALID, alice",
        "new, SES=FZL8-J65IZ_GHGTQS=alice@example.com, 60000, 0, INVALID, ''",
        "shhh!, ses=fyb4p5i2hlhmp_vq1=alice@example.com, 60000, 0, INVALID, ''",
        // The forgery that pysrs accepts with any key: a time field of ones and a hash of zeros.
        "shhh!, SES=IEYJLRPY924__ML-W=ceo@bank.example, 60000, 0, INVALID, ''",
        "shhh!, SES=IE1SLUT57Z3HB3EXN=alice@example.com, 60000, 0, VALID, alice",
        "shhh!, SES=IE1SLUT57Z3HB3EXN=mallory@example.com, 60000, 0, INVALID, ''",
        "shhh!, SES=IE1SLUT57Z3HB3EXN=alice@example.org, 60000, 0, INVALID, ''",
        "wrong, SES=IE1SLUT57Z3HB3EXN=alice@example.com, 60000, 0, INVALID, ''",
        "shhh!, SES=FY7E1T72T0Z_6Z6UB=a=b@example.com, 60000, 0, VALID, a=b",
        "shhh!, SES=4IG4K80L0CVSNZ20U=alice@example.com, 60000, 0, VALID, alice",
    })
    void verifiesAsTheHardenedVerifier(
            String secrets, String address, long now, int skew, SesVerdict verdict, String localPart) {
        SignatureCheck.Claims check = check(keys(secrets), address, now * 21_600, skew, true);
        assertThat(check.verdict()).isEqualTo(verdict);
        assertThat(check.localPart()).isEqualTo(localPart);
    }

    private static SignatureCheck.Claims check(
            List<SesKey> keys, String address, long epochSecond, int skew, boolean fixedAllowed) {
        SesSyntax.Signed signed = (SesSyntax.Signed) SesSyntax.parse(address);
        return SignatureCheck.of(signed, SesKeyring.canonical(signed.domain()), epochSecond, skew, fixedAllowed)
                .against(keys);
    }
}

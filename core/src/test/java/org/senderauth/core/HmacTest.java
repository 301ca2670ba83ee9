package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HmacTest {

    // RFC 2202 section 3, test case 2; RFC 4231 section 4.3.
    private static final SecretKey KEY = SecretKeys.ofWeak("Jefe".getBytes(StandardCharsets.US_ASCII));
    private static final byte[] MESSAGE = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);
    private static final String SHA1 = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
    private static final String SHA256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    @Test
    void rfcVectorsHoldWithEveryProvider() {
        assertThat(hex(Hmac.of("HmacSHA1", KEY))).isEqualTo(SHA1);
        assertThat(hex(Hmac.of("HmacSHA256", KEY))).isEqualTo(SHA256);
        assertThat(hex(Hmac.of("HmacSHA1", KEY, new BouncyCastleProvider()))).isEqualTo(SHA1);
    }

    @Property
    void everyResultEqualsThatOfTheJca(
            @ForAll @Size(min = 1, max = 200) byte[] key, @ForAll @Size(max = 300) byte[] message)
            throws GeneralSecurityException {
        for (String algorithm : List.of("HmacSHA1", "HmacSHA256", "HmacSHA512")) {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(SecretKeys.ofWeak(key));
            Hmac hmac = Hmac.of(algorithm, SecretKeys.ofWeak(key));
            assertThat(hmac.compute(message)).isEqualTo(mac.doFinal(message));
            assertThat(hmac.compute(message)).as("the second time").isEqualTo(mac.doFinal(message));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65})
    void keysAroundTheLengthOfABlockGiveWhatTheJcaGives(int octets) throws GeneralSecurityException {
        byte[] key = new byte[octets];
        Arrays.fill(key, (byte) 7);
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(SecretKeys.ofWeak(key));
        assertThat(Hmac.of("HmacSHA1", SecretKeys.ofWeak(key)).compute(MESSAGE)).isEqualTo(mac.doFinal(MESSAGE));
    }

    @Test
    void replacesOnlyTheMacOfTheJdkByItsDigest() throws GeneralSecurityException {
        Mac jdk = Mac.getInstance("HmacSHA1", "SunJCE");
        Mac bouncyCastle = Mac.getInstance("HmacSHA1", new BouncyCastleProvider());
        Mac other = Mac.getInstance("HmacSHA512", "SunJCE");
        assertThat(ClonedDigestHmac.insteadOf(jdk, KEY)).isNotNull();
        assertThat(ClonedDigestHmac.insteadOf(bouncyCastle, KEY)).isNull();
        assertThat(ClonedDigestHmac.insteadOf(other, KEY)).isNull();
    }

    @Test
    void isThreadSafeWithEveryKindOfProvider() throws GeneralSecurityException {
        Provider bouncyCastle = new BouncyCastleProvider();
        Mac mac = Mac.getInstance("HmacSHA1", bouncyCastle);
        mac.init(KEY);
        assertThatThrownBy(mac::clone).isInstanceOf(CloneNotSupportedException.class);

        for (Hmac hmac :
                List.of(Hmac.of("HmacSHA1", KEY), Hmac.of("HmacSHA512", KEY), Hmac.of("HmacSHA1", KEY, bouncyCastle))) {
            List<String> tags = IntStream.range(0, 10_000)
                    .parallel()
                    .mapToObj(i -> hex(hmac))
                    .distinct()
                    .toList();
            assertThat(tags).containsExactly(hex(hmac));
        }
    }

    @Test
    void rejectsUnknownAlgorithm() {
        assertThatThrownBy(() -> Hmac.of("HmacROT13", KEY)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void neverShowsKeyInText() {
        assertThat(Hmac.of("HmacSHA1", KEY)).hasToString("Hmac[HmacSHA1]");
    }

    private static String hex(Hmac hmac) {
        return HexFormat.of().formatHex(hmac.compute(MESSAGE));
    }
}

package org.senderauth.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.MacSpi;
import javax.crypto.SecretKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;

class HmacTest {

    // RFC 2202 section 3, test case 2; RFC 4231 section 4.3.
    private static final SecretKey KEY = SecretKeys.ofWeak("Jefe".getBytes(StandardCharsets.US_ASCII));
    private static final byte[] MESSAGE = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);
    private static final String SHA1 = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
    private static final String SHA256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    @Test
    void theRfcsVectorsHoldWithEveryProvider() {
        assertThat(hex(Hmac.of("HmacSHA1", KEY))).isEqualTo(SHA1);
        assertThat(hex(Hmac.of("HmacSHA256", KEY))).isEqualTo(SHA256);
        assertThat(hex(Hmac.of("HmacSHA1", KEY, new BouncyCastleProvider()))).isEqualTo(SHA1);
    }

    @Test
    void aProviderThatCannotCloneWorksAsWell() {
        Hmac hmac = Hmac.of("HmacSHA1", KEY, new NoCloneProvider());
        assertThat(hex(hmac)).isEqualTo(SHA1);
        assertThat(hex(hmac)).isEqualTo(SHA1);
    }

    @Test
    void manyThreadsMayComputeAtOnce() {
        Hmac hmac = Hmac.of("HmacSHA1", KEY);
        List<String> tags = IntStream.range(0, 10_000)
                .parallel()
                .mapToObj(i -> hex(hmac))
                .distinct()
                .toList();
        assertThat(tags).containsExactly(SHA1);
    }

    @Test
    void anUnknownAlgorithmIsTheCallersMistake() {
        assertThatThrownBy(() -> Hmac.of("HmacROT13", KEY)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theKeyIsNotInTheText() {
        assertThat(Hmac.of("HmacSHA1", KEY)).hasToString("Hmac[HmacSHA1]");
    }

    private static String hex(Hmac hmac) {
        return HexFormat.of().formatHex(hmac.compute(MESSAGE));
    }

    /** HmacSHA1 from the JDK behind an implementation without clone, as FIPS providers have it. */
    private static final class NoCloneProvider extends Provider {
        private static final long serialVersionUID = 1L;

        NoCloneProvider() {
            super("NoClone", "1", "for tests");
            putService(new Service(this, "Mac", "HmacSHA1", NoCloneMac.class.getName(), null, null) {
                @Override
                public Object newInstance(Object parameter) {
                    return new NoCloneMac();
                }
            });
        }
    }

    private static final class NoCloneMac extends MacSpi {
        private final org.bouncycastle.crypto.macs.HMac mac =
                new org.bouncycastle.crypto.macs.HMac(new org.bouncycastle.crypto.digests.SHA1Digest());

        @Override
        protected int engineGetMacLength() {
            return mac.getMacSize();
        }

        @Override
        protected void engineInit(java.security.Key key, java.security.spec.AlgorithmParameterSpec parameters) {
            mac.init(new org.bouncycastle.crypto.params.KeyParameter(key.getEncoded()));
        }

        @Override
        protected void engineUpdate(byte input) {
            mac.update(input);
        }

        @Override
        protected void engineUpdate(byte[] input, int offset, int length) {
            mac.update(input, offset, length);
        }

        @Override
        protected byte[] engineDoFinal() {
            byte[] out = new byte[mac.getMacSize()];
            mac.doFinal(out, 0);
            return out;
        }

        @Override
        protected void engineReset() {
            mac.reset();
        }
    }
}

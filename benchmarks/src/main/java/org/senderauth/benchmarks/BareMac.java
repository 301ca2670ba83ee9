package org.senderauth.benchmarks;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.senderauth.core.SecretKeys;

/**
 * The baseline for tags and signatures: an HMAC by a JCA {@link Mac}.
 *
 * @param provider whose
 * @param key the same for all
 * @param kept made once
 * @param algorithm the HMAC
 */
record BareMac(Provider provider, SecretKey key, Mac kept, String algorithm) {

    private static final String ALGORITHM = "HmacSHA1";

    /** The {@code Mac} of {@code SunJCE}, the JDK's default, or of {@code BC}, Bouncy Castle. */
    static BareMac of(String providerName) {
        return of(providerName, ALGORITHM);
    }

    /** The same with another HMAC. */
    static BareMac of(String providerName, String algorithm) {
        Provider provider = providerName.equals("BC") ? new BouncyCastleProvider() : Security.getProvider(providerName);
        SecretKey key =
                SecretKeys.of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFG".getBytes(StandardCharsets.US_ASCII));
        return new BareMac(provider, key, made(provider, key, algorithm), algorithm);
    }

    /** Computes with the one that is kept, which serves one thread. */
    byte[] compute(byte[] message) {
        return kept.doFinal(message);
    }

    /** Computes with one that is made and given its key for this message. */
    byte[] computeFresh(byte[] message) {
        return made(provider, key, algorithm).doFinal(message);
    }

    private static Mac made(Provider provider, SecretKey key, String algorithm) {
        try {
            Mac mac = Mac.getInstance(algorithm, provider);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every provider here has " + algorithm, e);
        }
    }
}

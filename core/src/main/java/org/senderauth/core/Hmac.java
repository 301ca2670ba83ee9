package org.senderauth.core;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A keyed HMAC (RFC 2104) for any number of threads.
 *
 * <p>A JCA {@link Mac} serves one thread, and setting one up costs as much as computing a tag. With the JDK's
 * own {@code Mac}, which only digests, the digest state after the key is cached and each tag continues from it. Any other
 * provider, which may keep keys and computations in hardware or in a validated module, computes with its own {@code Mac}.
 * The key stays in memory as long as this object does.
 */
public final class Hmac {

    /** One HMAC key, ready to compute; thread-safe. */
    interface Keyed {

        /** Returns the whole HMAC of a message in a new array. */
        byte[] compute(byte[] message);
    }

    private final String algorithm;
    private final Keyed keyed;

    private Hmac(String algorithm, Keyed keyed) {
        this.algorithm = algorithm;
        this.keyed = keyed;
    }

    /**
     * Creates an HMAC of the platform's preferred provider.
     *
     * @param algorithm the JCA name, such as {@code HmacSHA1} or {@code HmacSHA256}
     * @param key the key
     * @return the HMAC
     * @throws IllegalArgumentException if there is no such algorithm, or rejects the key
     */
    public static Hmac of(String algorithm, SecretKey key) {
        return keyed(algorithm, key, null);
    }

    /**
     * Creates an HMAC of the given provider.
     *
     * @param algorithm the JCA name, such as {@code HmacSHA1} or {@code HmacSHA256}
     * @param key the key
     * @param provider the provider; it need not be registered
     * @return the HMAC
     * @throws IllegalArgumentException if the provider has no such algorithm, or rejects the key
     */
    public static Hmac of(String algorithm, SecretKey key, Provider provider) {
        return keyed(algorithm, key, provider);
    }

    private static Hmac keyed(String algorithm, SecretKey key, @Nullable Provider provider) {
        try {
            Mac mac = provider == null ? Mac.getInstance(algorithm) : Mac.getInstance(algorithm, provider);
            mac.init(key);
            Keyed digest = ClonedDigestHmac.insteadOf(mac, key);
            return new Hmac(algorithm, digest != null ? digest : new MacPool(mac, key));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalArgumentException("no " + algorithm + " with this key: " + e.getMessage(), e);
        }
    }

    /**
     * Computes the HMAC of one message.
     *
     * @param message the bytes to sign
     * @return the whole HMAC, a new array
     */
    public byte[] compute(byte[] message) {
        return keyed.compute(message);
    }

    /** {@return the algorithm, never the key} */
    @Override
    public String toString() {
        return "Hmac[" + algorithm + "]";
    }
}

package org.senderauth.core;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A keyed HMAC (RFC 2104) that any number of threads may use at once.
 *
 * <p>A JCA {@link Mac} serves one thread, and setting one up costs as much as computing a tag. Where that {@code Mac} is
 * the JDK's own, which does no more than digest, the state behind the key is kept and each tag digests from there on;
 * every other provider, which may keep keys and computations in hardware or in a validated module, computes with its own
 * {@code Mac}. The key stays in memory as long as this object does.
 */
public final class Hmac {

    /** One HMAC key, ready to compute; thread-safe. */
    interface Keyed {

        /** The whole HMAC of a message, in an array that the caller owns. */
        byte[] compute(byte[] message);
    }

    private final String algorithm;
    private final Keyed keyed;

    private Hmac(String algorithm, Keyed keyed) {
        this.algorithm = algorithm;
        this.keyed = keyed;
    }

    /**
     * An HMAC from the platform's preferred provider.
     *
     * @param algorithm the JCA name, such as {@code HmacSHA1} or {@code HmacSHA256}
     * @param key the key
     * @return the HMAC
     * @throws IllegalArgumentException if there is no such algorithm, or it refuses the key
     */
    public static Hmac of(String algorithm, SecretKey key) {
        return keyed(algorithm, key, null);
    }

    /**
     * An HMAC from a provider of the caller's choice.
     *
     * @param algorithm the JCA name, such as {@code HmacSHA1} or {@code HmacSHA256}
     * @param key the key
     * @param provider the provider; it need not be registered
     * @return the HMAC
     * @throws IllegalArgumentException if the provider has no such algorithm, or it refuses the key
     */
    public static Hmac of(String algorithm, SecretKey key, Provider provider) {
        return keyed(algorithm, key, provider);
    }

    private static Hmac keyed(String algorithm, SecretKey key, @Nullable Provider provider) {
        try {
            Mac mac = provider == null ? Mac.getInstance(algorithm) : Mac.getInstance(algorithm, provider);
            mac.init(key);
            Keyed digest = KeyedDigest.insteadOf(mac, key);
            return new Hmac(algorithm, digest != null ? digest : new LentMac(mac, key));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalArgumentException("no " + algorithm + " with this key: " + e.getMessage(), e);
        }
    }

    /**
     * The HMAC of one message.
     *
     * @param message the octets to sign
     * @return the whole HMAC; the caller owns the array
     */
    public byte[] compute(byte[] message) {
        return keyed.compute(message);
    }

    /** Names the algorithm; never the key. */
    @Override
    public String toString() {
        return "Hmac[" + algorithm + "]";
    }
}

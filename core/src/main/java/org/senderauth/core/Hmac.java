package org.senderauth.core;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A keyed MAC that any number of threads may use at once.
 *
 * <p>A JCA {@link Mac} serves one thread; setting one up costs as much as computing a tag. This keeps one that is set up
 * and idle. A call that finds it in use clones another, or sets one up where the provider cannot clone (Bouncy Castle).
 * The key stays in memory as long as this object does.
 */
public final class Hmac {

    private final String algorithm;
    private final SecretKey key;
    private final @Nullable Provider provider;
    private final Mac prototype;
    private final boolean cloneable;
    private final AtomicReference<@Nullable Mac> idle = new AtomicReference<>();

    private Hmac(String algorithm, SecretKey key, @Nullable Provider provider) {
        this.algorithm = algorithm;
        this.key = key;
        this.provider = provider;
        this.prototype = newMac();
        this.cloneable = canClone(prototype);
    }

    /**
     * A MAC from the platform's preferred provider.
     *
     * @param algorithm the JCA name, such as {@code HmacSHA1} or {@code HmacSHA256}
     * @param key the key
     * @return the MAC
     * @throws IllegalArgumentException if there is no such algorithm, or it refuses the key
     */
    public static Hmac of(String algorithm, SecretKey key) {
        return new Hmac(algorithm, key, null);
    }

    /**
     * A MAC from a provider of the caller's choice.
     *
     * @param algorithm the JCA name, such as {@code HmacSHA1} or {@code HmacSHA256}
     * @param key the key
     * @param provider the provider; it need not be registered
     * @return the MAC
     * @throws IllegalArgumentException if the provider has no such algorithm, or it refuses the key
     */
    public static Hmac of(String algorithm, SecretKey key, Provider provider) {
        return new Hmac(algorithm, key, provider);
    }

    /**
     * The MAC of one message.
     *
     * @param message the octets to sign
     * @return the whole MAC; the caller owns the array
     */
    public byte[] compute(byte[] message) {
        Mac taken = idle.getAndSet(null);
        Mac mac = taken != null ? taken : another();
        // doFinal leaves it as init did; one that throws is not put back.
        byte[] tag = mac.doFinal(message);
        idle.setRelease(mac);
        return tag;
    }

    private Mac another() {
        if (cloneable) {
            try {
                return (Mac) prototype.clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException(algorithm + " could be cloned before, and now it cannot", e);
            }
        }
        return newMac();
    }

    private Mac newMac() {
        try {
            Mac mac = provider == null ? Mac.getInstance(algorithm) : Mac.getInstance(algorithm, provider);
            mac.init(key);
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalArgumentException("no " + algorithm + " with this key: " + e.getMessage(), e);
        }
    }

    private static boolean canClone(Mac mac) {
        try {
            mac.clone();
            return true;
        } catch (CloneNotSupportedException e) {
            return false;
        }
    }

    /** Names the algorithm; never the key. */
    @Override
    public String toString() {
        return "Hmac[" + algorithm + "]";
    }
}

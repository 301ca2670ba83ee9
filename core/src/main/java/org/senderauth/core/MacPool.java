package org.senderauth.core;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A pool of one idle, initialized {@link Mac}. While it is in use, a call clones another, or initializes one where the
 * provider cannot clone (Bouncy Castle).
 */
final class MacPool implements Hmac.Keyed {

    private final SecretKey key;
    private final Mac prototype;
    private final boolean cloneable;
    private final AtomicReference<@Nullable Mac> idle = new AtomicReference<>();

    /** Creates a pool with a {@code Mac} that is initialized with the key. */
    MacPool(Mac prototype, SecretKey key) {
        this.key = key;
        this.prototype = prototype;
        this.cloneable = canClone(prototype);
    }

    @Override
    public byte[] compute(byte[] message) {
        Mac taken = idle.getAndSet(null);
        Mac mac = taken != null ? taken : another();
        // doFinal resets it as init did; one that throws is not returned to the pool.
        byte[] tag = mac.doFinal(message);
        idle.setRelease(mac);
        return tag;
    }

    private Mac another() {
        try {
            if (cloneable) {
                return (Mac) prototype.clone();
            }
            Mac mac = Mac.getInstance(prototype.getAlgorithm(), prototype.getProvider());
            mac.init(key);
            return mac;
        } catch (CloneNotSupportedException | NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(prototype.getAlgorithm() + " worked before, and now it does not", e);
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
}

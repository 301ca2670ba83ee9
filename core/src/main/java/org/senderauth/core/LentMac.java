package org.senderauth.core;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one {@link Mac} that is set up and idle. A call that finds it in use clones another, or sets one up where the
 * provider cannot clone (Bouncy Castle).
 */
final class LentMac implements Hmac.Keyed {

    private final SecretKey key;
    private final Mac prototype;
    private final boolean cloneable;
    private final AtomicReference<@Nullable Mac> idle = new AtomicReference<>();

    /** Takes over a {@code Mac} that is set up with the key. */
    LentMac(Mac prototype, SecretKey key) {
        this.key = key;
        this.prototype = prototype;
        this.cloneable = canClone(prototype);
    }

    @Override
    public byte[] compute(byte[] message) {
        Mac taken = idle.getAndSet(null);
        Mac mac = taken != null ? taken : another();
        // doFinal leaves it as init did; one that throws is not put back.
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

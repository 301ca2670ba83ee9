package org.senderauth.core;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * An HMAC as RFC 2104 section 4 recommends: the inner and outer digests are cached after the block of the key and cloned for
 * each message. A short message then costs two blocks; a {@link Mac}, which starts with the key each time, needs four.
 */
final class ClonedDigestHmac implements Hmac.Keyed {

    /** The bytes of a block of SHA-1 and SHA-256 (RFC 2104 section 2: B). */
    private static final int BLOCK = 64;

    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5c;

    private final MessageDigest inner;
    private final MessageDigest outer;

    private ClonedDigestHmac(MessageDigest inner, MessageDigest outer) {
        this.inner = inner;
        this.outer = outer;
    }

    /**
     * Creates the equivalent of the JDK's {@link Mac} with a key, if the key exposes its bytes and the digest can be cloned.
     *
     * @return null where only the {@code Mac} itself can be used
     */
    static @Nullable ClonedDigestHmac insteadOf(Mac mac, SecretKey key) {
        String name = digestName(mac);
        if (name == null) {
            return null;
        }
        byte[] secret = key.getEncoded();
        try {
            MessageDigest digest = MessageDigest.getInstance(name);
            // RFC 2104 section 2: a longer key is digested first.
            byte[] block = Arrays.copyOf(secret.length > BLOCK ? digest.digest(secret) : secret, BLOCK);
            return new ClonedDigestHmac(padded(digest, block, INNER_PAD), padded(digest, block, OUTER_PAD));
        } catch (NoSuchAlgorithmException | CloneNotSupportedException e) {
            return null;
        }
    }

    private static @Nullable String digestName(Mac mac) {
        if (!mac.getProvider().getName().equals("SunJCE")) {
            return null;
        }
        return switch (mac.getAlgorithm()) {
            case "HmacSHA1" -> "SHA-1";
            case "HmacSHA256" -> "SHA-256";
            default -> null;
        };
    }

    private static MessageDigest padded(MessageDigest digest, byte[] block, byte pad)
            throws CloneNotSupportedException {
        byte[] padded = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            padded[i] = (byte) (block[i] ^ pad);
        }
        MessageDigest state = (MessageDigest) digest.clone();
        state.update(padded);
        return state;
    }

    @Override
    public byte[] compute(byte[] message) {
        try {
            byte[] digest = ((MessageDigest) inner.clone()).digest(message);
            return ((MessageDigest) outer.clone()).digest(digest);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the digest could be cloned before, and now it cannot", e);
        }
    }
}

package org.senderauth.dkim2;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Optional;

/** The signature algorithms of s= (-06 section 3); names are compared byte for byte. */
enum SignatureAlgorithm {
    /** PKCS #1 v1.5 over SHA-256. */
    RSA_SHA256("rsa-sha256", "rsa", "SHA256withRSA"),
    /** Ed25519 over the 32 bytes of the SHA-256 hash of the input, not over the input. */
    ED25519_SHA256("ed25519-sha256", "ed25519", "Ed25519");

    private final String tagName;
    private final String keyType;
    private final String jcaName;

    SignatureAlgorithm(String tagName, String keyType, String jcaName) {
        this.tagName = tagName;
        this.keyType = keyType;
        this.jcaName = jcaName;
    }

    static Optional<SignatureAlgorithm> named(String tagName) {
        for (SignatureAlgorithm algorithm : values()) {
            if (algorithm.tagName.equals(tagName)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /** The algorithm for a k= value of a key record. */
    static Optional<SignatureAlgorithm> ofKeyType(String keyType) {
        for (SignatureAlgorithm algorithm : values()) {
            if (algorithm.keyType.equals(keyType)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    String tagName() {
        return tagName;
    }

    String keyType() {
        return keyType;
    }

    boolean verify(PublicKey key, byte[] input, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(jcaName);
            verifier.initVerify(key);
            verifier.update(toBeSigned(input));
            return verifier.verify(signature);
        } catch (SignatureException | InvalidKeyException e) {
            // A signature of another length, or a point that is not on the curve: nothing verifies with it.
            return false;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + jcaName, e);
        }
    }

    byte[] sign(PrivateKey key, byte[] input) throws InvalidKeyException {
        try {
            Signature signer = Signature.getInstance(jcaName);
            signer.initSign(key);
            signer.update(toBeSigned(input));
            return signer.sign();
        } catch (SignatureException e) {
            throw new InvalidKeyException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + jcaName, e);
        }
    }

    private byte[] toBeSigned(byte[] input) throws NoSuchAlgorithmException {
        return this == ED25519_SHA256 ? MessageDigest.getInstance("SHA-256").digest(input) : input;
    }
}

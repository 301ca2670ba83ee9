package org.senderauth.dkim2;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Objects;
import org.senderauth.core.SecretFiles;

/**
 * A private key that signs for a domain, with the selector of its key record. Immutable and thread-safe.
 *
 * <p>Keys of DKIM1 serve, and so do their records.
 */
public final class Dkim2SigningKey {

    /** The key types that {@link #generate} offers. */
    public enum Type {
        /** RSA with 2048 bits: verified by every implementation. */
        RSA,
        /** Ed25519: shorter records and signatures. */
        ED25519
    }

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final int RSA_BITS = 2048;

    private final String selector;
    private final String domain;
    private final SignatureAlgorithm algorithm;
    private final PrivateKey key;

    private Dkim2SigningKey(String selector, String domain, SignatureAlgorithm algorithm, PrivateKey key) {
        this.selector = selector;
        this.domain = domain;
        this.algorithm = algorithm;
        this.key = key;
    }

    /**
     * Creates a signing key.
     *
     * @param selector the selector
     * @param domain the signing domain (d=); it signs for envelope senders of this domain and below
     * @param key an RSA key of 2048 to 8192 bits, or an Ed25519 key
     * @return the signing key
     * @throws IllegalArgumentException if the key is of another type or size, or a name is malformed
     */
    public static Dkim2SigningKey of(String selector, String domain, PrivateKey key) {
        Objects.requireNonNull(key, "key");
        SignatureAlgorithm algorithm =
                key instanceof RSAPrivateKey ? SignatureAlgorithm.RSA_SHA256 : SignatureAlgorithm.ED25519_SHA256;
        if (key instanceof RSAPrivateKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < Draft.SPEC_09.minRsaBitsToSign() || bits > KeyRecord.MAX_RSA_BITS) {
                throw new IllegalArgumentException("key must have " + Draft.SPEC_09.minRsaBitsToSign() + " to "
                        + KeyRecord.MAX_RSA_BITS + " bits, was " + bits);
            }
        } else if (!key.getAlgorithm().equals("EdDSA") && !key.getAlgorithm().equals("Ed25519")) {
            throw new IllegalArgumentException("key must be an RSA or Ed25519 key, was " + key.getAlgorithm());
        }
        return new Dkim2SigningKey(name("selector", selector), name("domain", domain), algorithm, key);
    }

    private static String name(String parameter, String text) {
        return SignedPath.domain(Objects.requireNonNull(text, parameter))
                .filter(name -> !name.startsWith("["))
                .orElseThrow(
                        () -> new IllegalArgumentException(parameter + " must be a domain name such as example.org"));
    }

    /**
     * Reads a key file: an unencrypted PKCS #8 key in PEM, as {@link #pem} and {@code openssl genpkey} write it.
     *
     * @param selector the selector
     * @param domain the signing domain
     * @param file the file, readable by its owner and group only
     * @return the signing key
     * @throws IOException if the file cannot be read or is not such a key; the message never contains any of it
     */
    public static Dkim2SigningKey read(String selector, String domain, Path file) throws IOException {
        String text = new String(SecretFiles.read(file), StandardCharsets.ISO_8859_1);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(file + ": not a PKCS #8 private key in PEM (-----BEGIN PRIVATE KEY-----)");
        }
        try {
            return of(
                    selector,
                    domain,
                    decode(Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end))));
        } catch (InvalidKeySpecException | IllegalArgumentException e) {
            throw new IOException(file + ": not an Ed25519 or RSA key of 2048 bits or more", e);
        }
    }

    private static PrivateKey decode(byte[] pkcs8) throws InvalidKeySpecException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
        try {
            try {
                return KeyFactory.getInstance("Ed25519").generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                return KeyFactory.getInstance("RSA").generatePrivate(spec);
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has Ed25519 and RSA", e);
        }
    }

    /**
     * Generates a key pair.
     *
     * @param type the type
     * @return the pair; {@link #record} gives the record of its public key
     */
    public static KeyPair generate(Type type) {
        Objects.requireNonNull(type, "type");
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(type == Type.RSA ? "RSA" : "Ed25519");
            if (type == Type.RSA) {
                generator.initialize(RSA_BITS);
            }
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has Ed25519 and RSA", e);
        }
    }

    /**
     * Writes a private key in PEM. The text is secret: {@link SecretFiles#create} stores it.
     *
     * @param key the key
     * @return the text, with newlines
     */
    public static String pem(PrivateKey key) {
        return BEGIN + "\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n" + END + "\n";
    }

    /**
     * Returns the text of the TXT record of a public key. It serves DKIM1 too.
     *
     * @param key an RSA or Ed25519 key
     * @return the text, such as {@code v=DKIM1; k=ed25519; p=...}
     * @throws IllegalArgumentException if it is another key
     */
    public static String record(PublicKey key) {
        try {
            return KeyRecord.format(Objects.requireNonNull(key, "key"));
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("key must be an RSA or Ed25519 key, was " + key.getAlgorithm(), e);
        }
    }

    /** {@return the selector, in lower case} */
    public String selector() {
        return selector;
    }

    /** {@return the signing domain, in lower case} */
    public String domain() {
        return domain;
    }

    SignatureAlgorithm algorithm() {
        return algorithm;
    }

    byte[] sign(byte[] input) {
        try {
            return algorithm.sign(key, input);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("the key was accepted before", e);
        }
    }

    /** {@return where the public key is published; nothing secret} */
    @Override
    public String toString() {
        return selector + "._domainkey." + domain;
    }
}

package org.senderauth.dkim2;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A key record: the TXT record of DKIM1, unchanged (draft-ietf-dkim-dkim2-dns-00 section 3). Immutable.
 *
 * <p>Names are case-sensitive, and a tag that occurs twice makes the record invalid, so an attacker who can append to it
 * cannot replace the key. h=, n=, s= and t= are ignored.
 *
 * @param algorithm the algorithm that the key is for
 * @param key the key
 */
record KeyRecord(SignatureAlgorithm algorithm, PublicKey key) {

    /** The minimum size of an RSA key in bits (-06 section 3.2). */
    static final int MIN_RSA_BITS = 1024;

    /** The maximum size of an RSA key in bits, since larger ones cost more than a message may. */
    static final int MAX_RSA_BITS = 8192;

    private static final BigInteger RSA_EXPONENT = BigInteger.valueOf(65537);
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
    private static final byte[] RSA_ALGORITHM = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final int ED25519_BYTES = 32;

    /**
     * Reads a record.
     *
     * @throws MalformedMessageException if it is malformed, revoked, or of an unknown key type
     */
    static KeyRecord parse(String text) throws MalformedMessageException {
        TagList tags;
        try {
            tags = TagList.parse(text, true);
        } catch (MalformedMessageException e) {
            throw syntaxError();
        }
        boolean versionIsWrong = tags.get("v").isPresent()
                && !(tags.firstName().equals(Optional.of("v")) && tags.get("v").equals(Optional.of("DKIM1")));
        Optional<String> data = tags.get("p");
        if (versionIsWrong || data.isEmpty()) {
            throw syntaxError();
        }
        if (data.get().isEmpty()) {
            throw new MalformedMessageException("has been revoked");
        }
        SignatureAlgorithm algorithm = SignatureAlgorithm.ofKeyType(
                        tags.get("k").orElse("rsa"))
                .orElseThrow(
                        () -> new MalformedMessageException(Dkim2Reason.UNKNOWN_ALGORITHM, "is of an unknown type"));
        byte[] octets = Base64Text.decode(data.get()).orElseThrow(KeyRecord::syntaxError);
        return new KeyRecord(algorithm, algorithm == SignatureAlgorithm.RSA_SHA256 ? rsa(octets) : ed25519(octets));
    }

    private static MalformedMessageException syntaxError() {
        return new MalformedMessageException("has a syntax error");
    }

    private static PublicKey ed25519(byte[] octets) throws MalformedMessageException {
        if (octets.length != ED25519_BYTES) {
            throw syntaxError();
        }
        return decode("Ed25519", concat(ED25519_PREFIX, octets)).orElseThrow(KeyRecord::syntaxError);
    }

    // Both forms are in use: SubjectPublicKeyInfo, and the bare RSAPublicKey that the drafts' text names.
    private static PublicKey rsa(byte[] octets) throws MalformedMessageException {
        Optional<PublicKey> key = decode("RSA", octets);
        if (key.isEmpty()) {
            key = decode("RSA", wrapped(octets));
        }
        if (!(key.orElseThrow(KeyRecord::syntaxError) instanceof RSAPublicKey rsa)) {
            throw syntaxError();
        }
        int bits = rsa.getModulus().bitLength();
        if (bits > MAX_RSA_BITS) {
            throw MalformedMessageException.limit("has more than " + MAX_RSA_BITS + " bits");
        }
        if (bits < MIN_RSA_BITS || !rsa.getPublicExponent().equals(RSA_EXPONENT)) {
            throw new MalformedMessageException("has an unusable size or exponent");
        }
        return rsa;
    }

    private static Optional<PublicKey> decode(String algorithm, byte[] encoded) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded)));
        } catch (InvalidKeySpecException e) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }

    private static byte[] wrapped(byte[] rsaPublicKey) {
        byte[] bits = der(0x03, concat(new byte[1], rsaPublicKey));
        return der(0x30, concat(RSA_ALGORITHM, bits));
    }

    // A DER element of up to 65,535 bytes; TXT records are shorter.
    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length >= 0x100) {
            out.write(0x82);
            out.write(content.length >> 8);
        } else if (content.length >= 0x80) {
            out.write(0x81);
        }
        out.write(content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] all = new byte[first.length + second.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /** The record of a public key, for the DNS. */
    static String format(PublicKey key) throws InvalidKeyException {
        byte[] encoded = key.getEncoded();
        if (key instanceof RSAPublicKey) {
            return "v=DKIM1; k=rsa; p=" + Base64Text.encode(encoded);
        }
        if (encoded.length != ED25519_PREFIX.length + ED25519_BYTES) {
            throw new InvalidKeyException("neither an RSA nor an Ed25519 key");
        }
        byte[] point = Arrays.copyOfRange(encoded, ED25519_PREFIX.length, encoded.length);
        return "v=DKIM1; k=ed25519; p=" + Base64Text.encode(point);
    }
}

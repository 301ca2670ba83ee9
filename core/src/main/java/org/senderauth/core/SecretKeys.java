package org.senderauth.core;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/**
 * Makes the secret keys of the signing defences. There is no default secret, and keys shorter than
 * {@value #MINIMUM_OCTETS} octets are taken only where the caller asks for it by name.
 *
 * <p>No method prints, logs or puts a secret into an exception. All are thread-safe.
 */
public final class SecretKeys {

    /** Least octets of a key: 128 bits. */
    public static final int MINIMUM_OCTETS = 16;

    /** Octets of a generated or derived key. */
    public static final int GENERATED_OCTETS = 32;

    private static final String ALGORITHM = "RAW";

    private SecretKeys() {}

    /**
     * A new key of {@value #GENERATED_OCTETS} octets.
     *
     * @param random where its octets come from
     * @return the key
     */
    public static SecretKey generate(SecureRandom random) {
        byte[] octets = new byte[GENERATED_OCTETS];
        random.nextBytes(octets);
        return new SecretKeySpec(octets, ALGORITHM);
    }

    /**
     * The key with these octets.
     *
     * @param octets at least {@value #MINIMUM_OCTETS}; copied
     * @return the key
     * @throws IllegalArgumentException if there are fewer
     */
    public static SecretKey of(byte[] octets) {
        if (octets.length < MINIMUM_OCTETS) {
            throw new IllegalArgumentException("a secret key needs at least " + MINIMUM_OCTETS + " octets and this has "
                    + octets.length + "; for peers that use a shorter one, ask for a weak key");
        }
        return new SecretKeySpec(octets, ALGORITHM);
    }

    /**
     * The key with these octets, however few: for interoperability with peers whose key is short.
     *
     * @param octets at least one; copied
     * @return the key
     * @throws IllegalArgumentException if there are none
     */
    public static SecretKey ofWeak(byte[] octets) {
        if (octets.length == 0) {
            throw new IllegalArgumentException("a secret key must not be empty");
        }
        return new SecretKeySpec(octets, ALGORITHM);
    }

    /**
     * The key of one domain, derived from a master secret with HKDF-SHA256 (RFC 5869): whoever has one domain's key
     * learns nothing about another's nor about the master. The salt is absent; the info is {@code senderauth 1},
     * the purpose and the domain in lower case, separated by a NUL octet each.
     *
     * @param master the master secret
     * @param purpose what the key is for, such as {@code batv}; keys for different purposes are unrelated
     * @param domain the domain, an A-label name; its case does not matter
     * @return a key of {@value #GENERATED_OCTETS} octets
     * @throws IllegalArgumentException if the purpose holds a NUL, or the key does not give its octets away
     */
    public static SecretKey derive(SecretKey master, String purpose, String domain) {
        byte[] secret = master.getEncoded();
        if (secret == null) {
            throw new IllegalArgumentException("the master secret must give its octets, and this key keeps them");
        }
        if (purpose.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a purpose must not hold a NUL");
        }
        String info = "senderauth 1\0" + purpose + '\0' + domain.toLowerCase(Locale.ROOT);
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
        hkdf.init(new HKDFParameters(secret, null, info.getBytes(StandardCharsets.UTF_8)));
        byte[] derived = new byte[GENERATED_OCTETS];
        hkdf.generateBytes(derived, 0, derived.length);
        return new SecretKeySpec(derived, ALGORITHM);
    }
}

package org.senderauth.core;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Creates the secret keys of the signing defenses. There is no default secret, and keys shorter than
 * {@value #MINIMUM_OCTETS} bytes are accepted only by {@link #ofWeak}.
 *
 * <p>No method prints, logs or puts a secret into an exception. All are thread-safe.
 */
public final class SecretKeys {

    /** The minimum number of bytes of a key: 128 bits. */
    public static final int MINIMUM_OCTETS = 16;

    /** The number of bytes of a generated or derived key. */
    public static final int GENERATED_OCTETS = 32;

    private static final String ALGORITHM = "RAW";

    private SecretKeys() {}

    /**
     * Generates a key of {@value #GENERATED_OCTETS} bytes.
     *
     * @param random the source of its bytes
     * @return the key
     */
    public static SecretKey generate(SecureRandom random) {
        byte[] octets = new byte[GENERATED_OCTETS];
        random.nextBytes(octets);
        return new SecretKeySpec(octets, ALGORITHM);
    }

    /**
     * Returns the key with these bytes.
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
     * Returns the key with these bytes, at least one: for interoperability with peers whose key is weak.
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
     * Derives the key of one domain from a master secret with HKDF-SHA256 (RFC 5869). A domain's key reveals nothing about
     * other keys or the master. The salt is absent; the info is {@code senderauth 1},
     * the purpose and the domain in lower case without a dot at its end, separated by a NUL byte each.
     *
     * @param master the master secret
     * @param purpose the use of the key, such as {@code batv}; keys for different purposes are unrelated
     * @param domain the domain, an A-label name, case-insensitive, with or without a dot at its end
     * @return a key of {@value #GENERATED_OCTETS} bytes
     * @throws IllegalArgumentException if the purpose contains a NUL, or the key does not expose its bytes
     */
    public static SecretKey derive(SecretKey master, String purpose, String domain) {
        byte[] secret = master.getEncoded();
        if (secret == null) {
            throw new IllegalArgumentException("the master secret must give its octets, and this key keeps them");
        }
        if (purpose.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a purpose must not hold a NUL");
        }
        String info =
                "senderauth 1\0" + purpose + '\0' + MailDomain.relative(domain).toLowerCase(Locale.ROOT);
        try {
            byte[] derived = Hkdf.derive(secret, info.getBytes(StandardCharsets.UTF_8), GENERATED_OCTETS);
            return new SecretKeySpec(derived, ALGORITHM);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "derived keys require Bouncy Castle; add org.bouncycastle:bcprov-jdk18on to the class path", e);
        }
    }
}

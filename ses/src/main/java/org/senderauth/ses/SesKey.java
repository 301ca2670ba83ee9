package org.senderauth.ses;

import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Hmac;

/**
 * A secret of a domain with its algorithm and layout. Immutable and thread-safe; the secret is never shown.
 */
public final class SesKey {

    /** The time that mail may wait in queues, added to the expiration time before a retired key is dropped. */
    public static final Duration QUEUE_TIME = Duration.ofDays(5);

    private final Hmac mac;
    private final SesAlgorithm algorithm;
    private final SesLayout layout;
    private final @Nullable Instant dropAfter;

    private SesKey(Hmac mac, SesAlgorithm algorithm, SesLayout layout, @Nullable Instant dropAfter) {
        this.mac = mac;
        this.algorithm = algorithm;
        this.layout = layout;
        this.dropAfter = dropAfter;
    }

    /**
     * Returns a key as in pysrs: HMAC-SHA1 and {@link SesLayout#DEFAULT}.
     *
     * @param secret the secret; see {@link org.senderauth.core.SecretKeys} for its strength
     * @return the key
     */
    public static SesKey of(SecretKey secret) {
        return of(secret, SesAlgorithm.HMAC_SHA1, SesLayout.DEFAULT);
    }

    /**
     * Returns a key.
     *
     * @param secret the secret
     * @param algorithm the MAC
     * @param layout the layout of its signatures
     * @return the key
     * @throws IllegalArgumentException if the platform's providers do not accept the secret
     */
    public static SesKey of(SecretKey secret, SesAlgorithm algorithm, SesLayout layout) {
        return new SesKey(Hmac.of(algorithm.jcaName(), secret), algorithm, layout, null);
    }

    /**
     * Returns a key whose MAC is computed by a given provider.
     *
     * @param secret the secret
     * @param algorithm the MAC
     * @param layout the layout of its signatures
     * @param provider the provider; it need not be registered
     * @return the key
     * @throws IllegalArgumentException if the provider lacks the algorithm or does not accept the secret
     */
    public static SesKey of(SecretKey secret, SesAlgorithm algorithm, SesLayout layout, Provider provider) {
        return new SesKey(Hmac.of(algorithm.jcaName(), secret, provider), algorithm, layout, null);
    }

    /**
     * Returns this key as one that a newer key has replaced: it verifies for the expiration time and {@link #QUEUE_TIME}
     * more.
     *
     * @param since the time at which it signed last
     * @return the retired key
     */
    public SesKey retired(Instant since) {
        Duration expiration = Duration.ofDays(layout.expirationDays());
        return new SesKey(mac, algorithm, layout, since.plus(expiration).plus(QUEUE_TIME));
    }

    /**
     * {@return the algorithm of the MAC}
     */
    public SesAlgorithm algorithm() {
        return algorithm;
    }

    /**
     * {@return the layout of the signatures}
     */
    public SesLayout layout() {
        return layout;
    }

    byte[] mac(byte[] input) {
        return mac.compute(input);
    }

    Optional<Instant> dropAfter() {
        return Optional.ofNullable(dropAfter);
    }

    boolean isRetired() {
        return dropAfter != null;
    }

    boolean verifiesAt(long epochSecond) {
        return dropAfter == null || epochSecond < dropAfter.getEpochSecond();
    }

    /** {@return algorithm, layout and retirement; never the secret} */
    @Override
    public String toString() {
        return "SesKey[" + algorithm + ", " + layout + (dropAfter == null ? "" : ", until " + dropAfter) + "]";
    }
}

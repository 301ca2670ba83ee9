package org.senderauth.ses;

import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Hmac;

/**
 * One secret of a domain with the algorithm and the layout that belong to it. Immutable and thread-safe; the secret
 * never shows.
 */
public final class SesKey {

    /** How long mail may lie in queues, added to the expiration time before a retired key is forgotten. */
    public static final Duration QUEUE_TIME = Duration.ofDays(5);

    private final Hmac mac;
    private final SesAlgorithm algorithm;
    private final SesLayout layout;
    private final @Nullable Instant forgetAt;

    private SesKey(Hmac mac, SesAlgorithm algorithm, SesLayout layout, @Nullable Instant forgetAt) {
        this.mac = mac;
        this.algorithm = algorithm;
        this.layout = layout;
        this.forgetAt = forgetAt;
    }

    /**
     * A key as pysrs has it: HMAC-SHA1 and {@link SesLayout#DEFAULT}.
     *
     * @param secret the secret; see {@link org.senderauth.core.SecretKeys} for its strength
     * @return the key
     */
    public static SesKey of(SecretKey secret) {
        return of(secret, SesAlgorithm.HMAC_SHA1, SesLayout.DEFAULT);
    }

    /**
     * A key.
     *
     * @param secret the secret
     * @param algorithm the MAC
     * @param layout the layout of its signatures
     * @return the key
     * @throws IllegalArgumentException if the platform's providers refuse the secret
     */
    public static SesKey of(SecretKey secret, SesAlgorithm algorithm, SesLayout layout) {
        return new SesKey(Hmac.of(algorithm.jcaName(), secret), algorithm, layout, null);
    }

    /**
     * A key whose MAC comes from a provider of the caller's choice.
     *
     * @param secret the secret
     * @param algorithm the MAC
     * @param layout the layout of its signatures
     * @param provider the provider; it need not be registered
     * @return the key
     * @throws IllegalArgumentException if the provider lacks the algorithm or refuses the secret
     */
    public static SesKey of(SecretKey secret, SesAlgorithm algorithm, SesLayout layout, Provider provider) {
        return new SesKey(Hmac.of(algorithm.jcaName(), secret, provider), algorithm, layout, null);
    }

    /**
     * This key after a newer one took over: it verifies for the expiration time and {@link #QUEUE_TIME} more, and then
     * no longer.
     *
     * @param since when it signed last
     * @return the retired key
     */
    public SesKey retired(Instant since) {
        Duration expiration = Duration.ofDays(layout.expirationDays());
        return new SesKey(mac, algorithm, layout, since.plus(expiration).plus(QUEUE_TIME));
    }

    /**
     * The MAC that this key uses.
     *
     * @return the algorithm
     */
    public SesAlgorithm algorithm() {
        return algorithm;
    }

    /**
     * The layout of this key's signatures.
     *
     * @return the layout
     */
    public SesLayout layout() {
        return layout;
    }

    byte[] mac(byte[] input) {
        return mac.compute(input);
    }

    boolean isRetired() {
        return forgetAt != null;
    }

    boolean verifiesAt(long epochSecond) {
        return forgetAt == null || epochSecond < forgetAt.getEpochSecond();
    }

    /** Names algorithm, layout and retirement; never the secret. */
    @Override
    public String toString() {
        return "SesKey[" + algorithm + ", " + layout + (forgetAt == null ? "" : ", until " + forgetAt) + "]";
    }
}

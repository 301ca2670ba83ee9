package org.senderauth.callout.probe;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.Hmac;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SafeText;
import org.senderauth.core.SecretKeys;

/**
 * The settings of probes: their HELO name, addresses, commands, TLS and timeouts. Immutable, and thread-safe if its parts
 * are.
 */
public final class ProbeSettings {

    /** The port of mail servers (RFC 5321 section 4.5.4.2). */
    public static final int SMTP_PORT = 25;

    /** The command that verifies an address. */
    public enum Method {
        /** RCPT, to which most servers reply truthfully. */
        RCPT,
        /** VRFY, and RCPT where the reply to VRFY is not clear: for hosts whose operators prefer that. */
        VRFY_FIRST,
        /** VRFY alone. Most servers reply 252 or reject the command, which leaves the address undecided. */
        VRFY_ONLY
    }

    /** The use of STARTTLS. */
    public enum Tls {
        /** Only where the server requires it. */
        WHEN_DEMANDED,
        /** Wherever the server offers it; if the handshake fails, the address stays undecided. */
        WHEN_OFFERED
    }

    private final String helo;
    private final @Nullable InetAddress localAddress;
    private final Set<InetAddress> ownAddresses;
    private final AddressFilter addressFilter;
    private final int port;
    private final Method method;
    private final Tls tls;
    private final ProbeTimeouts timeouts;
    private final RandomRecipients randomRecipients;
    private final boolean catchAllCheck;
    private final @Nullable FallbackSender fallbackSender;
    private final Random random;
    private final InstantSource clock;

    private ProbeSettings(Builder builder) {
        this.helo = builder.helo;
        this.localAddress = builder.localAddress;
        this.ownAddresses = Set.copyOf(builder.ownAddresses);
        this.addressFilter = builder.addressFilter;
        this.port = builder.port;
        this.method = builder.method;
        this.tls = builder.tls;
        this.timeouts = builder.timeouts;
        SecretKey key = builder.catchAllKey;
        this.randomRecipients = new RandomRecipients(
                Hmac.of("HmacSHA256", key == null ? SecretKeys.generate(new SecureRandom()) : key));
        this.catchAllCheck = builder.catchAllCheck;
        this.fallbackSender = builder.fallbackSender;
        this.random = builder.random;
        this.clock = builder.clock;
    }

    /**
     * Returns a builder.
     *
     * @param helo the name for EHLO: this host's, which should resolve to the address that probes come from, and back
     * @return a builder
     * @throws IllegalArgumentException if it is neither a domain name in ASCII nor an address literal
     */
    public static Builder builder(String helo) {
        return new Builder(helo);
    }

    String helo() {
        return helo;
    }

    @Nullable
    InetAddress localAddress() {
        return localAddress;
    }

    Set<InetAddress> ownAddresses() {
        return ownAddresses;
    }

    AddressFilter addressFilter() {
        return addressFilter;
    }

    int port() {
        return port;
    }

    Method method() {
        return method;
    }

    Tls tls() {
        return tls;
    }

    ProbeTimeouts timeouts() {
        return timeouts;
    }

    boolean catchAllCheck() {
        return catchAllCheck;
    }

    MailAddress randomRecipient(String domain) {
        return randomRecipients.at(domain, clock.instant());
    }

    /** {@return the sender to use where the null sender is rejected; null without one} */
    @Nullable
    MailAddress fallbackSender() {
        return fallbackSender == null ? null : fallbackSender.sender(clock.instant());
    }

    Random random() {
        return random;
    }

    /** Collects the settings. Not thread-safe. */
    public static final class Builder {

        private final String helo;
        private @Nullable InetAddress localAddress;
        private Set<InetAddress> ownAddresses = Set.of();
        private AddressFilter addressFilter = AddressFilter.publicOnly();
        private int port = SMTP_PORT;
        private Method method = Method.RCPT;
        private Tls tls = Tls.WHEN_DEMANDED;
        private ProbeTimeouts timeouts = ProbeTimeouts.DEFAULT;
        private @Nullable SecretKey catchAllKey;
        private boolean catchAllCheck = true;
        private @Nullable FallbackSender fallbackSender;
        private Random random = new SecureRandom();
        private InstantSource clock = InstantSource.system();

        private Builder(String helo) {
            Objects.requireNonNull(helo, "helo");
            this.helo = MailAddress.parse("postmaster@" + helo)
                    .filter(MailAddress::isAscii)
                    .map(MailAddress::domain)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "helo must be a domain name in ASCII or an address literal, was '" + SafeText.ascii(helo)
                                    + "'"));
        }

        /**
         * Sets the local address of connections; the system chooses one by default.
         *
         * @param address an address of this host
         */
        public Builder localAddress(InetAddress address) {
            localAddress = Objects.requireNonNull(address, "address");
            return this;
        }

        /**
         * Sets the addresses of our own mail servers; none by default. A domain whose mail goes there is not probed.
         *
         * @param addresses all of them, as other hosts see them
         */
        public Builder ownAddresses(Collection<InetAddress> addresses) {
            ownAddresses = Set.copyOf(Objects.requireNonNull(addresses, "addresses"));
            return this;
        }

        /**
         * Sets which network addresses may be connected to; {@link AddressFilter#publicOnly} by default. For tests on
         * loopback, and for sites with private mail servers.
         *
         * @param filter the filter
         */
        public Builder addressFilter(AddressFilter filter) {
            addressFilter = Objects.requireNonNull(filter, "filter");
            return this;
        }

        /**
         * Sets the port; {@value ProbeSettings#SMTP_PORT} by default. For tests.
         *
         * @param smtpPort the port
         * @throws IllegalArgumentException if it is not 1 to 65535
         */
        public Builder port(int smtpPort) {
            if (smtpPort < 1 || smtpPort > 65535) {
                throw new IllegalArgumentException("port must be between 1 and 65535, was " + smtpPort);
            }
            port = smtpPort;
            return this;
        }

        /**
         * Sets the command that verifies an address; {@link Method#RCPT} by default.
         *
         * @param asking the method
         */
        public Builder method(Method asking) {
            method = Objects.requireNonNull(asking, "asking");
            return this;
        }

        /**
         * Sets the use of STARTTLS; {@link Tls#WHEN_DEMANDED} by default.
         *
         * @param use the use
         */
        public Builder tls(Tls use) {
            tls = Objects.requireNonNull(use, "use");
            return this;
        }

        /**
         * Sets the timeouts; {@link ProbeTimeouts#DEFAULT} by default.
         *
         * @param times the timeouts
         */
        public Builder timeouts(ProbeTimeouts times) {
            timeouts = Objects.requireNonNull(times, "times");
            return this;
        }

        /**
         * Sets the key that generates the random local parts; each instance generates its own by default. Use the same key
         * on all hosts of a site, so a domain sees one random local part a day and not one from each host.
         *
         * @param key a secret key
         */
        public Builder catchAllKey(SecretKey key) {
            catchAllKey = Objects.requireNonNull(key, "key");
            return this;
        }

        /**
         * Sets whether the first accepted address of a domain is followed by a random local part, to detect a catch-all
         * domain (default: true; Exim's {@code random}). Without the check every address of a catch-all domain is {@link
         * org.senderauth.callout.outcome.CalloutReason#ACCEPTED} and costs a probe of its own.
         */
        public Builder catchAllCheck(boolean check) {
            catchAllCheck = check;
            return this;
        }

        /**
         * Sets the sender for a second attempt where the null sender is rejected; none by default, which leaves the
         * address undecided.
         *
         * @param senders generates the sender
         */
        public Builder fallbackSender(FallbackSender senders) {
            fallbackSender = Objects.requireNonNull(senders, "senders");
            return this;
        }

        /**
         * Sets the randomness that orders mail servers of the same preference; secure by default.
         *
         * @param source a thread-safe source, not necessarily a secure one
         */
        public Builder random(Random source) {
            random = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Sets the clock that dates random local parts and fallback senders; the system clock by default.
         *
         * @param source the clock
         */
        public Builder clock(InstantSource source) {
            clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * Builds the settings.
         *
         * @return the settings
         */
        public ProbeSettings build() {
            return new ProbeSettings(this);
        }
    }
}

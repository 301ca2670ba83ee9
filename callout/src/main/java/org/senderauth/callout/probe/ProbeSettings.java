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

/** How to ask mail servers, and as whom. Immutable and thread-safe if what it was given is. */
public final class ProbeSettings {

    /** The port of mail servers (RFC 5321 section 4.5.4.2). */
    public static final int SMTP_PORT = 25;

    /** Which command asks. */
    public enum Method {
        /** RCPT, which servers answer truly most often. */
        RCPT,
        /** VRFY, and RCPT where VRFY gives no clear answer: for hosts whose operators prefer that. */
        VRFY_FIRST,
        /** VRFY alone. Most servers answer it with 252 or not at all, which leaves the address undecided. */
        VRFY_ONLY
    }

    /** When to encrypt. */
    public enum Tls {
        /** Where the server demands it before it answers. */
        WHEN_DEMANDED,
        /** Wherever the server offers it; where it then fails, the server gives no answer. */
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
     * Starts settings.
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

    /** The sender to use where the null reverse-path is refused, if there is to be one. */
    @Nullable
    MailAddress fallbackSender() {
        return fallbackSender == null ? null : fallbackSender.sender(clock.instant());
    }

    Random random() {
        return random;
    }

    /** Collects settings. Not thread-safe. */
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
            boolean ascii = Objects.requireNonNull(helo, "helo").chars().allMatch(c -> c < 128);
            if (!ascii || MailAddress.parse("postmaster@" + helo).isEmpty()) {
                throw new IllegalArgumentException("helo must be a domain name in ASCII or an address literal, was '"
                        + SafeText.ascii(helo) + "'");
            }
            this.helo = helo;
        }

        /**
         * Connects from this address instead of the one that the system chooses.
         *
         * @param address an address of this host
         * @return this
         */
        public Builder localAddress(InetAddress address) {
            localAddress = Objects.requireNonNull(address, "address");
            return this;
        }

        /**
         * The addresses of our own mail servers. A domain whose mail goes there is not probed.
         *
         * @param addresses all of them, as other hosts see them
         * @return this
         */
        public Builder ownAddresses(Collection<InetAddress> addresses) {
            ownAddresses = Set.copyOf(Objects.requireNonNull(addresses, "addresses"));
            return this;
        }

        /**
         * Says which network addresses may be connected to, instead of {@link AddressFilter#publicOnly}: for tests on
         * loopback and for sites whose mail servers are private.
         *
         * @param filter the filter
         * @return this
         */
        public Builder addressFilter(AddressFilter filter) {
            addressFilter = Objects.requireNonNull(filter, "filter");
            return this;
        }

        /**
         * Connects to another port than {@value ProbeSettings#SMTP_PORT}: for tests.
         *
         * @param smtpPort the port
         * @return this
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
         * Says which command asks; {@link Method#RCPT} if this is not called.
         *
         * @param asking the method
         * @return this
         */
        public Builder method(Method asking) {
            method = Objects.requireNonNull(asking, "asking");
            return this;
        }

        /**
         * Says when to encrypt; {@link Tls#WHEN_DEMANDED} if this is not called.
         *
         * @param use when
         * @return this
         */
        public Builder tls(Tls use) {
            tls = Objects.requireNonNull(use, "use");
            return this;
        }

        /**
         * Waits for other times than {@link ProbeTimeouts#DEFAULT}.
         *
         * @param times the times
         * @return this
         */
        public Builder timeouts(ProbeTimeouts times) {
            timeouts = Objects.requireNonNull(times, "times");
            return this;
        }

        /**
         * The key that makes the invented local parts which tell a catch-all. Give all hosts of a site the same one, so
         * that a domain sees one such address a day and not one from each; without it, every instance makes its own.
         *
         * @param key a secret key
         * @return this
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
         * Asks once more with another sender where the null reverse-path is refused. Without it such an address stays
         * undecided.
         *
         * @param senders makes the sender
         * @return this
         */
        public Builder fallbackSender(FallbackSender senders) {
            fallbackSender = Objects.requireNonNull(senders, "senders");
            return this;
        }

        /**
         * Where the order of equal mail servers comes from.
         *
         * @param source a thread-safe source; it need not be a secure one
         * @return this
         */
        public Builder random(Random source) {
            random = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * The clock that dates invented local parts and fallback senders.
         *
         * @param source the clock
         * @return this
         */
        public Builder clock(InstantSource source) {
            clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /**
         * The settings.
         *
         * @return settings
         */
        public ProbeSettings build() {
            return new ProbeSettings(this);
        }
    }
}

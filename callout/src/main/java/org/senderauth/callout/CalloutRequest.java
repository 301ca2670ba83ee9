package org.senderauth.callout;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;

/**
 * A request to verify the envelope sender of a message. Immutable.
 *
 * <p>Request as late as possible: after recipient validation and after all cheaper checks.
 *
 * @param sender the address of {@code MAIL FROM}, as {@link EnvelopePath} reads it: without angle brackets, and empty for
 *     the null reverse-path; a text that is not an address stays as it is
 * @param client the network address of the SMTP client
 * @param spf the SPF result of the client and the sender's domain
 * @param trusted whether the client is authenticated or authorized to relay through this host
 * @param listed whether the client is on a DNS blocklist that decides
 */
public record CalloutRequest(String sender, InetAddress client, Spf spf, boolean trusted, boolean listed) {

    /**
     * Creates a request.
     *
     * @param sender the address of {@code MAIL FROM}, with or without angle brackets
     * @param client the network address of the SMTP client
     * @param spf the SPF result
     * @param trusted whether the client is authenticated or authorized to relay
     * @param listed whether the client is on a DNS blocklist that decides
     */
    public CalloutRequest {
        EnvelopePath path = EnvelopePath.parse(Objects.requireNonNull(sender, "sender"));
        sender = path instanceof EnvelopePath.Null
                ? ""
                : path.address().map(MailAddress::toString).orElse(sender);
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(spf, "spf");
    }

    /** The SPF result, as far as it matters to callouts. */
    public enum Spf {
        /** The client is authorized to send mail for the domain: the reserved half of the rate limits is open to it. */
        PASS,
        /** The client is not authorized, which decides: no probe is sent. */
        FAIL,
        /** Any other result, or none. */
        NONE
    }

    /**
     * Returns a builder.
     *
     * @param sender the address of {@code MAIL FROM}, with or without angle brackets
     * @return a builder, which requires a client
     */
    public static Builder sender(String sender) {
        return new Builder(Objects.requireNonNull(sender, "sender"));
    }

    /**
     * Returns a builder.
     *
     * @param sender the sender
     * @return a builder, which requires a client
     */
    public static Builder sender(MailAddress sender) {
        return new Builder(Objects.requireNonNull(sender, "sender").toString());
    }

    /** Collects the parts of a request. Not thread-safe. */
    public static final class Builder {

        private final String sender;
        private @Nullable InetAddress client;
        private Spf spf = Spf.NONE;
        private boolean trusted;
        private boolean listed;

        private Builder(String sender) {
            this.sender = sender;
        }

        /**
         * Sets the SMTP client's network address, which is required: probes are counted for the client that causes them.
         *
         * @param client the address
         */
        public Builder client(InetAddress client) {
            this.client = Objects.requireNonNull(client, "client");
            return this;
        }

        /**
         * Sets the SPF result; {@link Spf#NONE} by default.
         *
         * @param spf the result
         */
        public Builder spf(Spf spf) {
            this.spf = Objects.requireNonNull(spf, "spf");
            return this;
        }

        /**
         * Sets whether the client is authenticated or authorized to relay, so no probe is sent; false by default.
         *
         * @param trusted true if it is
         * @return this
         */
        public Builder trusted(boolean trusted) {
            this.trusted = trusted;
            return this;
        }

        /**
         * Sets whether a DNS blocklist decides about the client, so that no probe is sent; false by default.
         *
         * @param listed true if so
         */
        public Builder listed(boolean listed) {
            this.listed = listed;
            return this;
        }

        /**
         * Builds the request.
         *
         * @return the request
         * @throws IllegalStateException if there is no client
         */
        public CalloutRequest build() {
            InetAddress known = client;
            if (known == null) {
                throw new IllegalStateException("a callout needs the client that causes it: call client(...)");
            }
            return new CalloutRequest(sender, known, spf, trusted, listed);
        }
    }
}

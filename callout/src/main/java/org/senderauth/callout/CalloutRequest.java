package org.senderauth.callout;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/**
 * A question about the envelope sender of a mail that a client offers now. Immutable.
 *
 * <p>Ask as late as possible: after the recipient is known to be good, and after whatever is cheaper.
 *
 * @param sender what stands in {@code MAIL FROM}, without angle brackets; empty for the null reverse-path
 * @param client the network address of the SMTP client
 * @param spf what SPF says of the client and the sender's domain
 * @param trusted whether the client has authenticated, or relays through this host by right
 * @param listed whether the client stands on a DNS block list that decides about it
 */
public record CalloutRequest(String sender, InetAddress client, Spf spf, boolean trusted, boolean listed) {

    /**
     * A question.
     *
     * @param sender what stands in {@code MAIL FROM}, without angle brackets
     * @param client the network address of the SMTP client
     * @param spf what SPF says
     * @param trusted whether the client has authenticated or relays by right
     * @param listed whether the client stands on a block list that decides
     */
    public CalloutRequest {
        Objects.requireNonNull(sender, "sender");
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(spf, "spf");
    }

    /** What SPF says, as far as it matters here. */
    public enum Spf {
        /** The client may send for the domain: its share of the budgets is kept free of forgeries. */
        PASS,
        /** The client may not send for the domain, and that decides; nothing is asked. */
        FAIL,
        /** Anything else, or SPF was not asked. */
        NONE
    }

    /**
     * Begins a question.
     *
     * @param sender what stands in {@code MAIL FROM}, with or without angle brackets
     * @return a builder; it needs a client
     */
    public static Builder sender(String sender) {
        boolean bracketed = sender.startsWith("<") && sender.endsWith(">");
        return new Builder(bracketed ? sender.substring(1, sender.length() - 1) : sender);
    }

    /**
     * Begins a question.
     *
     * @param sender the sender
     * @return a builder; it needs a client
     */
    public static Builder sender(MailAddress sender) {
        return new Builder(sender.toString());
    }

    /** Collects what is known of the mail. */
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
         * Sets the SMTP client's network address. It must be set: whoever causes a callout is accounted for it.
         *
         * @param client the address
         * @return this
         */
        public Builder client(InetAddress client) {
            this.client = client;
            return this;
        }

        /**
         * Sets what SPF says; {@link Spf#NONE} if it is not set.
         *
         * @param spf the finding
         * @return this
         */
        public Builder spf(Spf spf) {
            this.spf = spf;
            return this;
        }

        /**
         * Sets whether the client has authenticated or relays by right, so that nothing is asked.
         *
         * @param trusted true if so
         * @return this
         */
        public Builder trusted(boolean trusted) {
            this.trusted = trusted;
            return this;
        }

        /**
         * Sets whether a DNS block list decides about the client already, so that nothing is asked.
         *
         * @param listed true if so
         * @return this
         */
        public Builder listed(boolean listed) {
            this.listed = listed;
            return this;
        }

        /**
         * Makes the question.
         *
         * @return the question
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

package org.senderauth.policy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Transactions that no step is taken for: of our own users and networks, and those on the allow-lists. Immutable and
 * thread-safe.
 *
 * <p>A client cannot forge its address nor its authentication, but the sender and the recipient are what it says: an
 * exempt sender is open to forgery.
 */
public final class Exemptions {

    /** Nobody is exempt but authenticated clients. */
    public static final Exemptions AUTHENTICATED = builder().build();

    private final boolean authenticated;
    private final List<Network> networks;
    private final Set<String> senders;
    private final Set<String> senderDomains;
    private final Set<String> recipients;

    private Exemptions(Builder builder) {
        this.authenticated = builder.authenticated;
        this.networks = List.copyOf(builder.networks);
        this.senders = Set.copyOf(builder.senders);
        this.senderDomains = Set.copyOf(builder.senderDomains);
        this.recipients = Set.copyOf(builder.recipients);
    }

    /**
     * Starts with authenticated clients as the only ones exempt.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Why a transaction is exempt.
     *
     * @param transaction the transaction
     * @return the reason for a person, or nothing if it is not exempt
     */
    public Optional<String> reason(Transaction transaction) {
        if (authenticated && transaction.user() != null) {
            return Optional.of("the client is authenticated");
        }
        Optional<Network> network = network(transaction.client());
        if (network.isPresent()) {
            return network.map(found -> "the client is in the exempt network " + found);
        }
        String sender = transaction.sender().toLowerCase(Locale.ROOT);
        if (!sender.isEmpty() && senders.contains(sender)) {
            return Optional.of("the sender is exempt");
        }
        String domain = Domains.ofAddress(sender);
        if (senderDomains.contains(domain)) {
            return Optional.of("the sender's domain " + domain + " is exempt");
        }
        String recipient = transaction.recipient();
        if (recipient != null && recipients.contains(recipient.toLowerCase(Locale.ROOT))) {
            return Optional.of("the recipient is exempt");
        }
        return Optional.empty();
    }

    /** Whether a transaction that has come so far, and is not exempt, will not become so. */
    boolean settledAt(Stage stage) {
        return switch (stage) {
            case HELO -> senders.isEmpty() && senderDomains.isEmpty() && recipients.isEmpty();
            case MAIL -> recipients.isEmpty();
            case RCPT, RECIPIENT_EXISTS -> true;
        };
    }

    private Optional<Network> network(InetAddress client) {
        return networks.stream().filter(network -> network.contains(client)).findFirst();
    }

    /** Collects who is exempt; case matters nowhere. Not thread-safe. */
    public static final class Builder {

        private boolean authenticated = true;
        private final List<Network> networks = new ArrayList<>();
        private final Set<String> senders = new HashSet<>();
        private final Set<String> senderDomains = new HashSet<>();
        private final Set<String> recipients = new HashSet<>();

        private Builder() {}

        /**
         * Whether clients that authenticated themselves are exempt; by default they are.
         *
         * @param exempt whether they are
         * @return this
         */
        public Builder authenticated(boolean exempt) {
            this.authenticated = exempt;
            return this;
        }

        /**
         * Exempts the clients of a network.
         *
         * @param network the network
         * @return this
         */
        public Builder network(Network network) {
            networks.add(Objects.requireNonNull(network, "network"));
            return this;
        }

        /**
         * Exempts a sender.
         *
         * @param address the whole address
         * @return this
         */
        public Builder sender(String address) {
            senders.add(address.toLowerCase(Locale.ROOT));
            return this;
        }

        /**
         * Exempts all senders of a domain; those of the domains below it are others.
         *
         * @param domain the domain
         * @return this
         */
        public Builder senderDomain(String domain) {
            senderDomains.add(Domains.normal(domain));
            return this;
        }

        /**
         * Exempts mail to a recipient, such as a postmaster to whom refused people may write.
         *
         * @param address the whole address
         * @return this
         */
        public Builder recipient(String address) {
            recipients.add(address.toLowerCase(Locale.ROOT));
            return this;
        }

        /**
         * The exemptions.
         *
         * @return immutable exemptions
         */
        public Exemptions build() {
            return new Exemptions(this);
        }
    }
}

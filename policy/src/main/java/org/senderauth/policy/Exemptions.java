package org.senderauth.policy;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.senderauth.core.EnvelopePath;
import org.senderauth.core.MailAddress;
import org.senderauth.core.MailDomain;
import org.senderauth.core.RoleMailbox;

/**
 * The transactions for which no step, or not each step, runs: those of our users and networks, and those on the
 * allowlists. Immutable and thread-safe.
 *
 * <p>A client cannot forge its address or its authentication. It chooses the sender and the recipient, so an exempt sender
 * can be forged.
 */
public final class Exemptions {

    /** The exemption of authenticated clients only. */
    public static final Exemptions AUTHENTICATED = builder().build();

    private final boolean authenticated;
    private final NetworkSet networks;
    private final NamedDomains heloNames;
    private final Map<String, String> senders;
    private final NamedDomains senderDomains;
    private final Map<String, String> recipients;
    private final NamedDomains recipientDomains;
    private final Set<String> roleDomains;
    private final Map<Step, Exemptions> ofSteps;

    private Exemptions(Builder builder) {
        this.authenticated = builder.authenticated;
        this.networks = builder.networks.copy();
        this.heloNames = builder.heloNames.copy();
        this.senders = Map.copyOf(builder.senders);
        this.senderDomains = builder.senderDomains.copy();
        this.recipients = Map.copyOf(builder.recipients);
        this.recipientDomains = builder.recipientDomains.copy();
        this.roleDomains = Set.copyOf(builder.roleDomains);
        this.ofSteps = Map.copyOf(builder.ofSteps);
    }

    /**
     * Returns a builder with which only authenticated clients are exempt.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns the reason why a transaction is exempt.
     *
     * @param transaction the transaction
     * @return the reason for the reader of a log; empty if it is not exempt
     */
    public Optional<String> reason(Transaction transaction) {
        if (authenticated && transaction.user().isPresent()) {
            return Optional.of("the client is authenticated");
        }
        Optional<String> network = networks.find(transaction.client());
        if (network.isPresent()) {
            return network.map(found -> "the client is in the exempt network " + found);
        }
        Optional<String> helo =
                heloNames.isEmpty() ? Optional.empty() : heloNames.find(DomainNormalizer.normal(transaction.helo()));
        if (helo.isPresent()) {
            return helo.map(found -> "the HELO name is exempt: " + found);
        }
        String sender = normal(transaction.sender());
        String senderList = senders.get(sender);
        if (senderList != null) {
            return Optional.of("the sender is exempt: " + sender + senderList);
        }
        Optional<String> senderDomain = senderDomains.find(DomainNormalizer.ofAddress(sender));
        if (senderDomain.isPresent()) {
            return senderDomain.map(found -> "the sender's domain is exempt: " + found);
        }
        return transaction.recipient().flatMap(recipient -> ofRecipient(transaction, recipient));
    }

    /** The form in which addresses are compared: in lower case, the domain in A-labels. */
    private static String normal(String address) {
        String text = MailAddress.split(address)
                .map(split -> split.localPart() + "@" + DomainNormalizer.normal(split.domain()))
                .orElse(address);
        return text.toLowerCase(Locale.ROOT);
    }

    private Optional<String> ofRecipient(Transaction transaction, String recipient) {
        String address = normal(recipient);
        String list = recipients.get(address);
        if (list != null) {
            return Optional.of("the recipient is exempt: " + address + list);
        }
        Optional<String> domain = recipientDomains.find(DomainNormalizer.ofAddress(address));
        if (domain.isPresent()) {
            return domain.map(found -> "the recipient's domain is exempt: " + found);
        }
        if (transaction.isBounce() && isRoleMailbox(recipient)) {
            return Optional.of("postmaster and abuse accept bounces from any host");
        }
        return Optional.empty();
    }

    /**
     * Returns the reason why a transaction is exempt from one step.
     *
     * @param step the step
     * @param transaction the transaction
     * @return the reason for the reader of a log; empty if it is not exempt from this step alone
     */
    public Optional<String> reason(Step step, Transaction transaction) {
        Exemptions own = ofSteps.get(step);
        return own == null ? Optional.empty() : own.reason(transaction);
    }

    // RCPT accepts postmaster without a domain (RFC 5321 section 4.1.1.3), which means that of this host.
    private boolean isRoleMailbox(String recipient) {
        return !roleDomains.isEmpty() && recipient.equalsIgnoreCase("postmaster")
                || roleDomains.contains(DomainNormalizer.ofAddress(recipient))
                        && MailAddress.split(recipient).filter(RoleMailbox::is).isPresent();
    }

    /** Tests whether a transaction that is not exempt from a step at a stage cannot become exempt later. */
    boolean settledAt(Stage stage, Step step, Transaction transaction) {
        Exemptions own = ofSteps.get(step);
        return settledAt(stage, transaction) && (own == null || own.settledAt(stage, transaction));
    }

    /** Tests whether a transaction that is not exempt at a stage cannot become exempt later. */
    boolean settledAt(Stage stage, Transaction transaction) {
        return switch (stage) {
            case HELO -> senders.isEmpty() && senderDomains.isEmpty() && settledAtMail() && roleDomains.isEmpty();
            case MAIL -> settledAtMail() && (roleDomains.isEmpty() || !transaction.isBounce());
            case RCPT, RCPT_VALIDATED, END_OF_MESSAGE -> true;
        };
    }

    private boolean settledAtMail() {
        return recipients.isEmpty() && recipientDomains.isEmpty();
    }

    /** Collects exemptions; all texts are case-insensitive. Not thread-safe. */
    public static final class Builder {

        private boolean authenticated = true;
        private final NetworkSet networks = new NetworkSet();
        private final NamedDomains heloNames = new NamedDomains();
        private final Map<String, String> senders = new HashMap<>();
        private final NamedDomains senderDomains = new NamedDomains();
        private final Map<String, String> recipients = new HashMap<>();
        private final NamedDomains recipientDomains = new NamedDomains();
        private final Set<String> roleDomains = new HashSet<>();
        private final Map<Step, Exemptions> ofSteps = new EnumMap<>(Step.class);
        private String list = "";

        private Builder() {}

        /**
         * Sets whether authenticated clients are exempt; by default they are.
         *
         * @param exempt true if they are exempt
         */
        public Builder authenticated(boolean exempt) {
            this.authenticated = exempt;
            return this;
        }

        /**
         * Exempts the clients of a network.
         *
         * @param network the network
         */
        public Builder network(Network network) {
            networks.add(Objects.requireNonNull(network, "network"), list);
            return this;
        }

        /**
         * Exempts the clients with a HELO name. Any client can use it.
         *
         * @param name the name; with a leading dot all its subdomains instead
         * @throws IllegalArgumentException if it is not a domain name
         */
        public Builder heloName(String name) {
            heloNames.add(name, "heloName", list);
            return this;
        }

        /**
         * Names the list that the entries added after this call are from. The reason of an exemption includes it.
         *
         * @param name such as the name of a file; empty for none
         */
        public Builder list(String name) {
            this.list = Objects.requireNonNull(name, "name").isEmpty() ? "" : " (" + name + ")";
            return this;
        }

        /**
         * Exempts transactions from one step.
         *
         * @param step the step that does not run
         * @param exemptions the transactions for which it does not run
         */
        public Builder step(Step step, Exemptions exemptions) {
            ofSteps.put(Objects.requireNonNull(step, "step"), Objects.requireNonNull(exemptions, "exemptions"));
            return this;
        }

        /**
         * Exempts a sender.
         *
         * @param address the whole address
         * @throws IllegalArgumentException if it is not an address
         */
        public Builder sender(String address) {
            senders.putIfAbsent(address(address, "sender"), list);
            return this;
        }

        /**
         * Exempts all senders of a domain.
         *
         * @param domain the domain; with a leading dot all its subdomains instead
         * @throws IllegalArgumentException if it is not a domain name
         */
        public Builder senderDomain(String domain) {
            senderDomains.add(domain, "senderDomain", list);
            return this;
        }

        // A recipient such as postmaster does not need a domain (RFC 5321 section 4.5.1).
        private static String address(String text, String parameter) {
            EnvelopePath path = EnvelopePath.parse(Objects.requireNonNull(text, parameter));
            String address = path instanceof EnvelopePath.Partial partial
                            && partial.domain().isEmpty()
                    ? partial.localPart()
                    : EnvelopePath.require(text, parameter).toString();
            return normal(address);
        }

        /**
         * Exempts mail to a recipient, such as a postmaster to whom rejected senders can write.
         *
         * @param address the whole address
         * @throws IllegalArgumentException if it is not an address
         */
        public Builder recipient(String address) {
            recipients.putIfAbsent(address(address, "recipient"), list);
            return this;
        }

        /**
         * Exempts mail to all recipients of a domain.
         *
         * @param domain the domain; with a leading dot all its subdomains instead
         * @throws IllegalArgumentException if it is not a domain name
         */
        public Builder recipientDomain(String domain) {
            recipientDomains.add(domain, "recipientDomain", list);
            return this;
        }

        /**
         * Exempts mail from the null sender to postmaster and abuse at a domain: RFC 5321 section 4.5.1 requires that any
         * host reaches the postmaster. Ordinary mail to them is checked; {@link #recipient} exempts that too.
         *
         * @param domain our domain
         */
        public Builder roleMailboxesAt(String domain) {
            roleDomains.add(DomainNormalizer.normal(MailDomain.require(domain, "roleMailboxesAt")));
            return this;
        }

        /**
         * Builds the exemptions.
         *
         * @return immutable exemptions
         */
        public Exemptions build() {
            return new Exemptions(this);
        }
    }
}

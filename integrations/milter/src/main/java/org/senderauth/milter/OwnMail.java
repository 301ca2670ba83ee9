package org.senderauth.milter;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailDomain;
import org.senderauth.dns.DomainNames;
import org.senderauth.policy.Network;

/**
 * The rules of own mail, which is signed and not checked: that of authenticated clients, of our networks, of the
 * MTA's own submission service, and mail that did not come by SMTP. Immutable.
 */
public final class OwnMail {

    /** Only mail of authenticated clients, and mail that did not come by SMTP. */
    public static final OwnMail AUTHENTICATED = builder().build();

    private final List<Network> networks;
    private final Set<String> daemonNames;
    private final Set<String> domains;

    private OwnMail(Builder builder) {
        this.networks = builder.networks;
        this.daemonNames = builder.daemonNames;
        this.domains = builder.domains;
    }

    /** {@return a builder; by default only mail of authenticated clients, and mail that did not come by SMTP, is our own} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return the networks of our own hosts} */
    public List<Network> networks() {
        return networks;
    }

    /**
     * {@return the names of the MTA's submission services: {@code milter_macro_daemon_name} of Postfix, {@code Name}
     * of Sendmail's DaemonPortOptions}
     */
    public Set<String> daemonNames() {
        return daemonNames;
    }

    /** {@return the domains whose mail is delivered here, as {@link DomainNames#canonical} gives them} */
    public Set<String> domains() {
        return domains;
    }

    /** Tests whether a message is our own. */
    boolean includes(MilterMessage message) {
        return message.macro("auth_authen").isPresent()
                || message.macro("daemon_name").filter(daemonNames::contains).isPresent()
                || isFromOurHosts(message.client());
    }

    /** Tests whether a message comes from a host that we trust to have checked it, this one included. */
    boolean isFromOurHosts(MilterClient client) {
        return client.isNotSmtp()
                || client.address()
                        .filter(address -> networks.stream().anyMatch(network -> network.contains(address)))
                        .isPresent();
    }

    /** Tests whether mail for an address leaves this host. */
    boolean isRemote(String address) {
        int at = address.lastIndexOf('@');
        return at >= 0 && !domains.contains(DomainNames.canonical(address.substring(at + 1)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OwnMail that
                && networks.equals(that.networks)
                && daemonNames.equals(that.daemonNames)
                && domains.equals(that.domains);
    }

    @Override
    public int hashCode() {
        return Objects.hash(networks, daemonNames, domains);
    }

    @Override
    public String toString() {
        return "OwnMail[networks=" + networks + ", daemonNames=" + daemonNames + ", domains=" + domains + "]";
    }

    /** Collects the rules. Not thread-safe. */
    public static final class Builder {

        private List<Network> networks = List.of();
        private Set<String> daemonNames = Set.of();
        private Set<String> domains = Set.of();

        private Builder() {}

        /**
         * Sets the networks of our own hosts; none by default.
         *
         * @param networks the networks
         */
        public Builder networks(List<Network> networks) {
            this.networks = List.copyOf(Objects.requireNonNull(networks, "networks"));
            return this;
        }

        /**
         * Sets the names of the MTA's submission services; none by default.
         *
         * @param daemonNames the names, case-sensitive
         */
        public Builder daemonNames(Set<String> daemonNames) {
            this.daemonNames = Set.copyOf(Objects.requireNonNull(daemonNames, "daemonNames"));
            return this;
        }

        /**
         * Sets the domains whose mail is delivered here; none by default.
         *
         * @param domains the domains, case-insensitive, in A-labels or U-labels
         * @throws IllegalArgumentException if one is not a domain name
         */
        public Builder domains(Set<String> domains) {
            this.domains = Objects.requireNonNull(domains, "domains").stream()
                    .map(domain -> DomainNames.canonical(MailDomain.require(domain, "domains")))
                    .collect(Collectors.toUnmodifiableSet());
            return this;
        }

        /**
         * Builds the rules.
         *
         * @return immutable rules
         */
        public OwnMail build() {
            return new OwnMail(this);
        }
    }
}

package org.senderauth.server;

import static org.senderauth.server.ConfigValues.ADDRESS;
import static org.senderauth.server.ConfigValues.DOMAIN;
import static org.senderauth.server.ConfigValues.NETWORK;

import java.util.List;
import org.senderauth.core.MailAddress;
import org.senderauth.milter.Relays;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.Network;
import org.senderauth.policy.Step;

/**
 * Reads which mail is exempt, from all steps or from one: {@code exempt}.
 *
 * @param lists reads the lists
 */
record ExemptReader(ListReader lists) {

    private static final ListReader.Kind<Network> NETWORKS =
            new ListReader.Kind<>(NETWORK, ConfigValues::network, ListReader.Values.ACCEPT);
    private static final ListReader.Kind<MailAddress> ADDRESSES =
            new ListReader.Kind<>(ADDRESS, MailAddress::parse, ListReader.Values.ACCEPT);
    private static final ListReader.Kind<String> DOMAINS = new ListReader.Kind<>(
            DOMAIN + ", or .example.org for its subdomains",
            ConfigValues::domainOrSubdomains,
            ListReader.Values.ACCEPT);

    // Mail of this host itself.
    private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1");

    /**
     * Reads the section below the root.
     *
     * @param domains our domains, whose postmaster and abuse accept bounces from any host
     * @param relays the policy protocol does not see the client of a relay, so it does not decide on mail of relays
     */
    Exemptions read(ConfigSection root, List<String> domains, Relays relays) {
        ConfigSection section = root.section("exempt");
        Exemptions.Builder builder = Exemptions.builder().authenticated(section.flag("authenticated", true));
        entries(section, builder);
        builder.list("");
        if (section.flag("loopback", true)) {
            LOOPBACK.forEach(network -> builder.network(Network.parse(network).orElseThrow()));
        }
        relays.networks().forEach(builder::network);
        domains.forEach(builder::roleMailboxesAt);
        ConfigSection steps = section.section("steps");
        for (Step step : Step.values()) {
            ConfigSection own = steps.section(step.text());
            if (steps.has(step.text())) {
                Exemptions.Builder ofStep = Exemptions.builder().authenticated(false);
                entries(own, ofStep);
                builder.step(step, ofStep.build());
            }
            own.end();
        }
        steps.end();
        section.end();
        return builder.build();
    }

    private void entries(ConfigSection section, Exemptions.Builder builder) {
        lists.each(
                section,
                "networks",
                NETWORKS,
                (network, list) -> builder.list(list).network(network));
        lists.each(
                section,
                "helo-names",
                DOMAINS,
                (name, list) -> builder.list(list).heloName(name));
        lists.each(
                section,
                "senders",
                ADDRESSES,
                (address, list) -> builder.list(list).sender(address.toString()));
        lists.each(
                section,
                "sender-domains",
                DOMAINS,
                (domain, list) -> builder.list(list).senderDomain(domain));
        lists.each(
                section,
                "recipients",
                ADDRESSES,
                (address, list) -> builder.list(list).recipient(address.toString()));
        lists.each(
                section,
                "recipient-domains",
                DOMAINS,
                (domain, list) -> builder.list(list).recipientDomain(domain));
    }
}

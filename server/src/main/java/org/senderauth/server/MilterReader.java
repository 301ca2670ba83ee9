package org.senderauth.server;

import static org.senderauth.server.ConfigValues.DOMAIN;
import static org.senderauth.server.ConfigValues.NETWORK;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.senderauth.milter.OwnMail;
import org.senderauth.milter.Relays;
import org.senderauth.policy.Network;

/** Reads which mail the milter signs: {@code milter}. */
record MilterReader(List<String> domains, boolean hasBatv, boolean hasSes) {

    private static final ListReader.Kind<Network> NETWORKS =
            new ListReader.Kind<>(NETWORK, ConfigValues::network, ListReader.Values.IGNORED);
    private static final ListReader.Kind<String> DOMAINS = new ListReader.Kind<>(
            DOMAIN + ", or .example.org for its subdomains",
            ConfigValues::domainOrSubdomains,
            ListReader.Values.IGNORED);

    /** Reads the section below the root. */
    ServeConfig.MilterSettings read(ConfigSection root, ListReader lists, boolean isServed, Relays relays) {
        ConfigSection section = root.section("milter");
        ServeConfig.SignWith sign = section.choice("sign", usual(), ServeConfig.SignWith.class);
        List<Network> networks = lists.values(section, "networks", NETWORKS);
        Set<String> daemons =
                new HashSet<>(section.values("daemon-names", "a name such as ORIGINATING", text -> Optional.of(text)));
        Set<String> unsigned = new HashSet<>(lists.values(section, "unsigned-domains", DOMAINS));
        section.end();
        if (root.has("milter") && !isServed) {
            root.problem(
                    "milter", "milter requires a listener; add \"milter: inet:127.0.0.1:10033\" under \"listen:\"");
        }
        if (sign == ServeConfig.SignWith.BATV && !hasBatv || sign == ServeConfig.SignWith.SES && !hasSes) {
            String name = MetricRegistry.word(sign);
            section.problem("sign", "sign: " + name + " requires keys; add \"" + name + ":\"");
        }
        if (isServed && sign != ServeConfig.SignWith.OFF && domains.isEmpty()) {
            root.problem("listen", "signing requires the local domains; add \"domains: [example.org]\"");
        }
        return new ServeConfig.MilterSettings(
                sign,
                OwnMail.builder()
                        .networks(networks)
                        .daemonNames(daemons)
                        .domains(Set.copyOf(domains))
                        .build(),
                relays,
                Set.copyOf(unsigned));
    }

    /** Reads the hosts that hand mail for us on. */
    static Relays relays(ConfigSection root, ListReader lists, boolean isServed) {
        List<Network> networks = lists.values(root, "relays", NETWORKS);
        boolean reject = root.flag("relays-reject", false);
        if (reject && networks.isEmpty()) {
            root.problem("relays-reject", "relays-reject requires networks; add \"relays: [192.0.2.25]\"");
        }
        if (reject && !isServed) {
            root.problem(
                    "relays-reject",
                    "only a milter sees the client of a relay; add \"milter: inet:127.0.0.1:10033\" under \"listen:\"");
        }
        return new Relays(networks, reject);
    }

    private ServeConfig.SignWith usual() {
        if (hasBatv) {
            return ServeConfig.SignWith.BATV;
        }
        return hasSes ? ServeConfig.SignWith.SES : ServeConfig.SignWith.OFF;
    }
}

package org.senderauth.cli.serve;

import static org.senderauth.cli.serve.ConfigValues.ADDRESS;
import static org.senderauth.cli.serve.ConfigValues.DOMAIN;
import static org.senderauth.cli.serve.ConfigValues.FILE;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.senderauth.cli.serve.Section.Problems;
import org.senderauth.core.MailAddress;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.Network;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.Step;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.postfix.MtaServer;
import org.senderauth.postfix.ServerLimits;

/**
 * Reads a configuration file whole, with the files that it names, and finds all that is wrong with it. A section is
 * read by a method of its own, or a class of its own where that is long; what one section needs of another is checked
 * in {@link #config}.
 */
final class ConfigReader {

    private static final int DNS_PORT = 53;

    private final Path folder;
    private final Problems problems;

    private ConfigReader(Path file, Problems problems) {
        Path parent = file.toAbsolutePath().getParent();
        this.folder = parent == null ? Path.of("/") : parent;
        this.problems = problems;
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException if anything is wrong with it; with all of it
     * @throws IOException if it cannot be read at all
     */
    static ServeConfig read(Path file) throws IOException, ConfigException {
        Problems problems = new Problems(file.toString());
        Optional<ServeConfig> config =
                ConfigFile.read(file, problems).map(root -> new ConfigReader(file, problems).config(root));
        List<String> all = problems.all();
        if (!all.isEmpty()) {
            throw new ConfigException(all);
        }
        return config.orElseThrow();
    }

    private ServeConfig config(Section root) {
        String hostname = root.value("hostname", "", DOMAIN + ", this host's own", ConfigValues::domain);
        if (!root.has("hostname")) {
            problems.add(
                    root.line(), "\"hostname\" is missing; add this host's name, such as \"hostname: mx.example.org\"");
        }
        List<String> domains = root.values("domains", DOMAIN, ConfigValues::domain);
        ServeConfig.Dns dns = dns(root.section("dns"));
        ServeConfig.Listen listen = listen(root.section("listen"));
        ServeConfig.Limits limits = limits(root.section("limits"));
        Exemptions exemptions = exemptions(root.section("exempt"));
        StepsReader stepsReader = new StepsReader(folder);
        ServeConfig.Steps steps = stepsReader.read(root);
        KeysReader keys = new KeysReader(folder);
        ServeConfig.BatvSettings batv = keys.batv(root, domains);
        ServeConfig.SesSettings ses = keys.ses(root);
        ServeConfig.Redis redis = new RedisReader(folder).read(root);
        root.end();
        if (!root.has("batv")) {
            stepsReader.needs(Step.BATV, "keys; add \"batv:\" with \"key-file: FILE\"");
        }
        if (!root.has("ses")) {
            stepsReader.needs(Step.SES, "keys; add \"ses:\" with \"keys: FILE\"");
        }
        if (!listen.socketmap().isEmpty() && !root.has("batv") && !root.has("ses")) {
            root.problem("listen", "a socketmap without keys has no map; add \"batv:\" or \"ses:\", or remove it");
        }
        if (listen.servesZone() && (ses == null || ses.nameServers().isEmpty())) {
            String key = listen.sesDns() != null ? "ses-dns" : "ses-powerdns";
            root.problem("listen", "\"" + key + "\" needs \"ses:\" with \"keys\" and \"name-servers\"");
        }
        if (ses != null && ses.signingKey() != null && listen.sesPowerDns() == null) {
            root.problem(
                    "ses",
                    "\"dnssec-key\" is for PowerDNS; add \"ses-powerdns: unix:/run/senderauth/pdns\" below \"listen:\"");
        }
        if (redis != null && steps.callout().stateFile() != null) {
            root.problem("redis", "callouts are remembered in Redis; remove \"state-file\" below \"callout:\"");
        }
        return new ServeConfig(hostname, domains, dns, listen, limits, exemptions, steps, batv, ses, redis);
    }

    private ServeConfig.Dns dns(Section section) {
        InetSocketAddress server = section.value(
                "server", null, "an address such as 127.0.0.1:53", text -> ConfigValues.inet(text, DNS_PORT));
        List<Path> zones = section.values("zones", FILE, text -> ConfigValues.path(folder, text));
        if (server != null && !zones.isEmpty()) {
            section.problem("zones", "\"zones\" and \"server\" exclude each other; remove one");
        }
        if (!zones.isEmpty()) {
            try {
                ZoneDnsClient.ofFiles(zones);
            } catch (IOException e) {
                section.problem("zones", Reasons.of(e) + "; mend the master file");
            }
        }
        section.end();
        return new ServeConfig.Dns(server, zones);
    }

    private ServeConfig.Listen listen(Section section) {
        List<SocketAddress> policy = listeners(section, "policy");
        List<SocketAddress> socketmap = listeners(section, "socketmap");
        String inet = "an address such as 127.0.0.1:9797";
        InetSocketAddress http = section.value("http", null, inet, ConfigValues::inet);
        InetSocketAddress sesDns = section.value("ses-dns", null, inet, ConfigValues::inet);
        Path sesPowerDns = powerDns(section);
        Set<PosixFilePermission> mode = section.value(
                "socket-mode",
                MtaServer.DEFAULT_SOCKET_PERMISSIONS,
                "permissions such as rw-rw----",
                ConfigReader::permissions);
        if (Stream.of("policy", "socketmap", "http", "ses-dns", "ses-powerdns").noneMatch(section::has)) {
            problems.add(section.line(), "nothing is served; add \"policy: inet:127.0.0.1:10031\" below \"listen:\"");
        }
        List<SocketAddress> all = new ArrayList<>(policy);
        all.addAll(socketmap);
        Optional.ofNullable(http).ifPresent(all::add);
        Optional.ofNullable(sesDns).ifPresent(all::add);
        Optional.ofNullable(sesPowerDns).map(UnixDomainSocketAddress::of).ifPresent(all::add);
        for (int i = 0; i < all.size(); i++) {
            boolean anyPort = all.get(i) instanceof InetSocketAddress socket && socket.getPort() == 0;
            if (!anyPort && all.indexOf(all.get(i)) < i) {
                problems.add(section.line(), "two services listen on one address; give each its own");
            }
        }
        section.end();
        return new ServeConfig.Listen(policy, socketmap, sesDns, sesPowerDns, http, mode);
    }

    private static List<SocketAddress> listeners(Section section, String key) {
        List<SocketAddress> addresses = section.values(
                key, "an address such as inet:127.0.0.1:10031 or unix:/run/senderauth/policy", ListenAddress::parse);
        addresses.forEach(address -> checkFolder(section, key, address));
        return addresses;
    }

    private static @Nullable Path powerDns(Section section) {
        String key = "ses-powerdns";
        return section.value(
                key,
                null,
                "a socket such as unix:/run/senderauth/pdns",
                text -> ListenAddress.parse(text)
                        .filter(UnixDomainSocketAddress.class::isInstance)
                        .map(address -> {
                            checkFolder(section, key, address);
                            return ((UnixDomainSocketAddress) address).getPath();
                        }));
    }

    private static void checkFolder(Section section, String key, SocketAddress address) {
        Path parent =
                address instanceof UnixDomainSocketAddress unix ? unix.getPath().getParent() : null;
        if (parent != null && !Files.isDirectory(parent)) {
            section.problem(key, "there is no folder " + parent + " for a socket; create it");
        }
    }

    private static Optional<Set<PosixFilePermission>> permissions(String text) {
        try {
            return Optional.of(PosixFilePermissions.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ServeConfig.Limits limits(Section section) {
        int connections = section.number("connections", ServerLimits.DEFAULT.connections(), 1, 100_000);
        int deadline = section.number("deadline-seconds", (int) SenderPolicy.DEFAULT_DEADLINE.toSeconds(), 1, (int)
                ServeConfig.Limits.LONGEST_DEADLINE.toSeconds());
        section.end();
        return new ServeConfig.Limits(connections, Duration.ofSeconds(deadline));
    }

    private static Exemptions exemptions(Section section) {
        Exemptions.Builder builder = Exemptions.builder().authenticated(section.flag("authenticated", true));
        section.values("networks", "a network such as 192.0.2.0/24", Network::parse)
                .forEach(builder::network);
        section.values("senders", ADDRESS, MailAddress::parse).forEach(sender -> builder.sender(sender.toString()));
        section.values("sender-domains", DOMAIN, ConfigValues::domain).forEach(builder::senderDomain);
        section.values("recipients", ADDRESS, MailAddress::parse)
                .forEach(recipient -> builder.recipient(recipient.toString()));
        section.end();
        return builder.build();
    }
}

package org.senderauth.server;

import static org.senderauth.server.ConfigValues.DOMAIN;
import static org.senderauth.server.ConfigValues.FILE;

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
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.milter.Relays;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.Step;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.postfix.MtaServer;
import org.senderauth.postfix.ServerLimits;
import org.senderauth.server.ConfigSection.Problems;
import org.senderauth.server.web.WebSettings;

/**
 * Reads a configuration file whole, with the files that it names, and finds all that is wrong with it. A section is
 * read by a method of its own, or a class of its own where that is long; what one section needs of another is checked
 * in {@link #config}.
 */
final class ConfigReader {

    private static final int DNS_PORT = 53;
    private static final int MAX_INVALID_SIGNATURES = 1_000_000;

    private static final ListReader.Kind<String> OWN_DOMAINS =
            new ListReader.Kind<>(DOMAIN, ConfigValues::domain, ListReader.Values.IGNORED);

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
        return read(file, ConfigFile.text(file));
    }

    /**
     * Reads the text that a file has, or had: the files that it names are read now.
     *
     * @throws ConfigException if anything is wrong with it; with all of it
     */
    static ServeConfig read(Path file, String text) throws ConfigException {
        Problems problems = new Problems(file.toString());
        Optional<ServeConfig> config =
                ConfigFile.parse(text, problems).map(root -> new ConfigReader(file, problems).config(root));
        List<String> all = problems.all();
        if (!all.isEmpty()) {
            throw new ConfigException(all);
        }
        return config.orElseThrow();
    }

    private ServeConfig config(ConfigSection root) {
        String hostname = root.value("hostname", "", DOMAIN + ", this host's own", ConfigValues::domain);
        if (!root.has("hostname")) {
            problems.add(
                    root.line(), "missing \"hostname\"; add this host's name, such as \"hostname: mx.example.org\"");
        }
        ListReader lists = new ListReader(folder);
        List<String> domains = lists.values(root, "domains", OWN_DOMAINS);
        ServeConfig.Dns dns = dns(root.section("dns"));
        ServeConfig.Listen listen = listen(root.section("listen"));
        ServeConfig.Limits limits = limits(root.section("limits"));
        Relays relays = MilterReader.relays(root, lists, !listen.milter().isEmpty());
        Exemptions exemptions = new ExemptReader(lists).read(root, domains, relays);
        StepsReader stepsReader = new StepsReader(folder, limits.deadline());
        ServeConfig.Steps steps = stepsReader.read(root);
        KeysReader keys = new KeysReader(folder);
        ServeConfig.BatvSettings batv =
                keys.batv(root, domains, !listen.milter().isEmpty());
        ServeConfig.SesSettings ses = keys.ses(root, !listen.milter().isEmpty());
        ServeConfig.SpfZoneSettings spfZone = new SpfZoneReader(folder).read(root);
        SrsSettings srs = new SrsReader(folder, lists).read(root, domains);
        Dkim2Settings dkim2 =
                new Dkim2Reader(folder).read(root, !listen.milter().isEmpty());
        ServeConfig.MilterSettings milter = new MilterReader(domains, batv != null, ses != null)
                .read(root, lists, !listen.milter().isEmpty(), relays);
        ServeConfig.Redis redis = new RedisReader(folder).read(root);
        WebSettings web = new WebReader(folder).read(root, listen.web());
        HistorySettings history = HistorySettings.read(folder, root.section("history"));
        root.end();
        if (root.has("history") && history.directory() == null && listen.control() == null && listen.web() == null) {
            root.problem(
                    "history",
                    "no one can read the history; add \"directory: DIRECTORY\" here, or"
                            + " \"control: unix:/run/senderauth/control\" or \"web: 127.0.0.1:9798\" under \"listen:\"");
        }
        dkimVerifier(root, hostname, listen, steps);
        if (!root.has("batv")) {
            stepsReader.needs(Step.BATV, "keys; add \"batv: {key-file: FILE}\"");
        }
        if (!root.has("ses")) {
            stepsReader.needs(Step.SES, "keys; add \"ses: {keys: FILE}\"");
        }
        if (!root.has("srs")) {
            stepsReader.needs(Step.SRS, "keys; add \"srs: {key-file: FILE, domain: DOMAIN}\"");
        }
        for (Step step : List.of(Step.DKIM2, Step.CONTENT)) {
            if (!root.has("dkim2")) {
                stepsReader.needs(step, "keys; add \"dkim2: {own-keys: FILE}\"");
            }
            if (listen.milter().isEmpty()) {
                stepsReader.needs(
                        step,
                        "a milter, which sees the content; add \"milter: inet:127.0.0.1:10033\" under \"listen:\"");
            }
        }
        zones(root, listen, ses, spfZone);
        if (redis != null && steps.callout().stateFile() != null) {
            root.problem("redis", "callout results are cached in Redis; remove \"state-file\" under \"callout:\"");
        }
        return new ServeConfig(
                hostname,
                domains,
                dns,
                listen,
                limits,
                exemptions,
                steps,
                batv,
                ses,
                spfZone,
                srs,
                dkim2,
                milter,
                redis,
                lists.files(),
                history,
                web);
    }

    private static void zones(
            ConfigSection root,
            ServeConfig.Listen listen,
            ServeConfig.@Nullable SesSettings ses,
            ServeConfig.@Nullable SpfZoneSettings spfZone) {
        if (listen.servesZones() && (ses == null || ses.nameServers().isEmpty()) && spfZone == null) {
            String key = listen.nameServer() != null ? "dns" : "powerdns";
            root.problem(
                    "listen", "\"" + key + "\" requires \"ses:\" with \"keys\" and \"name-servers\", or \"spf-zone:\"");
        }
        if (spfZone != null && !listen.servesZones()) {
            root.problem("spf-zone", "spf-zone is not served; add \"dns: 192.0.2.53:53\" under \"listen:\"");
        }
        boolean sesKey = ses != null && ses.signingKey() != null;
        boolean spfKey = spfZone != null && spfZone.signingKey() != null;
        if ((sesKey || spfKey) && listen.powerDns() == null) {
            root.problem(
                    sesKey ? "ses" : "spf-zone",
                    "dnssec-key requires PowerDNS; add \"powerdns: unix:/run/senderauth/pdns\" under \"listen:\"");
        }
        if (sesKey && spfKey) {
            root.problem("spf-zone", "the dnssec-key of \"ses:\" signs all zones; remove this one");
        }
    }

    // Without the filter before the verifier, any client could write the verifier's result.
    private static void dkimVerifier(
            ConfigSection root, String hostname, ServeConfig.Listen listen, ServeConfig.Steps steps) {
        String verifier = steps.dkimVerifier();
        if (verifier == null) {
            if (!listen.milterBeforeDkim().isEmpty()) {
                root.problem(
                        "listen",
                        "milter-before-dkim requires \"spf: {unless-dkim-passes: AUTHSERV-ID}\" under \"steps:\"");
            }
            return;
        }
        if (listen.milter().isEmpty() || listen.milterBeforeDkim().isEmpty()) {
            root.problem(
                    "steps",
                    "unless-dkim-passes requires \"milter:\" and \"milter-before-dkim: inet:127.0.0.1:10034\" under"
                            + " \"listen:\"");
        }
        if (verifier.equalsIgnoreCase(hostname)) {
            root.problem("steps", "unless-dkim-passes must not be the hostname; give the DKIM verifier another name");
        }
    }

    private ServeConfig.Dns dns(ConfigSection section) {
        InetSocketAddress server = section.optional(
                "server", "an address such as 127.0.0.1:53", text -> ConfigValues.inet(text, DNS_PORT));
        List<Path> zones = section.values("zones", FILE, text -> ConfigValues.path(folder, text));
        if (server != null && !zones.isEmpty()) {
            section.problem("zones", "use either \"zones\" or \"server\", not both");
        }
        if (!zones.isEmpty()) {
            try {
                ZoneDnsClient.ofFiles(zones);
            } catch (IOException e) {
                section.problem("zones", ErrorText.of(e) + "; correct the zone file");
            }
        }
        section.end();
        return new ServeConfig.Dns(server, zones);
    }

    private ServeConfig.Listen listen(ConfigSection section) {
        List<SocketAddress> policy = listeners(section, "policy");
        List<SocketAddress> socketmap = listeners(section, "socketmap");
        List<SocketAddress> milter = listeners(section, "milter");
        List<SocketAddress> milterBeforeDkim = listeners(section, "milter-before-dkim");
        String inet = "an address such as 127.0.0.1:9797";
        InetSocketAddress http = section.optional("http", inet, ConfigValues::inet);
        SocketAddress web = section.optional(
                "web", "a loopback address such as 127.0.0.1:9798, or unix:/run/senderauth/web", WebReader::address);
        if (web != null) {
            checkFolder(section, "web", web);
        }
        InetSocketAddress nameServer = section.optional("dns", inet, ConfigValues::inet);
        Path powerDns = unixSocket(section, "powerdns", "unix:/run/senderauth/pdns");
        Path control = unixSocket(section, "control", "unix:/run/senderauth/control");
        Set<PosixFilePermission> mode = section.value(
                "socket-mode",
                MtaServer.DEFAULT_SOCKET_PERMISSIONS,
                "permissions such as rw-rw----",
                ConfigReader::permissions);
        if (Stream.of("policy", "socketmap", "milter", "milter-before-dkim", "http", "web", "dns", "powerdns")
                .noneMatch(section::has)) {
            problems.add(
                    section.line(), "no listener configured; add \"policy: inet:127.0.0.1:10031\" under \"listen:\"");
        }
        List<SocketAddress> all = new ArrayList<>(policy);
        all.addAll(socketmap);
        all.addAll(milter);
        all.addAll(milterBeforeDkim);
        Optional.ofNullable(http).ifPresent(all::add);
        Optional.ofNullable(web).ifPresent(all::add);
        Optional.ofNullable(nameServer).ifPresent(all::add);
        Optional.ofNullable(powerDns).map(UnixDomainSocketAddress::of).ifPresent(all::add);
        Optional.ofNullable(control).map(UnixDomainSocketAddress::of).ifPresent(all::add);
        for (int i = 0; i < all.size(); i++) {
            boolean anyPort = all.get(i) instanceof InetSocketAddress socket && socket.getPort() == 0;
            if (!anyPort && all.indexOf(all.get(i)) < i) {
                problems.add(section.line(), "duplicate listen address; each service needs its own");
            }
        }
        section.end();
        return new ServeConfig.Listen(
                policy,
                socketmap,
                milter,
                milterBeforeDkim,
                nameServer,
                powerDns,
                http,
                web,
                control == null ? null : UnixDomainSocketAddress.of(control),
                mode);
    }

    private static List<SocketAddress> listeners(ConfigSection section, String key) {
        List<SocketAddress> addresses = section.values(
                key, "an address such as inet:127.0.0.1:10031 or unix:/run/senderauth/policy", ListenAddress::parse);
        addresses.forEach(address -> checkFolder(section, key, address));
        return addresses;
    }

    private static @Nullable Path unixSocket(ConfigSection section, String key, String example) {
        return section.optional(
                key,
                "a socket such as " + example,
                text -> ListenAddress.parse(text)
                        .filter(UnixDomainSocketAddress.class::isInstance)
                        .map(address -> {
                            checkFolder(section, key, address);
                            return ((UnixDomainSocketAddress) address).getPath();
                        }));
    }

    private static void checkFolder(ConfigSection section, String key, SocketAddress address) {
        Path parent =
                address instanceof UnixDomainSocketAddress unix ? unix.getPath().getParent() : null;
        if (parent != null && !Files.isDirectory(parent)) {
            section.problem(key, "socket directory " + parent + " does not exist; create it");
        }
    }

    private static Optional<Set<PosixFilePermission>> permissions(String text) {
        try {
            return Optional.of(PosixFilePermissions.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ServeConfig.Limits limits(ConfigSection section) {
        int connections = section.number("connections", ServerLimits.DEFAULT.connections(), 1, 100_000);
        int deadline = section.number("deadline-seconds", (int) SenderPolicy.DEFAULT_DEADLINE.toSeconds(), 1, (int)
                ServeConfig.Limits.LONGEST_DEADLINE.toSeconds());
        int perNetwork = section.number(
                "invalid-signatures-per-network", SenderPolicy.MAX_INVALID_PER_NETWORK, 1, MAX_INVALID_SIGNATURES);
        int perMailbox = section.number(
                "invalid-signatures-per-mailbox", SenderPolicy.MAX_INVALID_PER_MAILBOX, 1, MAX_INVALID_SIGNATURES);
        section.end();
        return new ServeConfig.Limits(connections, Duration.ofSeconds(deadline), perNetwork, perMailbox);
    }
}

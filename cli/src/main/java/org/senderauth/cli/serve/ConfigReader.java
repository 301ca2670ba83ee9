package org.senderauth.cli.serve;

import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyFile;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.batv.BatvKeys;
import org.senderauth.cli.serve.Section.Problems;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.policy.Exemptions;
import org.senderauth.policy.Network;
import org.senderauth.policy.OnTrouble;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.SpfStrictness;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepMode;
import org.senderauth.policy.StepModes;
import org.senderauth.postfix.ListenAddress;
import org.senderauth.postfix.ServerLimits;
import org.senderauth.ses.SesKeyFile;
import org.senderauth.ses.SesKeyring;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a configuration file whole, with the files that it names, and finds all that is wrong with it. */
final class ConfigReader {

    private static final int MAX_OCTETS = 1024 * 1024;
    private static final int MAX_DEADLINE_SECONDS = 90;
    private static final String DOMAIN = "a domain name such as example.org";
    private static final String FILE = "the path of a file";

    private final Path folder;
    private final Problems problems;

    private ConfigReader(Path file) {
        Path absolute = file.toAbsolutePath().getParent();
        this.folder = absolute == null ? Path.of("/") : absolute;
        this.problems = new Problems(file.toString());
    }

    /**
     * Reads a file.
     *
     * @throws ConfigException if anything is wrong with it; with all of it
     * @throws IOException if it cannot be read at all
     */
    static ServeConfig read(Path file) throws IOException, ConfigException {
        ConfigReader reader = new ConfigReader(file);
        Optional<ServeConfig> config = reader.parse(file).map(reader::config);
        List<String> all = reader.problems.all();
        if (!all.isEmpty()) {
            throw new ConfigException(all);
        }
        return config.orElseThrow();
    }

    private Optional<Section> parse(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + ": there is no such file");
        }
        if (Files.size(file) > MAX_OCTETS) {
            throw new IOException(file + ": a configuration file has at most " + MAX_OCTETS + " octets");
        }
        String text;
        try {
            text = Files.readString(file);
        } catch (MalformedInputException e) {
            throw new IOException(file + ": the file is not UTF-8 text", e);
        }
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setCodePointLimit(MAX_OCTETS);
        try {
            Node root = new Yaml(options).compose(new StringReader(text));
            if (root == null) {
                problems.add(1, "the file is empty; docs/operations.md has one to start from");
                return Optional.empty();
            }
            Section section = Section.of(problems, "the file", root);
            return root instanceof MappingNode ? Optional.of(section) : Optional.empty();
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            problems.add(
                    mark == null ? 1 : mark.getLine() + 1,
                    "this is not YAML: " + e.getProblem() + "; look at indentation, colons and quotes");
        } catch (YAMLException e) {
            problems.add(1, "this is not YAML: " + message(e));
        }
        return Optional.empty();
    }

    private ServeConfig config(Section root) {
        String hostname = root.value("hostname", "", DOMAIN + ", this host's own", ConfigReader::domain);
        if (!root.has("hostname")) {
            problems.add(
                    root.line(), "\"hostname\" is missing; add this host's name, such as \"hostname: mx.example.org\"");
        }
        List<String> domains = root.values("domains", DOMAIN, ConfigReader::domain);
        ServeConfig.Dns dns = dns(root.section("dns"));
        Section steps = root.section("steps");
        StepModes.Builder modes = StepModes.builder();
        Map<Step, OnTrouble> onTrouble = new EnumMap<>(Step.class);
        Map<Step, Section> sections = new EnumMap<>(Step.class);
        for (Step step : Step.values()) {
            Section section = steps.section(step.text());
            sections.put(step, section);
            // What is not in the file is off: nothing is refused that nobody asked for.
            modes.general(
                    step,
                    steps.has(step.text()) ? section.choice("mode", StepMode.ENFORCE, StepMode.class) : StepMode.OFF);
            onTrouble.put(step, section.choice("on-trouble", OnTrouble.CONTINUE, OnTrouble.class));
        }
        List<String> blockLists =
                sections.get(Step.DNSBL).values("zones", "the domain name of a list", ConfigReader::domain);
        if (steps.has("dnsbl") && blockLists.isEmpty()) {
            sections.get(Step.DNSBL).problem("zones", "the step dnsbl has no \"zones\"; add the lists to ask");
        }
        Section spf = sections.get(Step.SPF);
        SpfStrictness strictness =
                new SpfStrictness(spf.flag("refuse-softfail", false), spf.flag("refuse-permerror", false));
        ServeConfig.CalloutSettings callout = callout(sections.get(Step.CALLOUT));
        domainModes(root.section("recipients-at"), modes::recipientsAt);
        domainModes(root.section("senders-at"), modes::sendersAt);
        sections.values().forEach(Section::end);
        steps.end();
        ServeConfig.BatvSettings batv = batv(root.section("batv"), domains);
        ServeConfig.SesSettings ses = ses(root.section("ses"));
        if (steps.has("batv") && !root.has("batv")) {
            steps.problem("batv", "the step batv needs keys; add \"batv:\" with \"key-file: FILE\"");
        }
        if (steps.has("ses") && !root.has("ses")) {
            steps.problem("ses", "the step ses needs keys; add \"ses:\" with \"keys: FILE\"");
        }
        ServeConfig.Listen listen = listen(root.section("listen"));
        if (!listen.socketmap().isEmpty() && !root.has("batv") && !root.has("ses")) {
            root.problem("listen", "a socketmap without keys has no map; add \"batv:\" or \"ses:\", or remove it");
        }
        if (listen.sesDns() != null && (ses == null || ses.nameServers().isEmpty())) {
            root.problem("listen", "\"ses-dns\" needs \"ses:\" with \"keys\" and \"name-servers\"");
        }
        Section limits = root.section("limits");
        int connections = limits.number("connections", ServerLimits.DEFAULT.connections(), 1, 100_000);
        int deadline = limits.number(
                "deadline-seconds", (int) SenderPolicy.DEFAULT_DEADLINE.toSeconds(), 1, MAX_DEADLINE_SECONDS);
        limits.end();
        Exemptions exemptions = exemptions(root.section("exempt"));
        root.end();
        return new ServeConfig(
                hostname,
                domains,
                dns,
                listen,
                connections,
                Duration.ofSeconds(deadline),
                exemptions,
                modes.build(),
                onTrouble,
                blockLists,
                strictness,
                batv,
                ses,
                callout);
    }

    private ServeConfig.Dns dns(Section section) {
        InetSocketAddress server = section.value(
                "server",
                null,
                "an address such as 127.0.0.1:53",
                text -> inet(text.contains(":") ? text : text + ":53"));
        List<Path> zones = section.values("zones", FILE, this::path);
        if (!zones.isEmpty()) {
            try {
                ZoneDnsClient.ofFiles(zones);
            } catch (IOException e) {
                section.problem("zones", message(e) + "; mend the master file");
            }
        }
        section.end();
        return new ServeConfig.Dns(server, zones);
    }

    private ServeConfig.Listen listen(Section section) {
        String address = "an address such as inet:127.0.0.1:10031 or unix:/run/senderauth/policy";
        List<SocketAddress> policy = section.values("policy", address, ListenAddress::parse);
        List<SocketAddress> socketmap = section.values("socketmap", address, ListenAddress::parse);
        String inet = "an address such as 127.0.0.1:9797";
        InetSocketAddress http = section.value("http", null, inet, ConfigReader::inet);
        InetSocketAddress sesDns = section.value("ses-dns", null, inet, ConfigReader::inet);
        Set<PosixFilePermission> mode = section.value(
                "socket-mode", PosixFilePermissions.fromString("rw-rw----"), "permissions such as rw-rw----", text -> {
                    try {
                        return Optional.of(PosixFilePermissions.fromString(text));
                    } catch (IllegalArgumentException e) {
                        return Optional.empty();
                    }
                });
        List<SocketAddress> all = new ArrayList<>(policy);
        all.addAll(socketmap);
        if (http != null) {
            all.add(http);
        }
        if (!section.has("policy") && !section.has("socketmap") && !section.has("http") && !section.has("ses-dns")) {
            problems.add(section.line(), "nothing is served; add \"policy: inet:127.0.0.1:10031\" below \"listen:\"");
        }
        for (int i = 0; i < all.size(); i++) {
            boolean anyPort = all.get(i) instanceof InetSocketAddress socket && socket.getPort() == 0;
            if (!anyPort && all.indexOf(all.get(i)) < i) {
                problems.add(section.line(), "two services listen on one address; give each its own");
            }
        }
        section.end();
        return new ServeConfig.Listen(policy, socketmap, sesDns, http, mode);
    }

    private Exemptions exemptions(Section section) {
        Exemptions.Builder builder = Exemptions.builder().authenticated(section.flag("authenticated", true));
        section.values("networks", "a network such as 192.0.2.0/24", Network::parse)
                .forEach(builder::network);
        String address = "an address such as alice@example.org";
        section.values("senders", address, MailAddress::parse).forEach(sender -> builder.sender(sender.toString()));
        section.values("sender-domains", DOMAIN, ConfigReader::domain).forEach(builder::senderDomain);
        section.values("recipients", address, MailAddress::parse)
                .forEach(recipient -> builder.recipient(recipient.toString()));
        section.end();
        return builder.build();
    }

    private interface DomainMode {
        void set(String domain, Step step, StepMode mode);
    }

    private void domainModes(Section section, DomainMode modes) {
        for (String domain : section.names()) {
            if (domain(domain).isEmpty()) {
                section.problem(domain, "\"" + domain + "\" must be " + DOMAIN);
            }
            Section own = section.section(domain);
            for (Step step : Step.values()) {
                StepMode mode = own.choice(step.text(), StepMode.OFF, StepMode.class);
                if (own.has(step.text())) {
                    modes.set(domain, step, mode);
                }
            }
            own.end();
        }
    }

    private ServeConfig.@Nullable BatvSettings batv(Section section, List<String> domains) {
        Path keys = section.value("keys", null, FILE, this::path);
        Path keyFile = section.value("key-file", null, FILE, this::path);
        int lifetime = section.number("lifetime-days", Batv.DEFAULT_LIFETIME_DAYS, 1, Batv.MAX_LIFETIME_DAYS);
        boolean refuses = section.flag("refuse-untagged", true);
        section.end();
        if (keys != null && keyFile != null) {
            section.problem("key-file", "\"keys\" and \"key-file\" exclude each other; remove one");
        }
        if (keyFile != null && domains.isEmpty()) {
            section.problem("key-file", "a key needs domains to tag; add \"domains: [example.org]\" at the top");
        }
        try {
            if (keys != null) {
                return new ServeConfig.BatvSettings(BatvKeyFile.read(keys), lifetime, refuses);
            }
            if (keyFile != null) {
                BatvKeyring ring = BatvKeyring.of(SecretKeys.of(SecretFiles.read(keyFile)));
                Map<String, BatvKeyring> rings = new HashMap<>();
                domains.forEach(domain -> rings.put(domain, ring));
                return new ServeConfig.BatvSettings(BatvKeys.perDomain(rings), lifetime, refuses);
            }
        } catch (IOException | IllegalArgumentException e) {
            section.problem(keys != null ? "keys" : "key-file", message(e));
        }
        return null;
    }

    private ServeConfig.@Nullable SesSettings ses(Section section) {
        Path keys = section.value("keys", null, FILE, this::path);
        List<String> nameServers = section.values("name-servers", DOMAIN, ConfigReader::domain);
        section.end();
        if (keys == null) {
            return null;
        }
        try {
            SesKeyring keyring = SesKeyFile.read(keys);
            return new ServeConfig.SesSettings(keyring, nameServers);
        } catch (IOException | IllegalArgumentException e) {
            section.problem("keys", message(e));
            return null;
        }
    }

    private static ServeConfig.CalloutSettings callout(Section section) {
        return new ServeConfig.CalloutSettings(
                section.values("large-providers", DOMAIN, ConfigReader::domain),
                section.flag("trial", false),
                section.number("port", 25, 1, 65535),
                section.flag("private-hosts", false));
    }

    private static Optional<String> domain(String text) {
        return DomainNames.toAscii(text)
                .map(ascii -> ascii.toLowerCase(Locale.ROOT))
                .filter(ascii -> ascii.matches("[a-z0-9_-]+(\\.[a-z0-9_-]+)+"))
                .filter(ascii -> DomainNames.parse(ascii).isPresent());
    }

    private static Optional<InetSocketAddress> inet(String text) {
        return ListenAddress.parse("inet:" + text).map(InetSocketAddress.class::cast);
    }

    private Optional<Path> path(String text) {
        try {
            return Optional.of(folder.resolve(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    }
}

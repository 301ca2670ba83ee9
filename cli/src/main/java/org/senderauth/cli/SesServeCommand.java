package org.senderauth.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.senderauth.powerdns.PowerDnsBackend;
import org.senderauth.powerdns.SigningKey;
import org.senderauth.server.ServiceProcess;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesDnsServer;
import org.senderauth.ses.SesKeyFile;
import org.senderauth.ses.SesKeyring;
import org.senderauth.ses.SesLimits;
import org.senderauth.ses.SesZone;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ses serve}: serves public validation until the process is terminated. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serve the public validation zones of the domains that have keys.",
        footer = {
            "",
            "Examples:",
            "  senderauth ses serve --keys ses.keys --ns ns1.example.org",
            "  senderauth ses serve --keys ses.keys --ns ns1.example.org --pdns /run/ses.sock",
            "",
            "The zone of example.org is _spf_verify.example.org; see docs/ses.md."
        })
final class SesServeCommand implements Callable<Integer> {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--keys", paramLabel = "FILE", required = true, description = "The key file; see ses keygen.")
    @Nullable
    Path keys;

    @Option(
            names = "--ns",
            paramLabel = "NAME",
            required = true,
            description = "Name server of the zones, the primary first; repeatable.")
    List<String> nameServers = List.of();

    @Option(
            names = "--listen",
            paramLabel = "HOST[:PORT]",
            defaultValue = "127.0.0.1:5300",
            description = "UDP and TCP listen address (default: ${DEFAULT-VALUE}).",
            converter = CommonOptions.ServerConverter.class)
    @Nullable
    InetSocketAddress listen;

    @Option(names = "--pdns", paramLabel = "SOCKET", description = "Serve PowerDNS on this unix socket instead.")
    @Nullable
    Path powerDns;

    @Option(
            names = "--dnssec-key",
            paramLabel = "FILE",
            description = "With --pdns: the private key with which PowerDNS signs the zones.")
    @Nullable
    Path signingKey;

    @Option(
            names = "--provider",
            paramLabel = "DOMAIN",
            description = "Serve all domains below one zone, _spf_verify.DOMAIN, as NAME._at_.DOMAIN.")
    @Nullable
    String provider;

    @Option(names = "--label", paramLabel = "LABEL", description = "First label of the zones (default: _spf_verify).")
    String label = SesZone.DEFAULT_LABEL;

    @Option(names = "--ttl", paramLabel = "SECONDS", description = "TTL of responses (default: 60).")
    long ttl = SesZone.DEFAULT_TTL.toSeconds();

    @Option(names = "--status", description = "Answer TXT queries with the verdict.")
    boolean status;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "UDP responses per second to one network, 0 = unlimited (default: 200).")
    int rate = SesDnsServer.DEFAULT_RATE;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Lookups of one signature, 0 = unlimited (default: 100).")
    int limit = SesLimits.DEFAULT.publicLookups();

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec known = Objects.requireNonNull(spec);
        if (signingKey != null && powerDns == null) {
            throw new ParameterException(known.commandLine(), "--dnssec-key requires --pdns SOCKET");
        }
        SesZone zone;
        SesDnsServer.Builder server;
        try {
            zone = zone(SesKeyFile.read(Objects.requireNonNull(keys)));
            server = SesDnsServer.builder(zone).rate(rate);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(known.commandLine(), e.getMessage(), e);
        }
        ServiceProcess process = ServiceProcess.start(StandardOutput.ofProcess().writer());
        if (powerDns != null) {
            PowerDnsBackend backend = backend(zone, powerDns);
            process.closeAtEnd(backend);
            announce(process, zone, "PowerDNS on " + powerDns);
        } else {
            SesDnsServer running = server.onTermination(cause -> process.terminated("the name server", cause))
                    .start(Objects.requireNonNull(listen));
            process.closeAtEnd(running);
            announce(
                    process,
                    zone,
                    running.address().getHostString() + ":" + running.address().getPort());
        }
        process.awaitEnd();
        return ExitStatus.PASS;
    }

    private PowerDnsBackend backend(SesZone zone, Path socket) throws IOException {
        return signingKey == null
                ? PowerDnsBackend.start(zone, socket)
                : PowerDnsBackend.start(zone, SigningKey.read(signingKey), socket);
    }

    private SesZone zone(SesKeyring keyring) {
        SesLimits limits = SesLimits.builder().publicLookups(limit).build();
        Ses ses = Ses.builder()
                .keyring(keyring)
                .clock(common.clock())
                .limits(limits)
                .build();
        SesZone.Builder zone = SesZone.builder(ses, nameServers.toArray(String[]::new))
                .label(label)
                .ttl(Duration.ofSeconds(ttl))
                .status(status);
        if (provider == null) {
            keyring.domains().forEach(zone::domain);
        } else {
            zone.provider(provider);
        }
        return zone.build();
    }

    private static void announce(ServiceProcess process, SesZone zone, String where) {
        zone.names().forEach(name -> process.log().line("serving " + name + " at " + where));
    }
}

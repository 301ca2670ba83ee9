package org.senderauth.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.senderauth.powerdns.PowerDnsBackend;
import org.senderauth.powerdns.SigningKey;
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

/** {@code ses serve}: the public look-up, until the process is told to end. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves the public look-up zones of the domains that have keys.",
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
            description = "A name server to which the zones are delegated, the primary one first; may be repeated.")
    List<String> nameServers = List.of();

    @Option(
            names = "--listen",
            paramLabel = "HOST[:PORT]",
            defaultValue = "127.0.0.1:5300",
            description = "Where to answer by UDP and TCP, by default ${DEFAULT-VALUE}.",
            converter = CommonOptions.ServerConverter.class)
    @Nullable
    InetSocketAddress listen;

    @Option(names = "--pdns", paramLabel = "SOCKET", description = "Answer PowerDNS on this unix socket instead.")
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

    @Option(names = "--label", paramLabel = "LABEL", description = "Not _spf_verify, but this label.")
    String label = SesZone.DEFAULT_LABEL;

    @Option(names = "--ttl", paramLabel = "SECONDS", description = "How long answers are kept, by default 60.")
    long ttl = SesZone.DEFAULT_TTL.toSeconds();

    @Option(names = "--status", description = "Answer TXT questions with the reason of a refusal.")
    boolean status;

    @Option(names = "--rate", paramLabel = "N", description = "UDP answers to one network in a second; 0: no limit.")
    int rate = SesDnsServer.DEFAULT_RATE;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Look-ups of one signature, by default 100; 0: no limit.")
    int limit = SesLimits.DEFAULT.publicLookups();

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        if (signingKey != null && powerDns == null) {
            throw new ParameterException(known.commandLine(), "--dnssec-key is for PowerDNS: it needs --pdns SOCKET");
        }
        SesZone zone;
        SesDnsServer.Builder server;
        try {
            zone = zone(SesKeyFile.read(Objects.requireNonNull(keys)));
            server = SesDnsServer.builder(zone).rate(rate);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(known.commandLine(), e.getMessage(), e);
        }
        PrintWriter out = known.commandLine().getOut();
        if (powerDns != null) {
            PowerDnsBackend backend = backend(zone, powerDns);
            announce(out, zone, "PowerDNS on " + powerDns);
            awaitEnd(backend);
        } else {
            SesDnsServer running = server.start(Objects.requireNonNull(listen));
            announce(
                    out,
                    zone,
                    running.address().getHostString() + ":" + running.address().getPort());
            awaitEnd(running);
        }
        return ExitStatus.GOOD;
    }

    private PowerDnsBackend backend(SesZone zone, Path socket) throws IOException {
        return signingKey == null
                ? PowerDnsBackend.start(zone, socket)
                : PowerDnsBackend.start(zone, SigningKey.read(signingKey), socket);
    }

    private SesZone zone(SesKeyring keyring) {
        SesLimits limits = new SesLimits(SesLimits.DEFAULT.bounces(), limit, SesLimits.DEFAULT.addresses());
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

    private static void announce(PrintWriter out, SesZone zone, String where) {
        zone.names().forEach(name -> out.println("serving " + name + " at " + where));
        out.flush();
    }

    /** Waits for SIGTERM or SIGINT, then stops in good order. */
    private static void awaitEnd(AutoCloseable running) {
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                running.close();
            } catch (Exception e) {
                System.getLogger(SesServeCommand.class.getName()).log(System.Logger.Level.WARNING, "on stopping", e);
            } finally {
                end.countDown();
            }
        }));
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

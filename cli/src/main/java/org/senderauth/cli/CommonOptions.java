package org.senderauth.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.CachingDnsClient;
import org.senderauth.dns.DnsClient;
import org.senderauth.dns.ResolverDnsClient;
import org.senderauth.dns.ZoneDnsClient;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that every subcommand has, as a mixin. */
final class CommonOptions {

    @Option(names = "--json", description = "Print JSON, one object per line.")
    boolean json;

    @Option(
            names = "--dns",
            paramLabel = "HOST[:PORT]",
            description = "DNS server to query (default: system resolvers).",
            converter = ServerConverter.class)
    @Nullable
    InetSocketAddress server;

    @Option(
            names = "--zone",
            paramLabel = "FILE",
            description = "Answer DNS queries from this zone file, offline; may be repeated.")
    List<Path> zones = List.of();

    @Option(names = "--live", description = "With --zone: query DNS (--dns) for what the zone files do not contain.")
    boolean live;

    @Option(
            names = "--at",
            paramLabel = "INSTANT",
            description = "Evaluate at this time: 2026-11-23T12:00:00Z, or seconds since 1970.",
            converter = InstantConverter.class)
    @Nullable
    Instant at;

    /** Returns a DNS client for the options. */
    DnsClient dns() throws IOException {
        return dns(UnaryOperator.identity());
    }

    /** Returns a DNS client for the options, with something around the client that sends queries, below the cache. */
    DnsClient dns(UnaryOperator<DnsClient> around) throws IOException {
        if (!zones.isEmpty()) {
            ZoneDnsClient files = ZoneDnsClient.ofFiles(zones);
            return live ? files.withFallback(network(around)) : files;
        }
        return network(around);
    }

    private DnsClient network(UnaryOperator<DnsClient> around) {
        return CachingDnsClient.of(
                around.apply(server == null ? ResolverDnsClient.system() : ResolverDnsClient.ofServer(server)));
    }

    /** Returns a clock for the options. */
    InstantSource clock() {
        return at == null ? InstantSource.system() : InstantSource.fixed(at);
    }

    /** Reads {@code HOST}, {@code HOST:PORT}, {@code [IPv6]:PORT} or a bare IPv6 address. */
    static final class ServerConverter implements picocli.CommandLine.ITypeConverter<InetSocketAddress> {

        private static final int DNS_PORT = 53;

        @Override
        public InetSocketAddress convert(String text) {
            String host = text;
            int port = DNS_PORT;
            int colon = text.lastIndexOf(':');
            boolean bareIpv6 = colon >= 0 && text.indexOf(':') != colon && !text.startsWith("[");
            if (colon > text.lastIndexOf(']') && !bareIpv6) {
                host = text.substring(0, colon);
                port = port(text.substring(colon + 1));
            }
            if (host.isEmpty()) {
                throw new TypeConversionException("missing host: '" + text + "'");
            }
            InetSocketAddress server = new InetSocketAddress(host, port);
            if (server.isUnresolved()) {
                throw new TypeConversionException("unknown host: '" + host + "'");
            }
            return server;
        }

        private static int port(String text) {
            if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65535) {
                return Integer.parseInt(text);
            }
            throw new TypeConversionException("invalid port: '" + text + "' (1-65535)");
        }
    }

    /** Reads an ISO 8601 instant or seconds since 1970. */
    static final class InstantConverter implements picocli.CommandLine.ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                return text.matches("-?[0-9]{1,12}")
                        ? Instant.ofEpochSecond(Long.parseLong(text))
                        : Instant.parse(text);
            } catch (java.time.DateTimeException e) {
                throw new TypeConversionException(
                        "invalid time: '" + text + "' (2026-11-23T12:00:00Z, or seconds since 1970)");
            }
        }
    }
}

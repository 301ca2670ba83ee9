package org.senderauth.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.senderauth.peers.PeerProcess;

/**
 * A stock Exim as the victim: it accepts mail for postmaster and its local users, none of which is forged, and its
 * own log says who was asked for. Needs root, who alone may run Exim with a configuration of our own.
 */
final class EximVictim implements Victim {

    /** Exim drops root for the user that Debian's package made for it. */
    private static final String USER = "Debian-exim";

    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    /**
     * Loopback only, any number of connections, no lookups, no TLS, and an enhanced status code with the rejection: after a plain
     * 550 a domain is probed for one address at a time. Everything else is Exim's default.
     */
    private static final String CONFIGURATION = """
            keep_environment =
            primary_hostname = mx.victim.example.org
            exim_user = %1$s
            exim_group = %1$s
            spool_directory = %2$s/spool
            log_file_path = %2$s/log/%%slog
            log_selector = +smtp_connection +smtp_incomplete_transaction
            write_rejectlog = false
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = %3$d
            smtp_accept_max = 0
            smtp_connect_backlog = 256
            host_lookup =
            rfc1413_query_timeout = 0s
            disable_ipv6 = true
            tls_advertise_hosts =
            acl_smtp_rcpt = rcpt

            begin acl
            rcpt:
              require domains = %4$s
              accept local_parts = postmaster
              require message = 550 5.1.1 Unknown user
                      verify = recipient
              accept

            begin routers
            users:
              driver = accept
              domains = %4$s
              check_local_user
              verify_only
            """;

    /** A recipient that Exim rejected, or accepted for a message that was never sent. */
    private static final Pattern RECIPIENT =
            Pattern.compile(" rejected RCPT <([^>]*)>| incomplete transaction .* for (\\S+)");

    private static final Pattern OPENED = Pattern.compile("TCP/IP connection count = ");
    private static final Pattern CLOSED = Pattern.compile("SMTP connection from .* (?:closed by|lost)");

    private final int port;
    private final Path log;
    private final PeerProcess peer;

    EximVictim(Path folder) throws IOException {
        this.port = PeerProcess.freePort();
        this.log = folder.resolve("log").resolve("mainlog");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        UserPrincipal user =
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
        for (String name : List.of("spool", "log")) {
            Files.setOwner(Files.createDirectory(folder.resolve(name)), user);
        }
        Path file = Files.writeString(
                folder.resolve("exim.conf"), CONFIGURATION.formatted(USER, folder, port, JoeJob.DOMAIN));
        this.peer = PeerProcess.start(
                        folder,
                        folder.resolve("out"),
                        List.of(PeerProcess.program("exim4").toString(), "-C", file.toString(), "-bdf"))
                .awaitTcp(port, START_LIMIT);
    }

    @Override
    public int port() {
        return port;
    }

    /** Exim answers before it writes: this waits until each connection has its last line. */
    @Override
    public Map<String, Integer> recipients() throws IOException {
        String text;
        long end = System.nanoTime() + START_LIMIT.toNanos();
        do {
            text = Files.readString(log, StandardCharsets.ISO_8859_1);
        } while (count(OPENED, text) > count(CLOSED, text) && System.nanoTime() < end);
        return RECIPIENT
                .matcher(text)
                .results()
                .map(line -> line.group(1) == null ? line.group(2) : line.group(1))
                .collect(Collectors.toMap(recipient -> recipient, recipient -> 1, Integer::sum));
    }

    private static long count(Pattern line, String text) {
        return line.matcher(text).results().count();
    }

    @Override
    public void close() {
        peer.close();
    }
}

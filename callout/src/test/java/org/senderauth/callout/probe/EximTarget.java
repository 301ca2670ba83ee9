package org.senderauth.callout.probe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;

/** An Exim that answers as {@code exim-target.conf} says. */
final class EximTarget implements AutoCloseable {

    /** The kinds of server that it plays, each on a port of its own. */
    enum Door {
        PLAIN,
        TLS,
        TARPIT,
        REFUSING,
        BUSY,
        BARE
    }

    // Exim drops root for the user that Debian's package made for it.
    private static final String USER = "Debian-exim";

    private final PeerProcess peer;
    private final Path log;
    private final Map<Door, Integer> ports;

    private EximTarget(PeerProcess peer, Path log, Map<Door, Integer> ports) {
        this.peer = peer;
        this.log = log;
        this.ports = ports;
    }

    static EximTarget start(Path folder) throws IOException {
        Path program = PeerProcess.program("exim4");
        if (!"root".equals(System.getProperty("user.name"))) {
            throw PeerProcess.missing("root, who alone may run Exim with a configuration of our own,");
        }
        Map<Door, Integer> ports = new EnumMap<>(Door.class);
        String configuration;
        try (InputStream in = EximTarget.class.getResourceAsStream("exim-target.conf")) {
            configuration = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        configuration = configuration.replace("@DIR@", folder.toString()).replace("@USER@", USER);
        for (Door door : Door.values()) {
            ports.put(door, PeerProcess.freePort());
            configuration = configuration.replace("@" + door + "@", Integer.toString(ports.get(door)));
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        UserPrincipal user =
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER);
        for (String name : List.of("spool", "log")) {
            Files.setOwner(Files.createDirectory(folder.resolve(name)), user);
        }
        Path file = Files.writeString(folder.resolve("exim.conf"), configuration);
        PeerProcess peer = PeerProcess.start(
                folder, folder.resolve("out"), List.of(program.toString(), "-C", file.toString(), "-bdf"));
        peer.awaitTcp(ports.get(Door.PLAIN), Await.LIMIT);
        EximTarget target = new EximTarget(peer, folder.resolve("log").resolve("mainlog"), ports);
        // It logs that it listens on all ports.
        target.awaitLine("daemon started: ");
        return target;
    }

    InetSocketAddress address(Door door) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(door));
    }

    /** What it wrote down about a session, from EHLO to its end, which is said as given. */
    List<String> awaitSession(String heloName, String end) throws IOException {
        String name = "(" + heloName + ")";
        awaitLine(name + " [127.0.0.1] " + end);
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains(name)).toList();
        }
    }

    /** Waits until it has written this. */
    private void awaitLine(String text) {
        Await.until("a line with " + text, () -> {
            try {
                return Files.exists(log)
                        && Files.readString(log, StandardCharsets.ISO_8859_1).contains(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Override
    public void close() {
        peer.close();
    }
}

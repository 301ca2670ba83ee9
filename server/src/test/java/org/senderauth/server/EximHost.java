package org.senderauth.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.SmtpTestClient;

/** A stock Exim on loopback, whose configuration is {@code exim/exim.conf} with blocks of a guide in it. */
final class EximHost implements AutoCloseable {

    private static final String USER = "Debian-exim";

    private final PeerProcess exim;
    private final Path log;
    private final int port;

    private EximHost(PeerProcess exim, Path log, int port) {
        this.exim = exim;
        this.log = log;
        this.port = port;
    }

    /** Skips the test where an Exim cannot run. */
    static void need() throws IOException {
        PeerProcess.program("exim4");
        if (!Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
            throw PeerProcess.missing("an Exim of its own needs root");
        }
    }

    /**
     * Starts one.
     *
     * @param folder where it keeps its files
     * @param blocks the text for each {@code @NAME@} of the configuration
     */
    static EximHost start(Path folder, Map<String, String> blocks) throws IOException {
        return start(folder, "example.org", blocks);
    }

    /**
     * Starts one for another domain.
     *
     * @param folder where it keeps its files
     * @param domain its domain
     * @param blocks the text for each {@code @NAME@} of the configuration
     */
    static EximHost start(Path folder, String domain, Map<String, String> blocks) throws IOException {
        folder.toFile().setExecutable(true, false);
        folder.toFile().setReadable(true, false);
        Path home = Files.createTempDirectory(folder, "exim");
        own(home);
        for (String name : List.of("spool", "log")) {
            own(Files.createDirectory(home.resolve(name)));
        }
        int port = PeerProcess.freePort();
        String text = template().replace("example.org", domain);
        for (Map.Entry<String, String> block : blocks.entrySet()) {
            text = text.replace("@" + block.getKey() + "@", block.getValue());
        }
        Path conf = Files.writeString(
                folder.resolve(home.getFileName() + ".conf"),
                text.replace("@FOLDER@", home.toString()).replace("@SMTP@", Integer.toString(port)));
        Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rw-r--r--"));
        String program = PeerProcess.program("exim4").toString();
        PeerProcess exim = PeerProcess.start(
                folder, folder.resolve(home.getFileName() + ".out"), List.of(program, "-C", conf.toString(), "-bdf"));
        return new EximHost(exim.awaitTcp(port, Await.LIMIT), home.resolve("log/mainlog"), port);
    }

    /** Gives a file to the user that Exim runs as. */
    static void own(Path path) throws IOException {
        UserPrincipalLookupService users = path.getFileSystem().getUserPrincipalLookupService();
        UserPrincipal user = users.lookupPrincipalByName(USER);
        GroupPrincipal group = users.lookupPrincipalByGroupName(USER);
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        view.setOwner(user);
        view.setGroup(group);
    }

    private static String template() throws IOException {
        try (InputStream in = EximHost.class.getResourceAsStream("/exim/exim.conf")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Where it listens. */
    int port() {
        return port;
    }

    /** A session from a loopback address. */
    SmtpTestClient connect(String client) throws IOException {
        return SmtpTestClient.from(client, port);
    }

    /** Offers a mail; the reply to RCPT if that is a refusal, else the reply to the message. */
    String mail(String client, String from, String to, String subject) throws IOException {
        try (SmtpTestClient talk = connect(client)) {
            return talk.mail(from, to, subject);
        }
    }

    /** Ends it after its last delivery, which is not our child process once the client has ended. */
    @Override
    public void close() {
        try (exim) {
            Await.until("the end of all deliveries", () -> logged(" <= ") == logged(" Completed"));
        }
    }

    private long logged(String words) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(words)).count();
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

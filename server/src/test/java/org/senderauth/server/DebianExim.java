package org.senderauth.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.opentest4j.AssertionFailedError;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.SmtpTestClient;

/**
 * An Exim on loopback with Debian's stock configuration, made by Debian's own {@code update-exim4.conf} from the files of
 * the package, and with the blocks of docs/exim.md in the places that the guide says. Only paths and ports are changed.
 */
final class DebianExim implements AutoCloseable {

    /** The two layouts of Debian's configuration. */
    enum Layout {
        UNSPLIT,
        SPLIT
    }

    /** A host whose users may send mail through this one. */
    static final String OUR_USER = "127.0.0.5";

    /** Where its smart host is: Exim does not relay to an address that it listens on. */
    static final String SMART_HOST = "127.0.0.2";

    // The files of Debian's package exim4-config, unpacked, since those in /etc may have been edited.
    private static final Path PACKAGE =
            Path.of(System.getenv().getOrDefault("PEERS_DIR", "/opt/senderauth-peers"), "exim4-config");

    private final int port = PeerProcess.freePort();
    private final Path home;
    private final Path conf;
    private PeerProcess exim;

    private DebianExim(Path folder) throws IOException {
        folder.toFile().setExecutable(true, false);
        folder.toFile().setReadable(true, false);
        this.home = Files.createDirectory(folder.resolve("exim"));
        this.conf = home.resolve("exim4.conf");
        EximHost.own(home);
        for (String name : List.of("spool", "log")) {
            EximHost.own(Files.createDirectory(home.resolve(name)));
        }
    }

    /** Skips the test where it cannot run. */
    static void need() throws IOException {
        EximHost.need();
        PeerProcess.program(PACKAGE + "/usr/sbin/update-exim4.conf");
    }

    /**
     * Starts one; {@link #need} was called before.
     *
     * @param folder where it keeps its files
     * @param layout how the configuration is written
     * @param service what the guide's blocks talk to
     * @param sink the smart host; mail to alice and bob goes there, too
     * @param edit what the test changes in the guide's blocks
     */
    static DebianExim start(Path folder, Layout layout, BatvService service, MailSink sink, UnaryOperator<String> edit)
            throws IOException {
        DebianExim host = new DebianExim(folder);
        host.configure(layout, service, sink, edit);
        String program = PeerProcess.program("exim4").toString();
        host.exim = PeerProcess.start(
                folder,
                host.home.resolve("out"),
                List.of(
                        program,
                        "-C",
                        host.conf.toString(),
                        "-bdf",
                        "-oX",
                        "127.0.0.1." + host.port,
                        "-oP",
                        host.home.resolve("pid").toString()));
        host.exim.awaitTcp(host.port, Await.LIMIT);
        return host;
    }

    private void configure(Layout layout, BatvService service, MailSink sink, UnaryOperator<String> edit)
            throws IOException {
        Path etc = copy(PACKAGE.resolve("etc/exim4"), home.resolve("etc"));
        DocumentedConfig guide = DocumentedConfig.of("exim.md");
        String macros = edit.apply(guide.block("# senderauth, macros")) + """
                SPOOLDIR = %1$s/spool
                log_file_path = %1$s/log/%%slog
                MAIN_HARDCODE_PRIMARY_HOSTNAME = mx.example.org
                MAIN_HOST_LOOKUP =
                """.formatted(home);
        String router = edit.apply(guide.block("# senderauth, router"));
        if (layout == Layout.SPLIT) {
            Files.writeString(etc.resolve("conf.d/main/000_senderauth"), macros);
            Files.writeString(etc.resolve("conf.d/router/050_senderauth"), router);
        } else {
            Files.writeString(etc.resolve("exim4.conf.localmacros"), macros);
            Path template = etc.resolve("exim4.conf.template");
            Files.writeString(
                    template, Files.readString(template).replace("\nbegin routers\n", "\nbegin routers\n" + router));
        }
        write(etc.resolve("senderauth.rcpt"), edit.apply(guide.block("# senderauth, recipient checks")));
        write(etc.resolve("senderauth.data"), edit.apply(guide.block("# senderauth, end of data")));
        write(
                etc.resolve("aliases"),
                "alice: alice@inner.example\nbob: bob@inner.example\npostmaster: root@inner.example\nabuse: root@inner.example\n");
        Path key = Files.copy(service.key(), etc.resolve("batv.key"));
        EximHost.own(key);
        Files.writeString(etc.resolve("update-exim4.conf.conf"), """
                dc_eximconfig_configtype='smarthost'
                dc_other_hostnames='example.org;example.net'
                dc_local_interfaces='127.0.0.1'
                dc_readhost=''
                dc_relay_domains=''
                dc_minimaldns='false'
                dc_relay_nets='%s'
                dc_smarthost='%s::%d'
                CFILEMODE='644'
                dc_use_split_config='%s'
                dc_hide_mailname='false'
                dc_mailname_in_oh='true'
                dc_localdelivery='mail_spool'
                """.formatted(
                        OUR_USER, SMART_HOST, sink.port(), layout == Layout.SPLIT));
        Path update = home.resolve("update-exim4.conf");
        Files.writeString(
                update,
                Files.readString(PACKAGE.resolve("usr/sbin/update-exim4.conf")).replace("/etc/exim4", etc.toString()));
        run(List.of("/bin/sh", update.toString(), "-o", conf.toString()));
        Files.writeString(
                conf,
                service.ports(Files.readString(conf))
                        .replace("/etc/exim4", etc.toString())
                        .replace("/etc/aliases", etc.resolve("aliases").toString()));
        run(List.of(PeerProcess.program("exim4").toString(), "-C", conf.toString(), "-bV"));
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
        return to;
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** Where it listens. */
    int port() {
        return port;
    }

    /** Offers a mail; the reply to RCPT if that is a rejection, else the reply to the message. */
    String mail(String client, String from, String to, String subject) throws IOException {
        try (SmtpTestClient talk = SmtpTestClient.from(client, port)) {
            return talk.mail(from, to, subject);
        }
    }

    /** Tries all that is in the queue once more, and returns when that is over. */
    void runQueue() {
        run(List.of(PeerProcess.program("exim4").toString(), "-C", conf.toString(), "-qff"));
    }

    /** The lines of the main log. */
    String logged() {
        Path log = home.resolve("log/mainlog");
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(List<String> command) {
        try {
            Path out = Files.createTempFile(home, "run", ".out");
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            if (process.waitFor() != 0) {
                throw new AssertionFailedError(command + ": " + Files.readString(out));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionFailedError("interrupted");
        }
    }

    /** Ends it when its last delivery is over: that is not a child process any more once the client has gone. */
    @Override
    public void close() {
        try (PeerProcess ending = exim) {
            Await.until(
                    "the end of all deliveries",
                    () -> !ending.process().isAlive() || count(" <= ") == count(" Completed"));
        }
    }

    private long count(String words) {
        return logged().lines().filter(line -> line.contains(words)).count();
    }
}

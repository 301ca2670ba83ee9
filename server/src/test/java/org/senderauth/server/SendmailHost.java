package org.senderauth.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.opentest4j.AssertionFailedError;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.SmtpTestClient;

/**
 * A Sendmail on loopback with Debian's stock {@code sendmail.mc} and the block of docs/sendmail.md at its end. It is
 * unpacked from the packages, since it cannot be installed next to Exim. example.org is local, with the mailboxes alice
 * and bob; mail to example.net is relayed to the smart host, as mail to other hosts is.
 */
final class SendmailHost implements AutoCloseable {

    /** A client that may relay. */
    static final String OUR_USER = "127.0.0.5";

    private static final Path ROOT =
            Path.of(System.getenv().getOrDefault("PEERS_DIR", "/opt/senderauth-peers"), "sendmail");
    private static final String PROGRAM = ROOT + "/usr/libexec/sendmail/sendmail";

    // Where run.sh cannot give it another host name, Sendmail waits a minute at its start for the DNS.
    private static final Duration START = Duration.ofMinutes(2);

    private final int smtp = PeerProcess.freePort();
    private final int submission = PeerProcess.freePort();
    private final Path folder;
    private final Path home;
    private PeerProcess sendmail;

    private SendmailHost(Path folder) {
        this.folder = folder;
        this.home = folder.resolve("sendmail");
    }

    /** Skips the test where it cannot run. */
    static void need() throws IOException {
        PeerProcess.program(PROGRAM);
        if (!Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
            throw PeerProcess.missing("a Sendmail of its own needs root");
        }
    }

    /**
     * Starts one; {@link #need} was called before.
     *
     * @param folder where it keeps its files
     * @param service what the guide's block talks to
     * @param sink the smart host, which gets the mail of alice and bob, too
     */
    static SendmailHost start(Path folder, BatvService service, MailSink sink) throws IOException {
        return start(folder, service.ports(DocumentedConfig.of("sendmail.md").block("LOCAL_CONFIG")), sink.port());
    }

    /**
     * Starts one with other lines than the guide's; {@link #need} was called before.
     *
     * @param folder where it keeps its files
     * @param lines what is appended to the stock configuration
     * @param sinkPort the port of the smart host
     */
    static SendmailHost start(Path folder, String lines, int sinkPort) throws IOException {
        SendmailHost host = new SendmailHost(folder);
        for (String name : List.of("build.sh", "run.sh")) {
            try (InputStream in = SendmailHost.class.getResourceAsStream("/sendmail/" + name)) {
                Files.copy(in, folder.resolve(name));
            }
        }
        Path rules = Files.writeString(folder.resolve("rules.mc"), lines);
        host.run(
                "/bin/sh",
                folder.resolve("build.sh").toString(),
                ROOT.toString(),
                host.home.toString(),
                rules.toString(),
                Integer.toString(host.smtp),
                Integer.toString(host.submission),
                Integer.toString(sinkPort));
        host.sendmail = PeerProcess.start(folder, folder.resolve("sendmail.out"), host.command("-bD"))
                .awaitTcp(host.smtp, START);
        return host;
    }

    /** Where it listens. */
    int port() {
        return smtp;
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                folder.resolve("run.sh").toString(),
                ROOT.toString(),
                PROGRAM,
                "-C",
                home.resolve("sendmail.cf").toString()));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** Offers a mail; the reply to RCPT if that is a rejection, else the reply to the message. */
    String mail(String client, String from, String to, String subject) throws IOException {
        try (SmtpTestClient talk = SmtpTestClient.from(client, smtp)) {
            return talk.mail(from, to, subject);
        }
    }

    /** Puts a mail into the queue without an attempt to deliver it, as a program on this host can. */
    void queue(String from, String to, String subject) throws IOException {
        Path mail = Files.writeString(
                folder.resolve("queued.eml"), "From: someone@example.com\nSubject: " + subject + "\n\ntext\n");
        List<String> command = command("-i", "-odq", "-f", from.isEmpty() ? "<>" : from, to);
        finish(new ProcessBuilder(command).redirectInput(mail.toFile()));
    }

    /** What the address test mode prints for some lines of input. */
    String addressTest(String input) throws IOException {
        Path lines = Files.writeString(folder.resolve("test.in"), input);
        return finish(new ProcessBuilder(command("-bt")).redirectInput(lines.toFile()));
    }

    /** Tries all that is in the queue once, and returns when that is over. */
    void runQueue() {
        run(command("-q").toArray(String[]::new));
    }

    /** How many mails are in the queue. */
    long queued() {
        try (Stream<Path> files = Files.list(home.resolve("var/spool/mqueue"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("qf"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(String... command) {
        finish(new ProcessBuilder(command));
    }

    private String finish(ProcessBuilder builder) {
        try {
            Path out = Files.createTempFile(folder, "run", ".out");
            int status = builder.redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start()
                    .waitFor();
            String printed = Files.readString(out);
            if (status != 0) {
                throw new AssertionFailedError(String.join(" ", builder.command()) + ": " + status + ", " + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionFailedError("interrupted");
        }
    }

    /** Ends it when its queue is empty: a delivery is not a child process any more once the client has gone. */
    @Override
    public void close() {
        try (PeerProcess ending = sendmail) {
            Await.until("the end of all deliveries", () -> !ending.process().isAlive() || queued() == 0);
        }
    }
}

package org.senderauth.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.SmtpTestClient;

/** A real Postfix with the configuration of docs/milter.md, and its service. */
final class MilterPostfix implements AutoCloseable {

    private final int smtp = PeerProcess.freePort();
    private final int submission = PeerProcess.freePort();
    private final Path folder;
    private final Path home;
    private final MilterService service;
    private PeerProcess postfix;

    private MilterPostfix(Path folder, UnaryOperator<String> settings) throws IOException, ConfigException {
        this.folder = folder;
        this.home = folder.resolve("postfix");
        this.service = new MilterService(folder, "ip4:192.0.2.10", settings);
    }

    /** Starts both with some lines of main.cf changed, or skips the test. */
    static MilterPostfix start(Path folder, UnaryOperator<String> mainCf) throws IOException, ConfigException {
        return start(folder, mainCf, settings -> settings);
    }

    /** The same with changed settings of the service. */
    static MilterPostfix start(Path folder, UnaryOperator<String> mainCf, UnaryOperator<String> settings)
            throws IOException, ConfigException {
        String peers = System.getenv().getOrDefault("PEERS_DIR", "/opt/senderauth-peers");
        Path root = Path.of(peers, "postfix");
        PeerProcess.program(root + "/usr/sbin/postfix");
        if (!Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
            throw PeerProcess.missing("a Postfix of its own needs root");
        }
        MilterPostfix started = new MilterPostfix(folder, settings);
        started.startPostfix(root, mainCf);
        return started;
    }

    private void startPostfix(Path root, UnaryOperator<String> mainCf) throws IOException {
        Path conf = Files.createDirectories(home.resolve("conf"));
        DocumentedConfig guide = DocumentedConfig.of("milter.md");
        Files.writeString(
                conf.resolve("main.cf"),
                filled(resource("main.cf"), root) + service.ports(mainCf.apply(guide.block("# main.cf"))));
        String own = service.ports(guide.block("# master.cf"))
                .replace("submission inet n       -       y", "127.0.0.1:" + submission + " inet n - n")
                .replace("smtpd_sasl_auth_enable=yes", "smtpd_sasl_auth_enable=no");
        Files.writeString(conf.resolve("master.cf"), filled(resource("master.cf"), root) + own);
        // Postfix's own user must get there.
        folder.toFile().setExecutable(true, false);
        folder.toFile().setReadable(true, false);
        Path start = folder.resolve("start.sh");
        Files.writeString(start, resource("start.sh"));
        postfix = PeerProcess.start(
                        folder,
                        folder.resolve("postfix.out"),
                        List.of("/bin/bash", start.toString(), root.toString(), home.toString()))
                .awaitTcp(smtp, Await.LIMIT)
                .awaitTcp(submission, Await.LIMIT);
    }

    private String filled(String text, Path root) {
        return text.replace("@ROOT@", root.toString())
                .replace("@FOLDER@", home.toString())
                .replace("@SINK@", Integer.toString(sink().port()))
                .replace("@SMTP@", Integer.toString(smtp));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = MilterPostfix.class.getResourceAsStream("/milter/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    MilterService service() {
        return service;
    }

    MailSink sink() {
        return service.sink();
    }

    /** What the service says. */
    String log() {
        return service.log();
    }

    /** Waits until the service has said something. */
    void awaitLog(String text) {
        service.awaitLog(text);
    }

    /** Reloads the service with changed settings. */
    boolean reload(UnaryOperator<String> settings) throws IOException {
        return service.reload(settings);
    }

    CuttingProxy proxy() {
        return service.proxy();
    }

    /** A session of a host elsewhere. */
    SmtpTestClient outside(String client) throws IOException {
        return SmtpTestClient.as(smtp, client);
    }

    /** A session of one of our users. */
    SmtpTestClient inside() throws IOException {
        return SmtpTestClient.with(submission);
    }

    @Override
    public void close() {
        if (postfix != null) {
            postfix.close();
        }
        service.close();
    }
}

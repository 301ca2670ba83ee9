package org.senderauth.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.opentest4j.AssertionFailedError;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.LoopbackDnsServer;
import org.senderauth.testkit.SmtpTestClient;

/**
 * A real Postfix with Debian's stock configuration, into which docs/postfix.md was pasted literally but for ports and
 * paths, the service's configuration of the same guide, and the hosts around them. The user of this class starts the
 * service.
 */
final class DocumentedPostfix implements AutoCloseable {

    /** A host elsewhere, which the zone does not authorize. */
    static final String STRANGER = "198.51.100.7";

    private static final byte[] KEY = "a key of the test, 28 octets".getBytes(StandardCharsets.US_ASCII);
    private static final DocumentedConfig GUIDE = DocumentedConfig.of("postfix.md");

    private final int smtp = PeerProcess.freePort();
    private final int submission = PeerProcess.freePort();
    private final int policy = PeerProcess.freePort();
    private final int socketmap = PeerProcess.freePort();
    private final int http = PeerProcess.freePort();
    private final Path folder;
    private final Path home;
    private final MailSink sink = new MailSink();
    private final LoopbackDnsServer dns;
    private final Path config;
    private PeerProcess postfix;

    private DocumentedPostfix(Path folder) throws IOException {
        this.folder = folder;
        this.home = folder.resolve("postfix");
        this.dns = LoopbackDnsServer.serving(ZoneDnsClient.builder()
                .text("""
                        example.net.        300 IN TXT "v=spf1 ip4:192.0.2.10 -all"
                        callout.example.    300 IN MX 10 mx.callout.example.
                        mx.callout.example. 300 IN A 127.0.0.1
                        """)
                .trouble(DomainNames.of("away.example.net"), Cause.SERVER_FAILURE)
                .build());
        SecretFiles.create(folder.resolve("batv.key"), KEY);
        this.config = folder.resolve("senderauth.yaml");
        report();
    }

    /** Starts Postfix in a folder, or skips the test. The service's configuration only reports, as the guide begins. */
    static DocumentedPostfix start(Path folder) throws IOException {
        return start(folder, UnaryOperator.identity());
    }

    /** Starts a Postfix that passes over a silent policy service after 3 s, for tests of just that. */
    static DocumentedPostfix startImpatient(Path folder) throws IOException {
        return start(folder, mainCf -> mainCf.replace("timeout=25s", "timeout=3s"));
    }

    /** Starts a Postfix with some lines of main.cf changed. */
    static DocumentedPostfix start(Path folder, UnaryOperator<String> mainCf) throws IOException {
        return start(folder, mainCf, UnaryOperator.identity());
    }

    /** Starts a Postfix with some lines of main.cf changed and further hash tables, which exist before its first process. */
    static DocumentedPostfix start(Path folder, UnaryOperator<String> mainCf, Map<String, String> tables)
            throws IOException {
        return start(folder, mainCf, UnaryOperator.identity(), tables);
    }

    /** Starts a Postfix with some lines of main.cf and master.cf changed; {@code @SINK@} is the port of the sink. */
    static DocumentedPostfix start(Path folder, UnaryOperator<String> mainCf, UnaryOperator<String> masterCf)
            throws IOException {
        return start(folder, mainCf, masterCf, Map.of());
    }

    private static DocumentedPostfix start(
            Path folder, UnaryOperator<String> mainCf, UnaryOperator<String> masterCf, Map<String, String> tables)
            throws IOException {
        PeerProcess.program(root() + "/usr/sbin/postfix");
        PeerProcess.program("python3");
        if (!Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
            throw PeerProcess.missing("a Postfix of its own needs root");
        }
        DocumentedPostfix guided = new DocumentedPostfix(folder);
        guided.startPostfix(mainCf, masterCf, tables);
        return guided;
    }

    private static Path root() {
        return Path.of(System.getenv().getOrDefault("PEERS_DIR", "/opt/senderauth-peers"), "postfix");
    }

    /** Changes the service's configuration to that with which the guide begins. Start or reload the service afterwards. */
    void report() throws IOException {
        writeConfig(GUIDE.block("# /etc/senderauth/senderauth.yaml\n"));
    }

    /** Changes the service's configuration to that of the guide's third step. Start or reload the service afterwards. */
    DocumentedPostfix enforce() throws IOException {
        String first = GUIDE.block("# /etc/senderauth/senderauth.yaml\n");
        String steps = GUIDE.block("# /etc/senderauth/senderauth.yaml: these instead");
        writeConfig(first.replaceFirst("(?m)^steps:\n(  .*\n)*", steps));
        return this;
    }

    private void writeConfig(String guided) throws IOException {
        String callout = "  callout: {mode: off, on-tempfail: defer, port: " + sink.port()
                + ", allow-private-addresses: true}\n";
        Files.writeString(
                config,
                localized(guided).replace("steps:\n", "steps:\n" + callout)
                        + """
                          dns:
                            server: 127.0.0.1:%d
                          sender-domains:
                            callout.example: {callout: enforce}
                          """.formatted(dns.address().getPort()));
    }

    /** A block of the guide with the ports and folders of this test. */
    private String localized(String block) {
        return block.replace("127.0.0.1:10031", "127.0.0.1:" + policy)
                .replace("127.0.0.1:10032", "127.0.0.1:" + socketmap)
                .replace("127.0.0.1:9797", "127.0.0.1:" + http)
                .replace("@SINK@", Integer.toString(sink.port()))
                .replace("/etc/postfix/", home + "/conf/");
    }

    private void startPostfix(UnaryOperator<String> mainCf, UnaryOperator<String> masterCf, Map<String, String> tables)
            throws IOException {
        Path conf = Files.createDirectories(home.resolve("conf"));
        for (String table : List.of("senderauth-tags", "senderauth-senders", "senderauth-srs")) {
            Files.writeString(conf.resolve(table), GUIDE.block("# /etc/postfix/" + table));
        }
        Path pasted = Files.createDirectories(home.resolve("guide"));
        Files.writeString(
                pasted.resolve("main.cf"), localized(mainCf.apply(GUIDE.block("# main.cf: add these lines"))));
        Files.writeString(
                pasted.resolve("master.cf"), localized(masterCf.apply(GUIDE.block("# master.cf: add these lines"))));
        Files.writeString(pasted.resolve("commands"), localized(GUIDE.block("# run these")));
        StringBuilder sources = new StringBuilder();
        for (Map.Entry<String, String> table : tables.entrySet()) {
            Path source = conf.resolve(table.getKey());
            Files.writeString(source, table.getValue());
            sources.append("hash:").append(source).append('\n');
        }
        Files.writeString(pasted.resolve("tables"), sources);
        // Postfix's own user must get there.
        folder.toFile().setExecutable(true, false);
        folder.toFile().setReadable(true, false);
        Files.writeString(folder.resolve("debian.sh"), script());
        run();
    }

    private void run() {
        Path start = folder.resolve("debian.sh");
        postfix = PeerProcess.start(
                        folder,
                        folder.resolve("postfix.out"),
                        List.of(
                                "/bin/bash",
                                start.toString(),
                                root().toString(),
                                home.toString(),
                                Integer.toString(smtp),
                                Integer.toString(submission),
                                Integer.toString(sink.port())))
                .awaitTcp(smtp, Await.LIMIT)
                .awaitTcp(submission, Await.LIMIT);
    }

    private static String script() throws IOException {
        try (InputStream in = DocumentedPostfix.class.getResourceAsStream("/postfix/debian.sh")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What Postfix says of itself. */
    Path log() {
        return home.resolve("log/postfix.log");
    }

    /** The service's configuration. */
    Path config() {
        return config;
    }

    int policyPort() {
        return policy;
    }

    int socketmapPort() {
        return socketmap;
    }

    /** Where all mail goes, that of local mailboxes too. */
    MailSink sink() {
        return sink;
    }

    /** An address with a tag that was made a while ago, in the case of the address. */
    static String tagged(String address, Duration ago) {
        return Batv.builder()
                .keyring(BatvKeyring.of(SecretKeys.of(KEY)))
                .clock(InstantSource.offset(InstantSource.system(), ago.negated()))
                .build()
                .sign(MailAddress.of(address))
                .toString();
    }

    /** A session of a host elsewhere. */
    SmtpTestClient outside(String client) throws IOException {
        return SmtpTestClient.as(smtp, client);
    }

    /** A session of one of our users. */
    SmtpTestClient submission() throws IOException {
        return SmtpTestClient.with(submission);
    }

    String fromOutside(String client, String from, String to, String subject) throws IOException {
        try (SmtpTestClient talk = outside(client)) {
            return talk.mail(from, to, subject);
        }
    }

    String fromOurUser(String to, String subject) throws IOException {
        return fromOurUser("alice@example.org", to, subject);
    }

    String fromOurUser(String from, String to, String subject) throws IOException {
        try (SmtpTestClient talk = SmtpTestClient.with(submission)) {
            return talk.mail(from, to, subject);
        }
    }

    /** A mail from one of our hosts, not of a user, on the ordinary port. */
    String fromNetwork(String from, String to, String subject) throws IOException {
        try (SmtpTestClient talk = SmtpTestClient.with(smtp)) {
            return talk.mail(from, to, subject);
        }
    }

    /** A mail that a program on this host gives to sendmail(1). */
    void fromProgram(String from, String to, String subject) throws IOException {
        run("printf 'Subject: " + subject + "\\n\\ntext\\n' | \"$R/usr/sbin/sendmail\" -i -f '" + from + "' '" + to
                + "'");
    }

    /** Lets Postfix try at once what waits in its queues. */
    void flush() throws IOException {
        // The status of postkick says nothing: it does not wait for pickup.
        run("\"$R/usr/sbin/postkick\" public pickup W; \"$R/usr/sbin/postqueue\" -f");
    }

    /** Lets Postfix deliver what an access table has put on hold. */
    void release() throws IOException {
        run("\"$R/usr/sbin/postsuper\" -H ALL; \"$R/usr/sbin/postqueue\" -f");
    }

    /** Starts Postfix anew with these lines of main.cf in place of those that it had; its queues remain. */
    void restart(String mainCf) throws IOException {
        postfix.close();
        Files.writeString(home.resolve("guide/main.cf"), localized(mainCf));
        run();
    }

    // With the users and the configuration of this Postfix.
    private void run(String command) throws IOException {
        ProcessBuilder shell = new ProcessBuilder(
                "nsenter", "-m", "-t", Long.toString(postfix.process().pid()), "/bin/bash", "-c", command);
        shell.environment()
                .putAll(Map.of(
                        "R", root().toString(),
                        "LD_LIBRARY_PATH", root() + "/usr/lib/postfix",
                        "MAIL_CONFIG", home + "/conf"));
        try {
            int status = shell.redirectErrorStream(true)
                    .redirectOutput(folder.resolve("postfix-command.out").toFile())
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new AssertionFailedError(
                        command + ": " + Files.readString(folder.resolve("postfix-command.out")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionFailedError("interrupted");
        }
    }

    @Override
    public void close() {
        if (postfix != null) {
            postfix.close();
        }
        dns.close();
        sink.close();
    }
}

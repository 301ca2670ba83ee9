package org.senderauth.cli.serve;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.LoopbackDnsServer;
import org.senderauth.testkit.Patience;
import org.senderauth.testkit.RealPeer;
import org.senderauth.testkit.SmtpTalk;

/**
 * A real Postfix with the configuration of docs/postfix.md, a configuration of the service that fits, and the hosts
 * around them. Who uses it starts the service.
 */
final class GuidedPostfix implements AutoCloseable {

    /** A host elsewhere, to which the zone gives no leave. */
    static final String STRANGER = "198.51.100.7";

    private static final byte[] KEY = "a key of the test, 28 octets".getBytes(StandardCharsets.US_ASCII);

    private final int smtp = RealPeer.freePort();
    private final int submission = RealPeer.freePort();
    private final int policy = RealPeer.freePort();
    private final int socketmap = RealPeer.freePort();
    private final Path folder;
    private final MailSink sink = new MailSink();
    private final LoopbackDnsServer dns;
    private final Path config;
    private RealPeer postfix;

    private GuidedPostfix(Path folder) throws IOException {
        this.folder = folder;
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
        String callout = "  callout: {mode: off, on-trouble: defer, port: " + sink.port() + ", private-hosts: true}\n";
        Files.writeString(
                config,
                ports(Guide.of("postfix.md").block("# /etc/senderauth/senderauth.yaml"))
                                .replace("  http: 127.0.0.1:9797\n", "")
                                .replace("steps:\n", "steps:\n" + callout)
                        + """
                          dns:
                            server: 127.0.0.1:%d
                          senders-at:
                            callout.example: {callout: enforce}
                          """.formatted(dns.address().getPort()));
    }

    /** Starts Postfix in a folder, or skips the test. */
    static GuidedPostfix start(Path folder) throws IOException {
        return start(folder, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /** Starts a Postfix that passes over a silent policy service after 3 s, for tests of just that. */
    static GuidedPostfix startImpatient(Path folder) throws IOException {
        return start(folder, mainCf -> mainCf.replace("timeout=40s", "timeout=3s"), UnaryOperator.identity());
    }

    /** Starts a Postfix with some lines changed. */
    static GuidedPostfix start(Path folder, UnaryOperator<String> mainCf, UnaryOperator<String> masterCf)
            throws IOException {
        String peers = System.getenv().getOrDefault("PEERS_DIR", "/opt/senderauth-peers");
        Path root = Path.of(peers, "postfix");
        RealPeer.program(root + "/usr/sbin/postfix");
        if (!Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
            throw RealPeer.missing("a Postfix of its own needs root");
        }
        GuidedPostfix guided = new GuidedPostfix(folder);
        guided.startPostfix(root, mainCf, masterCf);
        return guided;
    }

    private String ports(String text) {
        return text.replace("127.0.0.1:10031", "127.0.0.1:" + policy)
                .replace("127.0.0.1:10032", "127.0.0.1:" + socketmap);
    }

    private void startPostfix(Path root, UnaryOperator<String> mainCf, UnaryOperator<String> masterCf)
            throws IOException {
        Path home = folder.resolve("postfix");
        Path conf = Files.createDirectories(home.resolve("conf"));
        Guide guide = Guide.of("postfix.md");
        Files.writeString(
                conf.resolve("main.cf"),
                filled(resource("main.cf"), root, home) + ports(mainCf.apply(guide.block("# main.cf"))));
        String own = ports(masterCf.apply(guide.block("# master.cf")))
                .replace("submission inet n       -       y", "127.0.0.1:" + submission + " inet n - n")
                .replace("unix n     -       y", "unix n - n")
                .replace("smtpd_sasl_auth_enable=yes", "smtpd_sasl_auth_enable=no");
        Files.writeString(conf.resolve("master.cf"), filled(resource("master.cf"), root, home) + own);
        // Postfix's own user must get there.
        folder.toFile().setExecutable(true, false);
        folder.toFile().setReadable(true, false);
        Path start = folder.resolve("start.sh");
        Files.writeString(start, resource("start.sh"));
        postfix = RealPeer.start(
                        folder,
                        folder.resolve("postfix.out"),
                        List.of("/bin/bash", start.toString(), root.toString(), home.toString()))
                .awaitTcp(smtp, Patience.LIMIT)
                .awaitTcp(submission, Patience.LIMIT);
    }

    private String filled(String text, Path root, Path home) {
        return text.replace("@ROOT@", root.toString())
                .replace("@FOLDER@", home.toString())
                .replace("@SINK@", Integer.toString(sink.port()))
                .replace("@SMTP@", Integer.toString(smtp));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = GuidedPostfix.class.getResourceAsStream("/postfix/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What Postfix says of itself. */
    Path log() {
        return folder.resolve("postfix/log/postfix.log");
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

    /** Where all mail goes. */
    MailSink sink() {
        return sink;
    }

    /** An address with a tag that was made a while ago. */
    static String tagged(String address, Duration ago) {
        return Batv.builder()
                .keyring(BatvKeyring.of(SecretKeys.of(KEY)))
                .clock(InstantSource.offset(InstantSource.system(), ago.negated()))
                .build()
                .sign(MailAddress.of(address))
                .toString();
    }

    /** A session of a host elsewhere. */
    SmtpTalk outside(String client) throws IOException {
        return SmtpTalk.as(smtp, client);
    }

    String fromOutside(String client, String from, String to, String subject) throws IOException {
        try (SmtpTalk talk = outside(client)) {
            return talk.mail(from, to, subject);
        }
    }

    String fromOurUser(String to, String subject) throws IOException {
        try (SmtpTalk talk = SmtpTalk.with(submission)) {
            return talk.mail("alice@example.org", to, subject);
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

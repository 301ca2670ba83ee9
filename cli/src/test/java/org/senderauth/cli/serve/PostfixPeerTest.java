package org.senderauth.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.dns.DnsAnswer.Unavailable.Cause;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.ZoneDnsClient;
import org.senderauth.testkit.LoopbackDnsServer;
import org.senderauth.testkit.RealPeer;
import org.senderauth.testkit.SmtpTalk;

/** A real Postfix with the configuration of docs/postfix.md in front of the service. */
@Timeout(180)
class PostfixPeerTest {

    private static final String STRANGER = "198.51.100.7";
    private static final byte[] KEY = "a key of the test, 28 octets".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    static Path folder;

    private static final int SMTP = RealPeer.freePort();
    private static final int SUBMISSION = RealPeer.freePort();
    private static final int POLICY = RealPeer.freePort();
    private static final int SOCKETMAP = RealPeer.freePort();

    private static final StringWriter LOG = new StringWriter();
    private static MailSink sink;
    private static LoopbackDnsServer dns;
    private static RealPeer postfix;
    private static Path config;
    private static Service service;

    @BeforeAll
    static void startAll() throws Exception {
        String peers = System.getenv().getOrDefault("PEERS_DIR", "/opt/senderauth-peers");
        Path root = Path.of(peers, "postfix");
        RealPeer.program(root + "/usr/sbin/postfix");
        if (!Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
            throw RealPeer.missing("a Postfix of its own needs root");
        }
        sink = new MailSink();
        dns = LoopbackDnsServer.serving(ZoneDnsClient.builder()
                .text("""
                        example.net.        300 IN TXT "v=spf1 ip4:192.0.2.10 -all"
                        callout.example.    300 IN MX 10 mx.callout.example.
                        mx.callout.example. 300 IN A 127.0.0.1
                        """)
                .trouble(DomainNames.of("away.example.net"), Cause.SERVER_FAILURE)
                .build());
        SecretFiles.create(folder.resolve("batv.key"), KEY);
        config = folder.resolve("senderauth.yaml");
        Files.writeString(
                config,
                ports(Guide.of("postfix.md").block("# /etc/senderauth/senderauth.yaml"))
                                .replace("  http: 127.0.0.1:9797\n", "")
                        + """
                          dns:
                            server: 127.0.0.1:%d
                          senders-at:
                            callout.example: {callout: enforce}
                          """.formatted(dns.address().getPort()));
        String callout = "  callout: {mode: off, on-trouble: defer, port: " + sink.port() + ", private-hosts: true}\n";
        Files.writeString(config, Files.readString(config).replace("steps:\n", "steps:\n" + callout));
        startService();
        startPostfix(root);
    }

    private static String ports(String text) {
        return text.replace("127.0.0.1:10031", "127.0.0.1:" + POLICY)
                .replace("127.0.0.1:10032", "127.0.0.1:" + SOCKETMAP);
    }

    private static void startService() throws IOException, ConfigException {
        service = Service.start(config, new PrintWriter(LOG, true), InstantSource.system());
    }

    private static void startPostfix(Path root) throws IOException {
        Path home = folder.resolve("postfix");
        Path conf = Files.createDirectories(home.resolve("conf"));
        Guide guide = Guide.of("postfix.md");
        Files.writeString(
                conf.resolve("main.cf"),
                filled(resource("main.cf"), root, home)
                        + ports(guide.block("# main.cf")).replace("timeout=40s", "timeout=3s"));
        String own = ports(guide.block("# master.cf"))
                .replace("submission inet n       -       y", "127.0.0.1:" + SUBMISSION + " inet n - n")
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
                .awaitTcp(SMTP, Duration.ofSeconds(30))
                .awaitTcp(SUBMISSION, Duration.ofSeconds(30));
    }

    private static String filled(String text, Path root, Path home) {
        return text.replace("@ROOT@", root.toString())
                .replace("@FOLDER@", home.toString())
                .replace("@SINK@", Integer.toString(sink.port()))
                .replace("@SMTP@", Integer.toString(SMTP));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = PostfixPeerTest.class.getResourceAsStream("/postfix/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @AfterAll
    static void stopAll() {
        if (postfix != null) {
            postfix.close();
        }
        if (service != null) {
            service.close();
        }
        if (dns != null) {
            dns.close();
        }
        if (sink != null) {
            sink.close();
        }
    }

    private static String tagged(String address, Duration ago) {
        return Batv.builder()
                .keyring(BatvKeyring.of(SecretKeys.of(KEY)))
                .clock(InstantSource.offset(InstantSource.system(), ago.negated()))
                .build()
                .sign(MailAddress.of(address))
                .toString();
    }

    private static String fromOutside(String client, String from, String to, String subject) throws IOException {
        try (SmtpTalk talk = SmtpTalk.as(SMTP, client)) {
            return talk.mail(from, to, subject);
        }
    }

    private static String fromOurUser(String to, String subject) throws IOException {
        try (SmtpTalk talk = SmtpTalk.with(SUBMISSION)) {
            return talk.mail("alice@example.org", to, subject);
        }
    }

    @Test
    void outboundMailLeavesTaggedAndItsBounceArrivesUntagged() throws Exception {
        assertThat(fromOurUser("bob@example.com", "outbound")).startsWith("250");
        MailSink.Mail out = sink.next("outbound");
        assertThat(out.from()).matches("prvs=0[0-9]{3}[0-9a-f]{6}=alice@example\\.org");

        assertThat(fromOutside(STRANGER, "", out.from(), "genuine bounce")).startsWith("250");
        MailSink.Mail back = sink.next("genuine bounce");
        assertThat(back.from()).isEmpty();
        assertThat(back.to()).containsExactly("alice@example.org");
    }

    @Test
    void forgedExpiredAndUntaggedBouncesAreRefusedWithOurText() throws Exception {
        String expired = tagged("alice@example.org", Duration.ofDays(20));
        for (String recipient : List.of("prvs=0123abcdef=alice@example.org", expired, "alice@example.org")) {
            assertThat(fromOutside(STRANGER, "", recipient, "forged bounce"))
                    .as(recipient)
                    .startsWith("550 5.7.1 ")
                    .endsWith("This address sent no mail that this bounce could answer");
        }
    }

    @Test
    void bounceOfThisHostsOwnFindsItsWay() throws Exception {
        assertThat(fromOurUser("nobody@example.com", "to nobody")).startsWith("250");
        MailSink.Mail bounce = sink.next("Undelivered Mail Returned to Sender");
        assertThat(bounce.from()).isEmpty();
        assertThat(bounce.to()).containsExactly("alice@example.org");
    }

    @Test
    void inboundMailThatForgesOurDomainGetsNoTag() throws Exception {
        assertThat(fromOutside(STRANGER, "alice@example.org", "bob@example.org", "forged sender"))
                .startsWith("250");
        assertThat(sink.next("forged sender").from()).isEqualTo("alice@example.org");
    }

    @Test
    void ordinaryMailToATaggedAddressIsDeliveredWithoutIt() throws Exception {
        String tagged = tagged("alice@example.org", Duration.ZERO);
        assertThat(fromOutside(STRANGER, "bob@example.com", tagged, "to a tag")).startsWith("250");
        assertThat(sink.next("to a tag").to()).containsExactly("alice@example.org");
    }

    @Test
    void spfPassIsToldInHeadersAndFailIsRefusedAndTemperrorIsPutOff() throws Exception {
        assertThat(fromOutside("192.0.2.10", "bob@example.net", "alice@example.org", "spf pass"))
                .startsWith("250");
        MailSink.Mail passed = sink.next("spf pass");
        assertThat(passed.has("Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=bob@example.net"))
                .as(passed.lines().toString())
                .isTrue();
        assertThat(passed.has("Received-SPF: pass (mx.example.org: ")).isTrue();
        assertThat(fromOutside(STRANGER, "bob@example.net", "alice@example.org", "spf fail"))
                .startsWith("550 5.7.23 ")
                .contains("example.net does not permit 198.51.100.7 to send");
        assertThat(fromOutside(STRANGER, "bob@away.example.net", "alice@example.org", "spf temperror"))
                .startsWith("450 4.7.24 ");
    }

    @Test
    void greylistedCalloutPutsTheMailOffAndAnUnknownSenderIsRefused() throws Exception {
        assertThat(fromOutside(STRANGER, "grey@callout.example", "alice@example.org", "grey"))
                // Postfix makes 4.1.3 of 4.1.7, since it answers RCPT.
                .matches("450 4\\.1\\.[37] .*Sender address cannot be verified now, try again later");
        assertThat(fromOutside(STRANGER, "nobody@callout.example", "alice@example.org", "unknown"))
                .matches("550 5\\.1\\.[37] .*Sender address rejected: its mail server takes no mail for it");
        assertThat(fromOutside(STRANGER, "carol@callout.example", "alice@example.org", "known"))
                .startsWith("250");
        assertThat(sink.next("known").from()).isEqualTo("carol@callout.example");
    }

    @Test
    void reloadKeepsTheConnectionsThatPostfixHolds() throws Exception {
        try (SmtpTalk talk = SmtpTalk.as(SMTP, STRANGER)) {
            assertThat(talk.mail("bob@example.com", "alice@example.org", "before reload"))
                    .startsWith("250");
            assertThat(service.reload()).isTrue();
            assertThat(talk.mail("bob@example.com", "alice@example.org", "after reload"))
                    .startsWith("250");
        }
        assertThat(sink.next("after reload").from()).isEqualTo("bob@example.com");
    }

    @Test
    void stoppedServiceLosesNoMailAndRefusesNone() throws Exception {
        try (SmtpTalk talk = SmtpTalk.as(SMTP, STRANGER)) {
            assertThat(talk.mail("bob@example.com", "alice@example.org", "before the stop"))
                    .startsWith("250");
            service.close();
            try {
                // The map is away, so that nobody knows the recipient's true address: later, not never.
                assertThat(talk.mail("bob@example.com", "alice@example.org", "while stopped"))
                        .startsWith("4");
                assertThat(fromOurUser("bob@example.com", "outbound while stopped"))
                        .startsWith("4");
            } finally {
                startService();
            }
            assertThat(talk.mail("bob@example.com", "alice@example.org", "after the start"))
                    .startsWith("250");
        }
        assertThat(sink.next("after the start").to()).containsExactly("alice@example.org");
    }

    @Test
    void hungPolicyIsPassedOverAfterPostfixsTimeout() throws Exception {
        service.close();
        Path half = folder.resolve("half.yaml");
        Files.writeString(half, Files.readString(config).replace("  policy: inet:127.0.0.1:" + POLICY + "\n", ""));
        try (ServerSocket hung = new ServerSocket(POLICY, 50, InetAddress.getLoopbackAddress());
                Service mapsOnly = Service.start(half, new PrintWriter(LOG, true), InstantSource.system())) {
            assertThat(mapsOnly.addresses()).hasSize(1);
            assertThat(hung.isBound()).isTrue();
            assertThat(fromOutside(STRANGER, "bob@example.net", "alice@example.org", "hung policy"))
                    .startsWith("250");
        } finally {
            startService();
        }
        assertThat(sink.next("hung policy").to()).containsExactly("alice@example.org");
    }
}

package org.senderauth.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
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
import org.senderauth.core.SecretKeys;
import org.senderauth.testkit.RealPeer;
import org.senderauth.testkit.SmtpTalk;

/** A stock Exim with the configuration of docs/exim.md, sharing decisions and the BATV key with the service. */
@Timeout(120)
class EximPeerTest {

    private static final byte[] KEY = "a key of the test, 28 octets".getBytes(StandardCharsets.US_ASCII);
    private static final String OUR_USER = "127.0.0.5";
    private static final String GOOD = "127.0.0.10";
    private static final String STRANGER = "127.0.0.11";

    @TempDir
    static Path folder;

    private static final int SMTP = RealPeer.freePort();
    private static final StringWriter LOG = new StringWriter();
    private static MailSink sink;
    private static RealPeer exim;
    private static Service service;

    @BeforeAll
    static void startAll() throws Exception {
        Path program = RealPeer.program("exim4");
        if (!Files.getOwner(Path.of("/proc/self")).getName().equals("root")) {
            throw RealPeer.missing("an Exim of its own needs root");
        }
        sink = new MailSink();
        folder.toFile().setExecutable(true, false);
        folder.toFile().setReadable(true, false);
        Path key = folder.resolve("batv.key");
        Files.write(key, KEY);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        Files.writeString(folder.resolve("zone"), "example.net. 300 IN TXT \"v=spf1 ip4:" + GOOD + " -all\"\n");
        Path config = folder.resolve("senderauth.yaml");
        Files.writeString(config, """
                hostname: mx.example.org
                domains: [example.org]
                dns: {zones: [zone]}
                listen: {policy: inet:127.0.0.1:0, socketmap: inet:127.0.0.1:0}
                steps:
                  spf: {mode: enforce}
                  batv: {mode: enforce}
                batv: {key-file: batv.key}
                """);
        service = Service.start(config, new PrintWriter(LOG, true), InstantSource.system());
        startExim(program, key);
    }

    private static String port(int index) {
        String address = service.addresses().get(index).toString();
        return address.substring(address.lastIndexOf(':') + 1);
    }

    private static void startExim(Path program, Path key) throws IOException {
        Path home = Files.createDirectory(folder.resolve("exim"));
        Guide guide = Guide.of("exim.md");
        String text = resource("exim.conf")
                .replace("@MAIN@", guide.block("# in the main section"))
                .replace("@ACL_MAIL@", guide.block("# acl_check_mail"))
                .replace("@ACL_RCPT@", guide.block("# acl_check_rcpt"))
                .replace("@ROUTER@", guide.block("# router"))
                .replace("@TRANSPORT@", guide.block("# transport"))
                .replace("127.0.0.1:10031", "127.0.0.1:" + port(0))
                .replace("127.0.0.1:10032", "127.0.0.1:" + port(1))
                .replace("/etc/senderauth/batv.key", key.toString())
                .replace("@FOLDER@", home.toString())
                .replace("@SMTP@", Integer.toString(SMTP))
                .replace("@SINK@", Integer.toString(sink.port()));
        Path conf = folder.resolve("exim.conf");
        Files.writeString(conf, text);
        Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rw-r--r--"));
        own(home);
        for (String name : List.of("spool", "log")) {
            own(Files.createDirectory(home.resolve(name)));
        }
        own(key);
        exim = RealPeer.start(
                        folder, folder.resolve("exim.out"), List.of(program.toString(), "-C", conf.toString(), "-bdf"))
                .awaitTcp(SMTP, Duration.ofSeconds(30));
    }

    private static void own(Path path) throws IOException {
        UserPrincipalLookupService users = path.getFileSystem().getUserPrincipalLookupService();
        UserPrincipal user = users.lookupPrincipalByName("Debian-exim");
        GroupPrincipal group = users.lookupPrincipalByGroupName("Debian-exim");
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        view.setOwner(user);
        view.setGroup(group);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = EximPeerTest.class.getResourceAsStream("/exim/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @AfterAll
    static void stopAll() {
        if (exim != null) {
            exim.close();
        }
        if (service != null) {
            service.close();
        }
        if (sink != null) {
            sink.close();
        }
    }

    private static String mail(String client, String from, String to, String subject) throws IOException {
        try (SmtpTalk talk = SmtpTalk.from(client, SMTP)) {
            return talk.mail(from, to, subject);
        }
    }

    @Test
    void decisionIsTheServices() throws Exception {
        assertThat(mail(STRANGER, "bob@example.net", "alice@example.org", "spf fail"))
                .startsWith("550 5.7.23 SPF: ")
                .contains("example.net does not permit 127.0.0.11 to send");
        assertThat(mail(GOOD, "bob@example.net", "alice@example.org", "spf pass"))
                .startsWith("250");
        MailSink.Mail passed = sink.next("spf pass");
        assertThat(passed.has("Authentication-Results: mx.example.org; spf=pass "))
                .as(passed.lines().toString())
                .isTrue();
    }

    @Test
    void eximAndTheServiceShareTheKey() throws Exception {
        assertThat(mail(OUR_USER, "alice@example.org", "bob@example.com", "outbound"))
                .startsWith("250");
        String tagged = sink.next("outbound").from();
        Batv batv = Batv.builder().keyring(BatvKeyring.of(SecretKeys.of(KEY))).build();
        assertThat(batv.verify(tagged).isValid()).as(tagged).isTrue();

        assertThat(mail(STRANGER, "", tagged, "genuine bounce")).startsWith("250");
        assertThat(sink.next("genuine bounce").to()).containsExactly("alice@example.org");
    }

    @Test
    void forgedBounceIsRefusedWithTheServicesText() throws Exception {
        for (String recipient : List.of("prvs=0123abcdef=alice@example.org", "alice@example.org")) {
            assertThat(mail(STRANGER, "", recipient, "forged"))
                    .as(recipient)
                    .startsWith("550 5.7.1 This address sent no mail that this bounce could answer");
        }
    }
}

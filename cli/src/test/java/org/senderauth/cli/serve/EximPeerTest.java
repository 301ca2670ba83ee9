package org.senderauth.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.core.SecretKeys;

/** A stock Exim with the configuration of docs/exim.md, sharing decisions and the BATV key with the service. */
@Timeout(120)
class EximPeerTest {

    private static final byte[] KEY = "a key of the test, 28 octets".getBytes(StandardCharsets.US_ASCII);
    private static final String OUR_USER = "127.0.0.5";
    private static final String GOOD = "127.0.0.10";
    private static final String STRANGER = "127.0.0.11";

    @TempDir
    static Path folder;

    private static final StringWriter LOG = new StringWriter();
    private static MailSink sink;
    private static EximHost exim;
    private static Service service;

    @BeforeAll
    static void startAll() throws Exception {
        EximHost.need();
        sink = new MailSink();
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
        EximHost.own(key);
        exim = startExim(key);
    }

    private static String port(int index) {
        String address = service.addresses().get(index).toString();
        return address.substring(address.lastIndexOf(':') + 1);
    }

    private static EximHost startExim(Path key) throws IOException {
        Guide guide = Guide.of("exim.md");
        return EximHost.start(
                folder,
                Map.of(
                        "MAIN", guide.block("# in the main section").replace("127.0.0.1:10031", "127.0.0.1:" + port(0)),
                        "ACL_MAIL", guide.block("# acl_check_mail"),
                        "ACL_RCPT", guide.block("# acl_check_rcpt"),
                        "ROUTER",
                                guide.block("# router")
                                        .replace("127.0.0.1:10032", "127.0.0.1:" + port(1))
                                        .replace("{10s}", "{60s}"),
                        "TRANSPORT", guide.block("# transport").replace("/etc/senderauth/batv.key", key.toString()),
                        "SINK", Integer.toString(sink.port())));
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

    @Test
    void decisionIsTheServices() throws Exception {
        assertThat(exim.mail(STRANGER, "bob@example.net", "alice@example.org", "spf fail"))
                .startsWith("550 5.7.23 SPF: ")
                .contains("example.net does not permit 127.0.0.11 to send");
        assertThat(exim.mail(GOOD, "bob@example.net", "alice@example.org", "spf pass"))
                .startsWith("250");
        MailSink.Mail passed = sink.next("spf pass");
        assertThat(passed.has("Authentication-Results: mx.example.org; spf=pass "))
                .as(passed.lines().toString())
                .isTrue();
    }

    @Test
    void eximAndTheServiceShareTheKey() throws Exception {
        assertThat(exim.mail(OUR_USER, "alice@example.org", "bob@example.com", "outbound"))
                .startsWith("250");
        String tagged = sink.next("outbound").from();
        Batv batv = Batv.builder().keyring(BatvKeyring.of(SecretKeys.of(KEY))).build();
        assertThat(batv.verify(tagged).isValid()).as(tagged).isTrue();

        assertThat(exim.mail(STRANGER, "", tagged, "genuine bounce")).startsWith("250");
        assertThat(sink.next("genuine bounce").to()).containsExactly("alice@example.org");
    }

    @Test
    void forgedBounceIsRefusedWithTheServicesText() throws Exception {
        for (String recipient : List.of("prvs=0123abcdef=alice@example.org", "alice@example.org")) {
            assertThat(exim.mail(STRANGER, "", recipient, "forged"))
                    .as(recipient)
                    .startsWith("550 5.7.1 This address sent no mail that this bounce could answer");
        }
    }
}

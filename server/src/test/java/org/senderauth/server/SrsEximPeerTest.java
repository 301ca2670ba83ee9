package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsFormat;
import org.senderauth.srs.SrsKeyring;
import org.senderauth.srs.SrsMode;

/** A stock Exim that forwards with the configuration of docs/srs.md, and what its own SRS signed before. */
@Timeout(120)
class SrsEximPeerTest {

    private static final byte[] OLD_SECRET = "the SRS secret of Exim".getBytes(StandardCharsets.US_ASCII);
    private static final String OUR_USER = "127.0.0.5";
    private static final String STRANGER = "127.0.0.11";
    private static final String GUESSER = "127.0.9.9";

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
        SecretFiles.create(
                folder.resolve("srs.secret"), "our own secret of the test".getBytes(StandardCharsets.US_ASCII));
        SecretFiles.create(folder.resolve("exim.secret"), OLD_SECRET);
        Files.writeString(folder.resolve("zone"), "example.net. 300 IN TXT \"v=spf1 -all\"\n");
        Path config = Files.writeString(folder.resolve("senderauth.yaml"), """
                hostname: mx.example.org
                domains: [example.org]
                dns: {zones: [zone]}
                listen: {policy: inet:127.0.0.1:0, socketmap: inet:127.0.0.1:0}
                exempt: {loopback: false}
                steps:
                  srs: {mode: enforce}
                srs:
                  key-file: srs.secret
                  domain: example.org
                  predecessor: {mode: exim, key-file: exim.secret, until: %s}
                """.formatted(
                        LocalDate.now(ZoneOffset.UTC).plusDays(11)));
        service = Service.start(config, new PrintWriter(LOG, true), InstantSource.system());
        DocumentedConfig srs = DocumentedConfig.of("srs.md");
        DocumentedConfig guide = DocumentedConfig.of("exim.md");
        String forwarding = """
                forwards:
                  driver = redirect
                  domains = +local_domains
                  local_parts = forward
                  data = carol@example.net
                unknown:
                  driver = redirect
                  domains = +local_domains
                  local_parts = ^(?i)srs
                  data = :fail: unknown user
                  allow_fail
                """;
        exim = EximHost.start(
                folder,
                Map.of(
                        "MAIN",
                        guide.block("# senderauth, macros").replace("127.0.0.1:10031", "127.0.0.1:" + port(0))
                                + "acl_smtp_rcpt = acl_check_rcpt\n",
                        "ACL_MAIL",
                        "  accept",
                        "ACL_RCPT",
                        "  require verify = recipient\n" + guide.block("# senderauth, recipient checks"),
                        "ROUTER",
                        patient(srs.block("# router, before")) + forwarding,
                        "TRANSPORT",
                        patient(srs.block("# transport of mail to other hosts")),
                        "SINK",
                        Integer.toString(sink.port())));
    }

    private static String patient(String block) {
        return block.replace("127.0.0.1:10032", "127.0.0.1:" + port(1)).replace("{10s}", "{60s}");
    }

    private static String port(int index) {
        String address = service.addresses().get(index).toString();
        return address.substring(address.lastIndexOf(':') + 1);
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
    void rewritesForwardedMailAndReturnsItsBounce() throws Exception {
        assertThat(exim.mail(STRANGER, "Bob@example.com", "forward@example.org", "forwarded"))
                .startsWith("250");
        MailSink.Mail forwarded = sink.next("forwarded");
        assertThat(forwarded.to()).containsExactly("carol@example.net");
        assertThat(forwarded.from()).matches("SRS0=[a-z2-7]{8}=[A-Z2-7]{2}=example\\.com=Bob@example\\.org");
        assertThat(exim.mail(STRANGER, "", forwarded.from(), "its bounce")).startsWith("250");
        MailSink.Mail bounce = sink.next("its bounce");
        assertThat(bounce.to()).containsExactly("Bob@example.com");
        assertThat(bounce.from()).isEmpty();
    }

    @Test
    void keepsSenderOfMailThatIsNotForwarded() throws Exception {
        assertThat(exim.mail(STRANGER, "bob@example.com", "alice@example.org", "local"))
                .startsWith("250");
        assertThat(sink.next("local").from()).isEqualTo("bob@example.com");
        assertThat(exim.mail(OUR_USER, "alice@example.org", "carol@example.net", "outbound"))
                .startsWith("250");
        assertThat(sink.next("outbound").from()).isEqualTo("alice@example.org");
    }

    @Test
    void chainReturnsToItsFirstForwarder() throws Exception {
        String first = "SRS0=AbCd=EK=example.com=bob@fwd.example.com";
        assertThat(exim.mail(STRANGER, first, "forward@example.org", "second hop"))
                .startsWith("250");
        String second = sink.next("second hop").from();
        assertThat(second).matches("SRS1=[a-z2-7]{8}=fwd\\.example\\.com==AbCd=EK=example\\.com=bob@example\\.org");
        assertThat(exim.mail(STRANGER, "", second, "back")).startsWith("250");
        assertThat(sink.next("back").to()).containsExactly(first);
    }

    @Test
    void rejectsForgedAddressAtRcpt() throws Exception {
        assertThat(exim.mail(STRANGER, "", "SRS0=aaaaaaaa=EL=example.com=bob@example.org", "forged"))
                .startsWith("550 5.1.1 Invalid or expired SRS address");
    }

    @Test
    void guesserLearnsNothingAboveLimit() throws Exception {
        assertThat(exim.mail(STRANGER, "bob@example.com", "forward@example.org", "to be guessed"))
                .startsWith("250");
        String valid = sink.next("to be guessed").from();
        new SrsGuesser(
                        () -> exim.connect(GUESSER),
                        "550 5\\.1\\.1 Invalid or expired SRS address.*",
                        "45.*4\\.7\\.1 .*")
                .learnsNothingAboveLimit(valid);
        assertThat(exim.mail(STRANGER, "", valid, "genuine")).startsWith("250");
        assertThat(sink.next("genuine").to()).containsExactly("bob@example.com");
    }

    @Test
    void ordinaryMailToSrsAddressShowsNothing() throws Exception {
        assertThat(exim.mail(STRANGER, "bob@example.com", "forward@example.org", "to be answered"))
                .startsWith("250");
        String valid = sink.next("to be answered").from();
        String forged = SrsGuesser.forged(valid);
        assertThat(exim.mail(STRANGER, "carol@example.com", valid, "reply"))
                .isEqualTo(exim.mail(STRANGER, "carol@example.com", forged, "reply"))
                .startsWith("550 ");
    }

    @Test
    void mailThatEximSignedItselfIsStillReversed() throws Exception {
        String signed = Srs.builder()
                .keyring(SrsKeyring.builder()
                        .sign(SecretKeys.of(OLD_SECRET), SrsFormat.of(SrsMode.EXIM))
                        .build())
                .domain("example.org")
                .build()
                .forward(MailAddress.of("bob@example.com"))
                .address()
                .toString();
        assertThat(exim.mail(STRANGER, "", signed, "old bounce")).startsWith("250");
        assertThat(sink.next("old bounce").to()).containsExactly("bob@example.com");
    }
}

package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.DocumentedPostfix.STRANGER;
import static org.senderauth.server.DocumentedPostfix.tagged;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.SmtpTestClient;

/** A real Postfix with the configuration of docs/postfix.md that uses the service. */
@Timeout(180)
class PostfixPeerTest {

    @TempDir
    static Path folder;

    private static final StringWriter LOG = new StringWriter();
    private static DocumentedPostfix postfix;
    private static MailSink sink;
    private static Service service;

    @BeforeAll
    static void startAll() throws Exception {
        postfix = DocumentedPostfix.start(folder).enforce();
        sink = postfix.sink();
        startService();
    }

    private static void startService() throws IOException, ConfigException {
        service = Service.start(postfix.config(), new PrintWriter(LOG, true), InstantSource.system());
    }

    @AfterAll
    static void stopAll() {
        if (postfix != null) {
            postfix.close();
        }
        if (service != null) {
            service.close();
        }
    }

    private static String fromOutside(String client, String from, String to, String subject) throws IOException {
        return postfix.fromOutside(client, from, to, subject);
    }

    private static String fromOurUser(String to, String subject) throws IOException {
        return postfix.fromOurUser(to, subject);
    }

    @Test
    void tagsOutboundMailAndDeliversBounceUntagged() throws Exception {
        assertThat(fromOurUser("bob@example.com", "outbound")).startsWith("250");
        MailSink.Mail out = sink.next("outbound");
        assertThat(out.from()).matches("prvs=0[0-9]{3}[0-9a-f]{6}=alice@example\\.org");

        assertThat(fromOutside(STRANGER, "", out.from(), "genuine bounce")).startsWith("250");
        MailSink.Mail back = sink.next("genuine bounce");
        assertThat(back.from()).isEmpty();
        assertThat(back.to()).containsExactly("alice@example.org");
    }

    @Test
    void rejectsForgedExpiredAndUntaggedBounces() throws Exception {
        String expired = tagged("alice@example.org", Duration.ofDays(20));
        for (String recipient : List.of("prvs=0123abcdef=alice@example.org", expired, "alice@example.org")) {
            assertThat(fromOutside(STRANGER, "", recipient, "forged bounce"))
                    .as(recipient)
                    .startsWith("550 5.7.1 ")
                    .contains(": Bounce rejected: recipient sent no such message (no valid BATV tag) [");
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
    void reportsSpfPassRejectsFailDefersTemperror() throws Exception {
        assertThat(fromOutside("192.0.2.10", "bob@example.net", "alice@example.org", "spf pass"))
                .startsWith("250");
        MailSink.Mail passed = sink.next("spf pass");
        assertThat(passed.has("Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=bob@example.net"))
                .as(passed.lines().toString())
                .isTrue();
        assertThat(passed.has("Received-SPF: pass (mx.example.org: ")).isTrue();
        assertThat(fromOutside(STRANGER, "bob@example.net", "alice@example.org", "spf fail"))
                .startsWith("550 5.7.23 ")
                .contains("198.51.100.7 is not authorized to send mail for example.net");
        assertThat(fromOutside(STRANGER, "bob@away.example.net", "alice@example.org", "spf temperror"))
                .startsWith("450 4.7.24 ");
    }

    @Test
    void defersGreylistedAndRejectsUnknownSender() throws Exception {
        assertThat(onceProbed("grey@callout.example", "grey"))
                .matches("450 4\\.1\\.0 .*Sender address not verified, try again later \\[[2-9b-z]+]");
        assertThat(onceProbed("nobody@callout.example", "unknown"))
                // Postfix would make 5.1.3, a bad recipient, of 5.1.7.
                .matches("550 5\\.1\\.0 .*Sender address rejected: undeliverable address \\[[2-9b-z]+]");
        assertThat(onceProbed("carol@callout.example", "known")).startsWith("250");
        assertThat(sink.next("known").from()).isEqualTo("carol@callout.example");
    }

    /**
     * The answer to a mail of this sender when the probe that another one caused is over. Until then the other one may
     * be deferred, and the domain is not probed for another address.
     */
    private static String onceProbed(String sender, String subject) throws IOException {
        String first = fromOutside(STRANGER, sender, "alice@example.org", subject);
        Await.until(
                "the end of the probe of " + sender,
                () -> LOG.toString().contains("callout addr=\"<" + sender + ">\""));
        String second = fromOutside(STRANGER, sender, "alice@example.org", subject);
        assertThat(first.substring(0, 3)).isIn("450", second.substring(0, 3));
        return second;
    }

    @Test
    void reloadKeepsTheConnectionsThatPostfixHolds() throws Exception {
        try (SmtpTestClient talk = postfix.outside(STRANGER)) {
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
        try (SmtpTestClient talk = postfix.outside(STRANGER)) {
            assertThat(talk.mail("bob@example.com", "alice@example.org", "before the stop"))
                    .startsWith("250");
            service.close();
            try {
                assertThat(talk.mail("bob@example.com", "alice@example.org", "while stopped"))
                        .startsWith("250");
                // The recipient's true address is unknown: deferred, never rejected.
                assertThat(talk.mail("", tagged("alice@example.org", Duration.ZERO), "bounce while stopped"))
                        .startsWith("451 4.3.0");
                assertThat(fromOurUser("bob@example.com", "outbound while stopped"))
                        .startsWith("451 4.3.0");
            } finally {
                startService();
            }
            assertThat(talk.mail("bob@example.com", "alice@example.org", "after the start"))
                    .startsWith("250");
        }
        assertThat(sink.next("while stopped").to()).containsExactly("alice@example.org");
        assertThat(sink.next("after the start").to()).containsExactly("alice@example.org");
    }
}

package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.BatvService.isTagged;
import static org.senderauth.server.BatvService.tagged;
import static org.senderauth.server.DebianExim.OUR_USER;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Debian's stock Exim, in both layouts, with the blocks of docs/exim.md as a user pastes them. */
@Timeout(180)
@ParameterizedClass
@EnumSource(DebianExim.Layout.class)
class EximPeerTest {

    private static final String GOOD = "127.0.0.10";
    private static final String STRANGER = "127.0.0.11";
    private static final Duration NOW = Duration.ZERO;
    private static final Duration LONG_AGO = Duration.ofDays(20);

    @Parameter
    DebianExim.Layout layout;

    private static MailSink sink;
    private static BatvService service;
    private static DebianExim exim;

    @BeforeParameterizedClassInvocation
    static void startAll(DebianExim.Layout layout, @TempDir Path folder) throws Exception {
        DebianExim.need();
        sink = new MailSink(InetAddress.getByName(DebianExim.SMART_HOST));
        service = BatvService.startIn(folder);
        Path senders = Files.writeString(folder.resolve("senders"), "eve@example.com: listed\n");
        EximHost.own(senders);
        String senderList = DocumentedConfig.of("exim.md")
                .block("# senderauth, sender list")
                .replace("/etc/exim4/senders}", senders + "}");
        UnaryOperator<String> withSenderList =
                block -> block.startsWith("# senderauth, recipient checks") ? senderList + block : block;
        exim = DebianExim.start(folder, layout, service, sink, withSenderList);
    }

    @AfterParameterizedClassInvocation
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

    private void assertDelivered(String from, String recipient, String deliveredTo) throws IOException {
        String subject = "from " + from + " to " + recipient;
        assertThat(exim.mail(STRANGER, from, recipient, subject)).as(subject).startsWith("250");
        MailSink.Mail mail = sink.next(subject);
        assertThat(mail.from()).isEqualTo(from);
        assertThat(mail.to()).containsExactly(deliveredTo);
    }

    /** The sender that a mail of our user leaves with. */
    private String sent(String from) throws IOException {
        String subject = "outbound from " + from;
        assertThat(exim.mail(OUR_USER, from, "carol@example.com", subject)).startsWith("250");
        return sink.next(subject).from();
    }

    @Test
    void tagsOwnSendersAndDeliversBouncesUntagged() throws Exception {
        Map<String, String> mailboxes =
                Map.of("alice@example.org", "alice@inner.example", "Bob@Example.NET", "bob@inner.example");
        for (String sender : mailboxes.keySet()) {
            String tagged = sent(sender);
            assertThat(isTagged(tagged)).as(tagged).isTrue();
            assertDelivered("", tagged, mailboxes.get(sender));
        }
    }

    @Test
    void otherSendersAreLeftUnchanged() throws Exception {
        for (String sender : List.of(
                "",
                "carol@example.com",
                "srs0=hhhh=tt=a.example=b@example.org",
                "SRS1=hhhh=a.example==hhhh=tt=b.example=c@example.org",
                "prvs=0123abcdef=alice@example.org",
                "a".repeat(49) + "@example.org")) {
            assertThat(sent(sender)).isEqualTo(sender);
        }
    }

    @Test
    void forwardedMailThatForgesOurDomainIsNotTagged() throws Exception {
        assertDelivered("alice@example.org", "bob@example.org", "bob@inner.example");
    }

    @Test
    void rejectsForgedBouncesExceptForRoleMailboxes() throws Exception {
        for (String recipient : List.of(
                "alice@example.org",
                "bob@example.net",
                "prvs=0123abcdef=alice@example.org",
                tagged("alice@example.org", LONG_AGO))) {
            assertThat(exim.mail(STRANGER, "", recipient, "forged"))
                    .as(recipient)
                    .startsWith("550 5.7.1 Bounce rejected: recipient sent no such message (no valid BATV tag) [");
        }
        assertDelivered("", "postmaster@example.org", "root@inner.example");
        assertDelivered("", "abuse@example.net", "root@inner.example");
    }

    @Test
    void ordinaryMailToAnyTagIsDeliveredWithoutIt() throws Exception {
        for (String recipient : List.of(
                tagged("alice@example.org", NOW),
                tagged("alice@example.org", LONG_AGO),
                tagged("Alice@example.org", NOW),
                "prvs=0123abcdef=alice@example.org",
                "msprvs1=20570G1NGbo_G=alice@example.org")) {
            assertDelivered("carol@example.com", recipient, "alice@inner.example");
        }
    }

    @Test
    void listedSendersAreFoundWithAndWithoutTag() throws Exception {
        for (String sender :
                List.of("eve@example.com", "prvs=0123abcdef=eve@example.com", "btv1==34826e458e2==Eve@example.com")) {
            assertThat(exim.mail(STRANGER, sender, "alice@example.org", "listed"))
                    .as(sender)
                    .startsWith("550 5.7.1 Sender rejected");
        }
        assertDelivered("prvs=0123abcdef=carol@example.com", "alice@example.org", "alice@inner.example");
    }

    @Test
    void unknownUsersAreRejectedBeforeAnyCheck() throws Exception {
        for (String recipient : List.of("nosuch@example.org", "prvs=0000000000=nosuch@example.org")) {
            assertThat(exim.mail(STRANGER, "carol@example.com", recipient, "unknown"))
                    .as(recipient)
                    .startsWith("550 ");
        }
        assertThat(service.log()).doesNotContain("nosuch");
    }

    @Test
    void strippedLocalPartNeverBecomesASecondAddress() throws Exception {
        String recipient = "\"prvs=0123abcdef=alice, bob\"@example.org";
        assertThat(exim.mail(STRANGER, "carol@example.com", recipient, "two")).startsWith("550 ");
    }

    @Test
    void decisionAndBothHeadersAreTheServices() throws Exception {
        assertThat(exim.mail(STRANGER, "carol@spf.example.com", "alice@example.org", "spf fail"))
                .startsWith("550 5.7.23 SPF check failed: ")
                .contains("127.0.0.11 is not authorized to send mail for spf.example.com");
        assertThat(exim.mail(GOOD, "carol@spf.example.com", "alice@example.org", "spf pass"))
                .startsWith("250");
        MailSink.Mail passed = sink.next("spf pass");
        assertThat(passed.has("Authentication-Results: mx.example.org; spf=pass "))
                .as(passed.lines().toString())
                .isTrue();
        assertThat(passed.has("Received-SPF: pass ")).isTrue();
    }
}

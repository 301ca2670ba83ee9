package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.BatvService.isTagged;
import static org.senderauth.server.BatvService.tagged;
import static org.senderauth.server.SendmailHost.OUR_USER;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.Await;

/** Debian's stock Sendmail with docs/sendmail.md while the service is stopped, stalled and back: nothing is lost. */
@Timeout(300)
class SendmailOutageTest {

    private static final String STRANGER = "127.0.0.11";
    private static final String TAGGED = tagged("alice@example.org", Duration.ZERO);

    @TempDir
    Path folder;

    private MailSink sink;
    private BatvService service;
    private SendmailHost sendmail;

    @BeforeEach
    void startAll() throws Exception {
        SendmailHost.need();
        sink = new MailSink();
        service = BatvService.startIn(folder);
        sendmail = SendmailHost.start(folder, service, sink);
    }

    @AfterEach
    void stopAll() {
        if (sendmail != null) {
            sendmail.close();
        }
        if (service != null) {
            service.close();
        }
        if (sink != null) {
            sink.close();
        }
    }

    private void assertDelivered(String client, String from, String to, String deliveredTo) throws IOException {
        String subject = "from " + from + " to " + to;
        assertThat(sendmail.mail(client, from, to, subject)).as(subject).startsWith("250");
        assertThat(sink.next(subject).to()).containsExactly(deliveredTo);
    }

    private String reply(String client, String from, String to) {
        try {
            return sendmail.mail(client, from, to, "while stalled");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void stoppedServiceLosesNoMail() throws Exception {
        sendmail.queue("", TAGGED, "queued bounce");
        sendmail.queue("alice@example.org", "carol@example.com", "queued mail");
        service.stop();
        for (String from : List.of("", "carol@example.com")) {
            for (String recipient : List.of(TAGGED, "prvs=0000000000=nosuch@example.org")) {
                assertThat(sendmail.mail(STRANGER, from, recipient, "to a tag"))
                        .as(recipient)
                        .startsWith("451 4.3.0 ");
            }
        }
        assertThat(sendmail.mail(STRANGER, "", "alice@example.org", "untagged bounce"))
                .startsWith("451 4.3.0 ");
        assertThat(sendmail.mail(OUR_USER, "alice@example.org", "carol@example.com", "outbound"))
                .isEqualTo("451 4.3.0 The sender cannot be tagged now, try again later");
        assertThat(sendmail.mail(STRANGER, "carol@example.com", "nosuch@example.org", "unknown"))
                .startsWith("550 5.1.1 ");
        assertDelivered(STRANGER, "carol@example.com", "alice@example.org", "alice@inner.example");
        assertDelivered(STRANGER, "", "postmaster@example.org", "root@inner.example");
        assertDelivered(OUR_USER, "dave@example.com", "carol@example.com", "carol@example.com");
        sendmail.runQueue();

        service.start();
        Await.until("an empty queue", () -> {
            sendmail.runQueue();
            return sendmail.queued() == 0;
        });
        for (MailSink.Mail mail : List.of(sink.next(), sink.next())) {
            if (mail.has("Subject: queued mail")) {
                assertThat(isTagged(mail.from())).as(mail.from()).isTrue();
            } else {
                assertThat(mail.has("Subject: queued bounce")).isTrue();
                assertThat(mail.to()).containsExactly("alice@inner.example");
            }
        }
        assertThat(sink.isEmpty()).isTrue();
        assertDelivered(STRANGER, "", TAGGED, "alice@inner.example");
        assertThat(sendmail.mail(STRANGER, "", "alice@example.org", "forged")).startsWith("550 5.7.1 ");
    }

    @Test
    void stalledServiceLosesNoMail() throws Exception {
        service.stall();
        assertDelivered(STRANGER, "carol@example.com", "alice@example.org", "alice@inner.example");
        // Sendmail waits 30 s for a map, whatever is configured.
        Stream<CompletableFuture<String>> offers = Stream.of(
                CompletableFuture.supplyAsync(() -> reply(STRANGER, "", TAGGED)),
                CompletableFuture.supplyAsync(() -> reply(STRANGER, "", "alice@example.org")),
                CompletableFuture.supplyAsync(() -> reply(OUR_USER, "alice@example.org", "carol@example.com")));
        assertThat(offers.toList().stream().map(CompletableFuture::join))
                .allSatisfy(reply -> assertThat(reply).startsWith("451 4.3.0 "));

        service.resume();
        assertDelivered(STRANGER, "", TAGGED, "alice@inner.example");
        assertThat(sendmail.mail(OUR_USER, "alice@example.org", "carol@example.com", "outbound"))
                .startsWith("250");
        assertThat(isTagged(sink.next("outbound").from())).isTrue();
    }
}

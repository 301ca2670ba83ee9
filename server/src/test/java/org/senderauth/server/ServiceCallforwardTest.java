package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpRules;

/** A gateway that verifies its recipients at the host with their mailboxes. */
@Timeout(60)
class ServiceCallforwardTest {

    private static final String ACCEPTED = "action=PREPEND X-Senderauth-Decision: ";

    @TempDir
    Path folder;

    private ScriptedSmtpServer inside;
    private Service service;

    @BeforeEach
    void start() throws Exception {
        inside = ScriptedSmtpServer.start(SmtpRules.mailServer("PIPELINING")
                .answer("RCPT TO:<", "550 5.1.1 no such user")
                .answer("RCPT TO:<later@", "451 4.3.0 directory unavailable")
                .answer("RCPT TO:<carol@", "250 2.1.5 ok"));
        Files.writeString(folder.resolve("zone"), "gate.example.org. 300 IN A 192.0.2.25\n");
        start("reject-code: 550");
    }

    private void start(String settings) throws Exception {
        serve("""
                steps:
                  callforward: {mode: enforce, on-tempfail: defer, %s, hosts: {bücher.example: "127.0.0.1:%d"}}
                """.formatted(settings, inside.port()));
    }

    private void serve(String steps) throws Exception {
        Path file = folder.resolve("senderauth.yaml");
        Files.writeString(
                file, "hostname: gate.example.org\ndns: {zones: [zone]}\nlisten: {policy: inet:127.0.0.1:0}\n" + steps);
        service = Service.start(file, new PrintWriter(new StringWriter(), true), InstantSource.system());
    }

    @AfterEach
    void stop() {
        service.close();
        inside.close();
    }

    private String ask(String sender, String recipient) throws Exception {
        return PolicyClient.ask(service.addresses().get(0), "sender=" + sender, "recipient=" + recipient);
    }

    @Test
    void rejectsUnknownRecipientsOfAllMail() throws Exception {
        String rejected = "action=550 5.1.1 Recipient address rejected: user unknown";
        assertThat(ask("alice@example.net", "bob@xn--bcher-kva.example")).startsWith(rejected);
        assertThat(ask("", "bob@xn--bcher-kva.example")).startsWith(rejected);
        assertThat(ask("alice@example.net", "carol@xn--bcher-kva.example")).startsWith(ACCEPTED);
    }

    @Test
    void verifiesRecipientsAsInTheGuide() throws Exception {
        service.close();
        String block = DocumentedConfig.of("callout.md").block("steps:\n  callforward");
        serve(block.replace("192.0.2.10", "\"127.0.0.1:" + inside.port() + "\""));
        assertThat(ask("alice@example.net", "bob@example.org")).startsWith("action=550 5.1.1 ");
        assertThat(ask("alice@example.net", "carol@example.org")).startsWith(ACCEPTED);
    }

    @Test
    void defersWhereTheHostDefers() throws Exception {
        assertThat(ask("alice@example.net", "later@xn--bcher-kva.example"))
                .startsWith("action=DEFER_IF_PERMIT 4.1.1 Recipient address not verified");
    }

    @Test
    void skipsOtherDomainsAndSignedRecipients() throws Exception {
        assertThat(ask("alice@example.net", "bob@example.com")).startsWith(ACCEPTED);
        assertThat(ask("", "prvs=0123abcdef=bob@xn--bcher-kva.example")).startsWith(ACCEPTED);
        assertThat(ask("alice@example.net", "postmaster@xn--bcher-kva.example")).startsWith(ACCEPTED);
        assertThat(inside.connections()).isZero();
    }

    @Test
    void rejectsTemporarilyAndShowsReplyTextWhereConfigured() throws Exception {
        service.close();
        start("reject-code: 450, expose-reply-text: true");
        assertThat(ask("alice@example.net", "bob@xn--bcher-kva.example"))
                .startsWith(
                        "action=DEFER_IF_PERMIT 4.1.1 Recipient address rejected: user unknown (550 5.1.1 no such user)");
    }
}

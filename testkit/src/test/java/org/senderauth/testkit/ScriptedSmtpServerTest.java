package org.senderauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class ScriptedSmtpServerTest {

    @Test
    void mailServerAcceptsEverythingBeforeData() throws IOException {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(SmtpRules.mailServer("PIPELINING", "8BITMIME"));
                Client client = new Client(server)) {
            assertThat(client.reply()).startsWith("220 ");
            assertThat(client.ask("EHLO h.example.org")).isEqualTo("250-mx.example.org");
            assertThat(client.reply()).isEqualTo("250-PIPELINING");
            assertThat(client.reply()).isEqualTo("250 8BITMIME");
            assertThat(client.ask("MAIL FROM:<>")).startsWith("250 ");
            assertThat(client.ask("DATA")).startsWith("554 ");
            assertThat(client.ask("quit")).startsWith("221 ");
            assertThat(client.reply()).isNull();
            SmtpPeer ended = server.nextEnded();
            assertThat(ended.heard()).containsExactly("EHLO h.example.org", "MAIL FROM:<>", "DATA", "quit");
            assertThat(ended.ending()).isEqualTo(SmtpPeer.Ending.QUIT);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void lastRuleWins() throws IOException {
        SmtpRules rules = SmtpRules.mailServer()
                .answer("RCPT", "550 5.1.1 nobody")
                .answer("RCPT TO:<bob@", "250 2.1.5 bob")
                .answerAndClose("VRFY", "421 4.3.0 enough");
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(rules);
                Client client = new Client(server)) {
            client.reply();
            assertThat(client.ask("RCPT TO:<alice@example.org>")).isEqualTo("550 5.1.1 nobody");
            assertThat(client.ask("RCPT TO:<bob@example.org>")).isEqualTo("250 2.1.5 bob");
            assertThat(client.ask("VRFY bob")).isEqualTo("421 4.3.0 enough");
            assertThat(client.reply()).isNull();
        }
    }

    @Test
    void reportsWhichSideClosed() throws IOException {
        try (ScriptedSmtpServer server = ScriptedSmtpServer.start(SmtpRules.mailServer())) {
            try (Client client = new Client(server)) {
                client.reply();
            }
            assertThat(server.nextEnded().ending()).isEqualTo(SmtpPeer.Ending.CLOSED_BY_CLIENT);
        }
    }

    @Test
    void reportsFailedScriptAfterConnectionEnds() throws IOException {
        ScriptedSmtpServer server = ScriptedSmtpServer.start(peer -> peer.hear("EHLO "));
        try (Client client = new Client(server)) {
            assertThat(client.ask("HELO h.example.org")).isNull();
        }
        assertThatThrownBy(server::close)
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("the client said something else");
    }

    @Test
    void greetingBannerCanBeScripted() throws IOException {
        try (ScriptedSmtpServer server =
                        ScriptedSmtpServer.start(SmtpRules.mailServer().greeting("554 no service"));
                Client client = new Client(server)) {
            assertThat(client.reply()).isEqualTo("554 no service");
        }
    }

    @Test
    void clientSeesReset() throws IOException {
        try (ScriptedSmtpServer server =
                        ScriptedSmtpServer.start(SmtpRules.mailServer().act("NOOP", SmtpPeer::reset));
                Client client = new Client(server)) {
            client.reply();
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> client.ask("NOOP")))
                    .isInstanceOf(SocketException.class);
        }
    }

    private static final class Client implements AutoCloseable {

        private final Socket socket;
        private final BufferedReader in;

        Client(ScriptedSmtpServer server) throws IOException {
            socket = new Socket(server.address().getAddress(), server.port());
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        }

        String ask(String command) throws IOException {
            socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
            return reply();
        }

        String reply() throws IOException {
            return in.readLine();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.SmtpTestClient;

/** A real Postfix reaches the milter by a UNIX socket and by IPv6, and tells it clients with IPv6 addresses. */
@Timeout(300)
class PostfixMilterSocketTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"unix:@FOLDER@/milter.sock", "inet:[::1]:@PORT@"})
    void decidesOnMailOfIpv6Clients(String address) throws Exception {
        String socket = address.replace("@FOLDER@", folder.toString())
                .replace("@PORT@", Integer.toString(PeerProcess.freePort()));
        try (MilterPostfix postfix = MilterPostfix.start(
                folder,
                mainCf -> mainCf.replace("inet:127.0.0.1:10033", socket) + "inet_protocols = all\n",
                settings -> settings.replaceFirst("  milter: (inet:\\S+)\n", "  milter: [$1, \"" + socket + "\"]\n")
                        .replace("listen:\n", "listen:\n  socket-mode: rw-rw-rw-\n"))) {
            try (SmtpTestClient talk = postfix.outside("IPV6:2001:db8::25")) {
                assertThat(talk.say("MAIL FROM:<bob@example.net>")).startsWith("250");
                assertThat(talk.say("RCPT TO:<alice@example.org>"))
                        .startsWith("550 5.7.23 ")
                        .contains("2001:db8::25");
            }
            try (SmtpTestClient talk = postfix.outside("192.0.2.10")) {
                assertThat(talk.mail("bob@example.net", "alice@example.org", "by " + address))
                        .startsWith("250");
            }
            assertThat(postfix.sink().next("by " + address).lines())
                    .anyMatch(line -> line.startsWith("X-Senderauth-Decision: "));
        }
    }
}

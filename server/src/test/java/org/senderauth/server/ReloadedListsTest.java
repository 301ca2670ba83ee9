package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.Await;

/** Files with lists are read again when they change, without a reload, and a bad one changes nothing. */
@Timeout(120)
class ReloadedListsTest {

    private static final String CONFIG = """
            hostname: mx.example.org
            dns: {zones: [zone]}
            listen: {policy: inet:127.0.0.1:0}
            exempt: {sender-domains: [file:friends]}
            steps: {spf: {mode: enforce}}
            """;

    @TempDir
    Path folder;

    private final StringWriter log = new StringWriter();
    private int messages;

    @BeforeEach
    void files() throws Exception {
        Files.writeString(folder.resolve("senderauth.yaml"), CONFIG);
        Files.writeString(folder.resolve("friends"), "# none so far\n");
        Files.writeString(folder.resolve("zone"), "example.net. 300 IN TXT \"v=spf1 -all\"\n");
    }

    private Service start() throws Exception {
        return Service.start(folder.resolve("senderauth.yaml"), new PrintWriter(log, true), InstantSource.system());
    }

    // As postmap's users do: a new file in place of the old one.
    private void replace(String text) throws Exception {
        Files.writeString(folder.resolve("friends.new"), text);
        Files.move(folder.resolve("friends.new"), folder.resolve("friends"), StandardCopyOption.REPLACE_EXISTING);
    }

    private String reply(Service service) {
        try {
            return PolicyClient.ask(
                    service.addresses().get(0),
                    "sender=bob@example.net",
                    "recipient=alice@example.org",
                    "instance=m" + messages++);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void appliesAChangeAndNamesTheEntryInTheLog() throws Exception {
        try (Service service = start()) {
            assertThat(reply(service)).startsWith("action=550 5.7.23 ");
            replace("example.net OK\n");
            Await.until("the new list", () -> reply(service).startsWith("action=DUNNO"));
            Await.until(
                    "its entry",
                    () -> log.toString()
                            .contains("reason=\"exempt: the sender's domain is exempt: example.net (friends)\""));
            Await.until("its report", () -> log.toString().contains("reload: lists applied"));
            replace("example.org\n");
            Await.until("the list without it", () -> reply(service).startsWith("action=550 5.7.23 "));
        }
    }

    @Test
    void keepsTheEntriesIfTheNewOnesAreInvalid() throws Exception {
        replace("example.net\n");
        try (Service service = start()) {
            assertThat(reply(service)).startsWith("action=DUNNO");
            replace("example.net REJECT\n");
            Await.until(
                    "the problem", () -> log.toString().contains("reload: invalid lists, keeping the current ones"));
            // Reported before it is said that the entries are kept.
            assertThat(log.toString())
                    .contains("friends:1: the action of example.net: must be OK or absent, was \"REJECT\"");
            assertThat(reply(service)).startsWith("action=DUNNO");
            Files.delete(folder.resolve("friends"));
            Await.until("the next problem", () -> log.toString().contains("friends: no such file"));
            assertThat(reply(service)).startsWith("action=DUNNO");
        }
    }

    @Test
    void doesNotApplyAConfigurationThatIsBeingEdited() throws Exception {
        try (Service service = start()) {
            Files.writeString(folder.resolve("senderauth.yaml"), "half of a configuration");
            replace("example.net\n");
            Await.until("the new list", () -> reply(service).startsWith("action=DUNNO"));
            assertThat(service.reload()).isFalse();
            assertThat(reply(service)).startsWith("action=DUNNO");
        }
    }
}

package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The map {@code normalize} in Postfix, as docs/operations.md shows it: a list of senders finds those with tags too. */
@Timeout(300)
class PostfixNormalizeTest {

    private static final String BLOCK =
            DocumentedConfig.of("operations.md").block("smtpd_sender_restrictions =\n    check_sender_access hash:");

    @TempDir
    Path folder;

    @Test
    void listOfSendersFindsTaggedOnes() throws Exception {
        try (DocumentedPostfix postfix = DocumentedPostfix.start(
                folder, mainCf -> mainCf + BLOCK, Map.of("senders", "carol@example.com REJECT not this one\n"))) {
            try (ServiceUnderTest service = ServiceUnderTest.start(folder, postfix)) {
                for (String sender : new String[] {
                    "carol@example.com", "prvs=0787abcdef=carol@example.com", "btv1==787abcdef01==carol@example.com"
                }) {
                    assertThat(from(postfix, sender)).as(sender).startsWith("554 5.7.1 ");
                }
                for (String sender : new String[] {"dave@example.com", "prvs=0787abcdef=dave@example.com", ""}) {
                    assertThat(from(postfix, sender)).as(sender).startsWith("250");
                }
                service.awaitLog("serving socketmap");
            }
            assertThat(from(postfix, "carol@example.com")).startsWith("554 5.7.1 ");
            assertThat(from(postfix, "prvs=0787abcdef=carol@example.com")).startsWith("451 4.3.");
        }
    }

    private static String from(DocumentedPostfix postfix, String sender) throws Exception {
        return postfix.fromOutside(DocumentedPostfix.STRANGER, sender, "alice@example.org", "from " + sender);
    }
}

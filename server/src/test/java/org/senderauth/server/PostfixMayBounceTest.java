package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Postfix that is a gateway as docs/batv.md shows it: it asks for the recipient before it accepts mail whose sender
 * must not get a bounce.
 */
@Timeout(300)
class PostfixMayBounceTest {

    private static final String BLOCK = DocumentedConfig.of("batv.md").block("# main.cf of a gateway");
    private static final String PROVEN_CLIENT = "192.0.2.10";

    @TempDir
    Path folder;

    @Test
    void gatewayBouncesToProvenSendersOnly() throws Exception {
        try (DocumentedPostfix postfix = DocumentedPostfix.start(folder, mainCf -> mainCf + BLOCK)) {
            try (ServiceUnderTest service = ServiceUnderTest.start(folder, postfix)) {
                String accepted =
                        postfix.fromOutside(PROVEN_CLIENT, "bob@example.net", "nobody@example.com", "to be bounced");
                assertThat(accepted).startsWith("250");
                MailSink.Mail bounce = postfix.sink().next("Undelivered Mail Returned to Sender");
                assertThat(bounce.to()).containsExactly("bob@example.net");

                for (String unproven :
                        new String[] {"bob@example.net", "eve@absent.example", "mailer-daemon@a.example"}) {
                    assertThat(stranger(postfix, unproven, "nobody@example.com"))
                            .as(unproven)
                            .startsWith("550 5.1.1 ");
                    assertThat(stranger(postfix, unproven, "carol@example.com"))
                            .as(unproven)
                            .startsWith("250");
                    assertThat(postfix.sink().next("from " + unproven).to()).containsExactly("carol@example.com");
                }
                assertThat(stranger(postfix, "", "nobody@example.com")).startsWith("250");
                assertThat(stranger(postfix, "bob@away.example.net", "carol@example.com"))
                        .startsWith("450 4.4.3 ");
                service.awaitLog("serving policy");
            }
            // While the service is down each recipient is asked for.
            assertThat(postfix.fromOutside(PROVEN_CLIENT, "bob@example.net", "nobody@example.com", "while down"))
                    .startsWith("550 5.1.1 ");
            assertThat(postfix.fromOutside(PROVEN_CLIENT, "bob@example.net", "dave@example.com", "while down"))
                    .startsWith("250");
        }
    }

    private static String stranger(DocumentedPostfix postfix, String sender, String recipient) throws Exception {
        return postfix.fromOutside(DocumentedPostfix.STRANGER, sender, recipient, "from " + sender);
    }
}

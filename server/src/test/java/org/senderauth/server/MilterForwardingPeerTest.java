package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.testkit.SmtpTestClient;

/**
 * The gap of a milter that docs/srs.md describes, with a real Postfix: an alias that forwards looks local, because the
 * milter sees recipients before aliases are expanded. The second pass of that guide rewrites such mail.
 */
@Timeout(180)
class MilterForwardingPeerTest {

    @TempDir
    static Path folder;

    @Test
    void keepsSenderOfMailThatAliasForwards() throws Exception {
        String alias = "virtual_alias_maps = inline:{ { forward@example.org = carol@example.net } }\n";
        try (MilterPostfix postfix = MilterPostfix.start(folder, mainCf -> mainCf + alias);
                SmtpTestClient talk = postfix.outside("192.0.2.10")) {
            assertThat(talk.mail("bob@example.net", "forward@example.org", "forwarded"))
                    .startsWith("250");
            MailSink.Mail forwarded = postfix.sink().next("forwarded");
            assertThat(forwarded.to()).containsExactly("carol@example.net");
            assertThat(forwarded.from()).isEqualTo("bob@example.net");
        }
    }
}

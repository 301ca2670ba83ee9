package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.server.DocumentedPostfix.STRANGER;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Postfix with a policy service that accepts connections and never replies. */
@Timeout(180)
class PostfixHungPolicyTest {

    @TempDir
    Path folder;

    @Test
    void hungPolicyIsPassedOverAfterPostfixsTimeout() throws Exception {
        try (DocumentedPostfix postfix = DocumentedPostfix.startImpatient(folder);
                ServerSocket hung = new ServerSocket(postfix.policyPort(), 50, InetAddress.getLoopbackAddress());
                Service mapsOnly = Service.start(
                        withoutPolicy(postfix), new PrintWriter(new StringWriter()), InstantSource.system())) {
            assertThat(mapsOnly.addresses()).hasSize(1);
            assertThat(hung.isBound()).isTrue();

            assertThat(postfix.fromOutside(STRANGER, "bob@example.net", "alice@example.org", "hung policy"))
                    .startsWith("250");
            assertThat(postfix.sink().next("hung policy").to()).containsExactly("alice@example.org");
        }
    }

    private Path withoutPolicy(DocumentedPostfix postfix) throws Exception {
        String whole = Files.readString(postfix.config());
        Path half = folder.resolve("half.yaml");
        return Files.writeString(half, whole.replace("  policy: inet:127.0.0.1:" + postfix.policyPort() + "\n", ""));
    }
}

package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretFiles;
import org.senderauth.core.SecretKeys;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;

/** Debian's miltertest as the MTA. */
@Timeout(120)
class MiltertestTest {

    private static final byte[] KEY = "a key of the test, 28 octets".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    @Test
    void scenariosOfTheScriptPass() throws Exception {
        Path miltertest = PeerProcess.program("miltertest");
        SecretFiles.create(folder.resolve("batv.key"), KEY);
        Path zone = folder.resolve("zone");
        Files.writeString(zone, "example.net. 300 IN TXT \"v=spf1 ip4:192.0.2.10 -all\"\n");
        Path config = folder.resolve("senderauth.yaml");
        Files.writeString(
                config,
                DocumentedConfig.of("milter.md")
                                .block("# /etc/senderauth/senderauth.yaml")
                                .replace("127.0.0.1:10033", "127.0.0.1:0")
                                .replace("  socketmap: inet:127.0.0.1:10032\n", "")
                                .replace("  http: 127.0.0.1:9797\n", "")
                        + "dns: {zones: [zone]}\n");
        Path script = folder.resolve("milter.lua");
        try (InputStream in = MiltertestTest.class.getResourceAsStream("/milter/milter.lua")) {
            Files.write(script, in.readAllBytes());
        }
        String tagged = Batv.builder()
                .keyring(BatvKeyring.of(SecretKeys.of(KEY)))
                .build()
                .sign(MailAddress.of("alice@example.org"))
                .toString();
        StringWriter log = new StringWriter();
        try (Service service = Service.start(config, new PrintWriter(log, true), InstantSource.system())) {
            int port = ((InetSocketAddress) service.addresses().get(0)).getPort();
            Path out = folder.resolve("miltertest.out");
            PeerProcess peer = PeerProcess.start(
                    folder,
                    out,
                    List.of(
                            miltertest.toString(),
                            "-D",
                            "port=" + port,
                            "-D",
                            "tagged=" + tagged,
                            "-s",
                            script.toString()));
            try (peer) {
                assertThat(peer.process().waitFor(Await.LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                assertThat(peer.process().exitValue())
                        .as(Files.readString(out) + log)
                        .isZero();
            }
        }
        assertThat(log.toString()).doesNotContain("milter broken").doesNotContain("milter failed");
    }
}

package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretFiles;
import org.senderauth.milter.AnswerCodec;
import org.senderauth.milter.CommandCodec;
import org.senderauth.milter.MilterAnswer;
import org.senderauth.milter.MilterAnswer.Simple;
import org.senderauth.milter.MilterCommand;
import org.senderauth.peers.PeerProcess;
import org.senderauth.peers.RedisPeer;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesKeyFile;
import org.senderauth.ses.SesLimits;
import org.senderauth.testkit.Await;

/** Two mail hosts whose filters share one Redis: the uses of a signature are counted together, by milter and by policy. */
@Timeout(300)
class MilterRedisTest {

    private static final int BOUNCES = SesLimits.DEFAULT.bounces();

    @TempDir
    Path folder;

    private final int[] milters = {PeerProcess.freePort(), PeerProcess.freePort()};
    private final int[] policies = {PeerProcess.freePort(), PeerProcess.freePort()};

    private Service start(RedisPeer redis, int host) throws Exception {
        Path config = folder.resolve("host" + host + ".yaml");
        Files.writeString(config, """
                hostname: mx%d.example.org
                domains: [example.org]
                listen: {milter: inet:127.0.0.1:%d, policy: inet:127.0.0.1:%d}
                exempt: {loopback: false}
                steps: {ses: {mode: enforce}}
                ses: {keys: ses.keys}
                redis: {uri: "%s", hosts: 2, deadline-ms: 10000}
                """.formatted(host, milters[host], policies[host], redis.uri()));
        return Service.start(config, new PrintWriter(new StringWriter()), InstantSource.system());
    }

    /** An MTA that takes part in nothing but this. */
    private static final class Mta implements AutoCloseable {

        private final Socket socket;
        private final DataInputStream in;

        Mta(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) Await.LIMIT.toMillis());
            in = new DataInputStream(socket.getInputStream());
            say(new MilterCommand.Negotiate(6, 0x1ff, 0));
            say(new MilterCommand.Connect("client.example.net", '4', 25, "192.0.2.10"));
            say(new MilterCommand.Helo("client.example.net"));
        }

        MilterAnswer say(MilterCommand command) throws IOException {
            socket.getOutputStream().write(CommandCodec.encode(command));
            MilterAnswer answer = AnswerCodec.parse(in.readNBytes(in.readInt()));
            while (command instanceof MilterCommand.EndOfMessage
                    && !(answer instanceof Simple)
                    && !(answer instanceof MilterAnswer.Reply)) {
                answer = AnswerCodec.parse(in.readNBytes(in.readInt()));
            }
            return answer;
        }

        MilterAnswer bounceTo(String recipient) throws IOException {
            assertThat(say(new MilterCommand.Mail("<>", List.of()))).isEqualTo(Simple.CONTINUE);
            return say(new MilterCommand.Rcpt("<" + recipient + ">", List.of()));
        }

        MilterAnswer content() throws IOException {
            say(new MilterCommand.Data());
            say(new MilterCommand.Header("Subject", " Undelivered mail"));
            say(new MilterCommand.EndOfHeaders());
            say(new MilterCommand.Body("sorry\r\n"));
            return say(new MilterCommand.EndOfMessage(""));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void usesOfASignatureAreCountedOverBothHosts() throws Exception {
        SecretFiles.create(
                folder.resolve("ses.keys"),
                ("example.org hmac-sha1 80/2/10 " + "5f".repeat(20) + "\n").getBytes(StandardCharsets.US_ASCII));
        String signed = Ses.builder()
                .keyring(SesKeyFile.read(folder.resolve("ses.keys")))
                .build()
                .sign(MailAddress.of("alice@example.org"))
                .toString();
        try (RedisPeer redis = RedisPeer.start(folder);
                Service first = start(redis, 0);
                Service second = start(redis, 1);
                Mta one = new Mta(milters[0]);
                Mta other = new Mta(milters[1])) {
            assertThat(List.of(first, second)).doesNotContainNull();
            for (int bounce = 0; bounce < BOUNCES; bounce++) {
                Mta mta = bounce % 2 == 0 ? one : other;
                assertThat(mta.bounceTo(signed)).as("bounce %d", bounce).isEqualTo(Simple.CONTINUE);
                assertThat(mta.content()).as("bounce %d", bounce).isEqualTo(Simple.CONTINUE);
            }
            for (Mta mta : List.of(one, other)) {
                // The last use is counted after its answer.
                Await.until("the rejection", () -> isRejected(mta, signed));
            }
            for (int policy : policies) {
                InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), policy);
                assertThat(PolicyClient.ask(address, "sender=", "recipient=" + signed))
                        .startsWith("action=550 5.7.1 ");
            }
        }
    }

    private static boolean isRejected(Mta mta, String recipient) {
        try {
            MilterAnswer answer = mta.bounceTo(recipient);
            return answer instanceof MilterAnswer.Reply reply
                    && reply.lines().get(0).toString().startsWith("550 5.7.1 ");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

package org.senderauth.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import org.senderauth.batv.Batv;
import org.senderauth.batv.BatvKeyring;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SecretKeys;
import org.senderauth.peers.PeerProcess;

/** A service that enforces SPF and BATV at example.org and example.net; a test stops, stalls and starts it. */
final class BatvService implements AutoCloseable {

    private static final byte[] KEY = "a key of the test, 28 octets".getBytes(StandardCharsets.US_ASCII);

    private final int policy = PeerProcess.freePort();
    private final int socketmap = PeerProcess.freePort();
    private final Path folder;
    private final Path config;
    private ServiceUnderTest process;

    private BatvService(Path folder) throws IOException {
        this.folder = folder;
        this.config = folder.resolve("senderauth.yaml");
        Files.write(key(), KEY);
        Files.setPosixFilePermissions(key(), PosixFilePermissions.fromString("rw-r-----"));
        Files.writeString(folder.resolve("zone"), "spf.example.com. 300 IN TXT \"v=spf1 ip4:127.0.0.10 -all\"\n");
        Files.writeString(config, """
                hostname: mx.example.org
                domains: [example.org, example.net]
                dns: {zones: [zone]}
                listen: {policy: inet:127.0.0.1:%d, socketmap: inet:127.0.0.1:%d}
                exempt: {loopback: false}
                steps:
                  spf: {mode: enforce}
                  batv: {mode: enforce}
                batv: {key-file: batv.key}
                """.formatted(policy, socketmap));
        start();
    }

    /** Starts one in a folder. */
    static BatvService startIn(Path folder) throws IOException {
        return new BatvService(folder);
    }

    /** Starts it again. */
    void start() {
        process = ServiceUnderTest.start(folder, config, policy, socketmap);
    }

    /** Ends it. */
    void stop() {
        process.close();
    }

    /** Kills it, so that it cannot close anything. */
    void kill() {
        process.signal("KILL");
    }

    /** Halts it: the kernel still accepts connections for it, and nothing is answered. */
    void stall() {
        process.signal("STOP");
    }

    /** Ends the halt. */
    void resume() {
        process.signal("CONT");
    }

    /** What it logged since it was last started. */
    String log() {
        return process.log();
    }

    int socketmapPort() {
        return socketmap;
    }

    Path key() {
        return folder.resolve("batv.key");
    }

    /** A guide's text with the ports of this service. */
    String ports(String guide) {
        return guide.replace("127.0.0.1:10031", "127.0.0.1:" + policy)
                .replace("127.0.0.1:10032", "127.0.0.1:" + socketmap)
                .replace("10032@127.0.0.1", socketmap + "@127.0.0.1");
    }

    /** Whether an address carries a valid tag. */
    static boolean isTagged(String address) {
        return Batv.builder()
                .keyring(BatvKeyring.of(SecretKeys.of(KEY)))
                .build()
                .verify(address)
                .isValid();
    }

    /** An address with a tag that was made a while ago. */
    static String tagged(String address, Duration ago) {
        return Batv.builder()
                .keyring(BatvKeyring.of(SecretKeys.of(KEY)))
                .clock(InstantSource.offset(InstantSource.system(), ago.negated()))
                .build()
                .sign(MailAddress.of(address))
                .toString();
    }

    @Override
    public void close() {
        process.close();
    }
}

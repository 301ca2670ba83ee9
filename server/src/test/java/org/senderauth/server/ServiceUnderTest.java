package org.senderauth.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.opentest4j.AssertionFailedError;
import org.senderauth.peers.PeerProcess;
import org.senderauth.testkit.Await;

/** The service as a process of its own, for tests that stop, stall and kill it. */
final class ServiceUnderTest implements AutoCloseable {

    private final Path log;
    private final PeerProcess peer;

    private ServiceUnderTest(Path log, PeerProcess peer) {
        this.log = log;
        this.peer = peer;
    }

    /** Starts the service with the configuration of a guided Postfix, and waits until it listens. */
    static ServiceUnderTest start(Path folder, DocumentedPostfix postfix) {
        return start(folder, postfix.config(), postfix.policyPort(), postfix.socketmapPort());
    }

    /** Starts the service with a configuration, and waits until it listens on both ports. */
    static ServiceUnderTest start(Path folder, Path config, int policyPort, int socketmapPort) {
        try {
            Path log = Files.createTempFile(folder, "service", ".log");
            return new ServiceUnderTest(
                    log,
                    PeerProcess.start(folder, log, command(config))
                            .awaitTcp(policyPort, Await.LIMIT)
                            .awaitTcp(socketmapPort, Await.LIMIT));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // As "java -jar" does it; the tests' own modules and class path contain all that it needs.
    private static List<String> command(Path config) {
        String classes = String.join(
                File.pathSeparator,
                Path.of("target", "classes").toAbsolutePath().toString(),
                Path.of("target", "test-classes").toAbsolutePath().toString(),
                System.getProperty("jdk.module.path", ""),
                System.getProperty("java.class.path"));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                classes,
                ServeMain.class.getName(),
                config.toString());
    }

    /** What it has printed so far. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a text in what it prints: lines come after what they tell. */
    void awaitLog(String text) {
        Await.until(text, () -> log().contains(text));
    }

    /** Sends a signal, such as {@code STOP}. */
    void signal(String name) {
        try {
            int status = new ProcessBuilder(
                            "/bin/bash",
                            "-c",
                            "kill -" + name + " " + peer.process().pid())
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new AssertionFailedError("kill -" + name + " ended with status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionFailedError("interrupted");
        }
    }

    /** Ends it by a signal and waits for its end. */
    void end(String signal) throws InterruptedException {
        signal(signal);
        peer.process().waitFor();
    }

    @Override
    public void close() {
        peer.close();
    }
}

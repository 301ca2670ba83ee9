package org.senderauth.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Reports the state of the service to systemd (sd_notify(3)). The JDK has no UNIX datagram sockets, so the program
 * {@code systemd-notify} sends the message; the unit needs {@code NotifyAccess=all}. Does nothing where systemd expects no
 * message.
 *
 * @param environment the environment of this process
 * @param program the program that sends
 */
record SystemdNotifier(Map<String, String> environment, String program) {

    private static final String SOCKET = "NOTIFY_SOCKET";

    /** The time limit of the program. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    static SystemdNotifier ofProcess() {
        return new SystemdNotifier(System.getenv(), "systemd-notify");
    }

    /**
     * Reports that the service is ready.
     *
     * @param status what it does, for {@code systemctl status}
     * @throws IOException if systemd expects the message, and it cannot be sent: systemd would wait until its timeout
     */
    void ready(String status) throws IOException {
        send("--ready", "--status=" + status);
    }

    /** Reports what the service does. A failure changes nothing. */
    void status(String status) {
        try {
            send("--status=" + status);
        } catch (IOException e) {
            // The line of "systemctl status" stays as it was.
        }
    }

    private void send(String... arguments) throws IOException {
        if (!environment.containsKey(SOCKET)) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(program);
        builder.command().addAll(List.of(arguments));
        Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(program + " takes longer than " + LIMIT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(program + " was interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(program + " failed with status " + process.exitValue());
        }
    }
}

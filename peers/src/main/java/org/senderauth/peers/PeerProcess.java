package org.senderauth.peers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.LoopbackPorts;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * A real program (Exim, NSD, Redis ...) that a test runs on loopback. Where the program is not installed, the test is
 * skipped, or fails under {@code -Dpeers.required=true}.
 *
 * <p>{@link #close} ends only this process and its descendants.
 */
public final class PeerProcess implements AutoCloseable {

    private static final Duration POLITE_END = Duration.ofSeconds(5);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(10);
    private static final Duration DNS_TRY = Duration.ofSeconds(2);

    private static final List<String> PROGRAM_FOLDERS =
            List.of("/usr/sbin", "/usr/bin", "/usr/local/bin", "/sbin", "/bin");

    private final Process process;

    private PeerProcess(Process process) {
        this.process = process;
    }

    /**
     * Finds a program, or skips the test.
     *
     * @param name its file name, or an absolute path
     * @return its path
     * @throws TestAbortedException if it is absent
     * @throws AssertionFailedError if it is absent and {@code peers.required} is true
     */
    public static Path program(String name) {
        return find(name).orElseThrow(() -> missing(name + " is not installed"));
    }

    /**
     * Finds a program.
     *
     * @param name its file name, or an absolute path
     * @return its path, if it is installed
     */
    public static Optional<Path> find(String name) {
        if (name.startsWith("/")) {
            return Optional.of(Path.of(name)).filter(Files::isExecutable);
        }
        return PROGRAM_FOLDERS.stream()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Returns the exception for a missing external requirement of a test.
     *
     * @param what a sentence that names what is missing
     * @return a skip, or under {@code -Dpeers.required=true} a failure
     */
    public static RuntimeException missing(String what) {
        if (Boolean.getBoolean("peers.required")) {
            throw new AssertionFailedError(what + ", and -Dpeers.required=true asks for it");
        }
        return new TestAbortedException("skipped: " + what);
    }

    /**
     * Starts a program that stays in the foreground.
     *
     * @param folder its working directory
     * @param log the file for its output
     * @param command the program and its arguments
     * @return the running peer
     */
    public static PeerProcess start(Path folder, Path log, List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .redirectInput(new File("/dev/null"))
                    .start();
            return new PeerProcess(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until something accepts TCP connections on a loopback port.
     *
     * @param port the port
     * @param limit the maximum time to wait
     * @return this
     * @throws AssertionFailedError if nothing does, or the process ends before
     */
    public PeerProcess awaitTcp(int port, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
                return this;
            } catch (IOException refused) {
                if (exitsWithin(Duration.ofMillis(50))) {
                    throw new AssertionFailedError("the peer ended with status " + process.exitValue());
                }
            }
        }
        throw new AssertionFailedError("nothing listens on port " + port + " after " + limit);
    }

    /**
     * Waits until a name server answers with data: it listens before it has read its zones.
     *
     * @param server its address
     * @param zone a name with an SOA record
     * @return this
     * @throws AssertionFailedError if it does not within {@link Await#LIMIT}, or the process ends before
     */
    public PeerProcess awaitDns(InetSocketAddress server, Name zone) {
        SimpleResolver resolver = new SimpleResolver(server);
        resolver.setTimeout(DNS_TRY);
        Message question = Message.newQuery(Record.newRecord(zone, Type.SOA, DClass.IN));
        Await.until("an answer from " + server + " about " + zone, () -> {
            if (!process.isAlive()) {
                throw new AssertionFailedError("the peer ended with status " + process.exitValue());
            }
            try {
                Message answer = resolver.send(question);
                return answer.getRcode() == Rcode.NOERROR
                        && !answer.getSectionRRsets(Section.ANSWER).isEmpty();
            } catch (IOException notYet) {
                return false;
            }
        });
        return this;
    }

    /**
     * Returns a free port for a peer.
     *
     * @return {@link LoopbackPorts#free()}
     */
    public static int freePort() {
        return LoopbackPorts.free();
    }

    /**
     * Returns the process.
     *
     * @return the process that was started
     */
    public Process process() {
        return process;
    }

    /** Waits for the end of the process. */
    boolean exitsWithin(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /**
     * Ends the process and its descendants with SIGTERM, and after five seconds with SIGKILL. Returns when all have ended, so
     * that none of them writes into a directory that is being deleted.
     *
     * @throws AssertionFailedError if one still runs {@link Await#LIMIT} after SIGKILL
     */
    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroy);
        if (!endWithin(all, POLITE_END)) {
            all.forEach(ProcessHandle::destroyForcibly);
            if (!endWithin(all, Await.LIMIT) && !Thread.currentThread().isInterrupted()) {
                throw new AssertionFailedError("a process is still there after SIGKILL: " + all);
            }
        }
    }

    private static boolean endWithin(List<ProcessHandle> all, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (all.stream().anyMatch(PeerProcess::isRunning)) {
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        return true;
    }

    // A zombie has ended, too: its status was not requested yet, and in some containers never is.
    private static boolean isRunning(ProcessHandle handle) {
        if (!handle.isAlive()) {
            return false;
        }
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(handle.pid()), "stat"));
            return status.charAt(status.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException goneOrNoLinux) {
            return handle.isAlive();
        }
    }
}

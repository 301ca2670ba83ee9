package org.senderauth.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Queries a policy server as many Postfix processes would: connections that stay, each with a request at its own pace, and
 * together with clients that are slow, broken, or send a megabyte. Prints decisions a second and waiting times. A waiting
 * time counts from when a request was due, so that a stall of the server counts for every request that it holds up.
 *
 * <p>Arguments: port, connections, requests a second (0: as fast as it goes), seconds.
 */
public final class PolicyLoad {

    private static final int MEGABYTE = 1_000_000;

    private final int port;
    private final int connections;
    private final int rate;
    private final long end;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong hostile = new AtomicLong();

    PolicyLoad(int port, int connections, int rate, int seconds) {
        this.port = port;
        this.connections = connections;
        this.rate = rate;
        this.end = System.nanoTime() + seconds * 1_000_000_000L;
    }

    /**
     * Runs the load.
     *
     * @param arguments port, connections, requests a second, seconds
     * @throws Exception if a thread cannot be waited for
     */
    public static void main(String[] arguments) throws Exception {
        int[] numbers = Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        PolicyLoad load = new PolicyLoad(numbers[0], numbers[1], numbers[2], numbers[3]);
        long[] all = load.run();
        System.out.printf(
                "%d decisions, %.0f a second over %d connections; ms: median %.2f, 99%% %.2f, 99.9%% %.2f, longest %.1f;"
                        + " %d lost connections, %d hostile clients%n",
                all.length,
                (double) all.length / numbers[3],
                numbers[1],
                at(all, 0.5),
                at(all, 0.99),
                at(all, 0.999),
                at(all, 1),
                load.failures.get(),
                load.hostile.get());
    }

    /** Runs the load, and returns the waiting times in nanoseconds, the shortest first. */
    long[] run() throws InterruptedException {
        List<long[]> times = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                long[] own = mailServer(number);
                synchronized (times) {
                    times.add(own);
                }
            });
            threads.add(thread);
        }
        threads.add(new Thread(this::hostileClients));
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        return times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    }

    /** The time in milliseconds that the share of the requests does not exceed. */
    static double at(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1e6;
    }

    private long[] mailServer(int number) {
        byte[] reply = new byte[4096];
        long[] times = new long[1024];
        int count = 0;
        long pace = rate == 0 ? 0 : 1_000_000_000L * connections / rate;
        long due =
                System.nanoTime() + (pace == 0 ? 0 : ThreadLocalRandom.current().nextLong(pace));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            while (due < end) {
                while (pace > 0 && System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                long start = pace == 0 ? System.nanoTime() : due;
                out.write(request(number, count));
                readReply(in, reply);
                if (count == times.length) {
                    times = Arrays.copyOf(times, 2 * count);
                }
                times[count++] = System.nanoTime() - start;
                due = pace == 0 ? System.nanoTime() : due + pace;
            }
        } catch (IOException e) {
            failures.incrementAndGet();
        }
        return Arrays.copyOf(times, count);
    }

    private static byte[] request(int connection, int count) {
        return ("request=smtpd_access_policy\nprotocol_state=RCPT\nprotocol_name=ESMTP\nclient_address=192.0.2.1\n"
                        + "client_name=mail.example.net\nreverse_client_name=mail.example.net\n"
                        + "helo_name=mail.example.net\nsender=user" + count % 1000 + "@example.net\n"
                        + "recipient=alice@example.org\nrecipient_count=0\nqueue_id=\ninstance=" + connection + "."
                        + count + "\nsize=0\nsasl_method=\nsasl_username=\n" + "\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static void readReply(InputStream in, byte[] reply) throws IOException {
        int length = 0;
        do {
            int read = in.read(reply, length, reply.length - length);
            if (read < 0) {
                throw new IOException("the server closed");
            }
            length += read;
        } while (length < 2 || reply[length - 1] != '\n' || reply[length - 2] != '\n');
    }

    // One after the other: half a request and silence, a megabyte, another protocol, random bytes. Every
    // second one closes its half of the connection, and they leave late, by a reset.
    private void hostileClients() {
        List<Socket> silent = new ArrayList<>();
        String[] attacks = {"request=smtpd", "a=" + "b".repeat(MEGABYTE), "GET / HTTP/1.1\r\n\r\n", "\0\0\0\0"};
        for (int i = 0; System.nanoTime() < end; i++) {
            try {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                silent.add(socket);
                socket.getOutputStream().write(attacks[i % attacks.length].getBytes(StandardCharsets.US_ASCII));
                if (i % 2 == 0) {
                    socket.shutdownOutput();
                }
            } catch (IOException closed) {
                // The server closed it, as it should.
            }
            hostile.incrementAndGet();
            if (silent.size() > 50) {
                reset(silent.remove(0));
            }
            LockSupport.parkNanos(100_000_000L);
        }
        silent.forEach(PolicyLoad::reset);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}

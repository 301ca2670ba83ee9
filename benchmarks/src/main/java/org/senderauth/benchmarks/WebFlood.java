package org.senderauth.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A greedy client and slow clients of the web pages, all with the token. The greedy one sends its requests over as many
 * connections at once as it is given; the slow ones send a byte of their request each second, or never read the response,
 * and come back when the service has closed their connection. Prints how each request of the greedy client ended.
 *
 * <p>Arguments: port, file with the token, requests, greedy connections, slow clients, seconds (at most).
 */
public final class WebFlood {

    private static final int CONNECT_TIMEOUT = 10_000;
    private static final int SMALL_BUFFER = 1024;
    private static final long SECOND = 1_000_000_000L;

    private final InetSocketAddress server;
    private final byte[] request;
    private final AtomicInteger left;
    private final long end;
    private final Map<String, Integer> ends = new TreeMap<>();
    private final AtomicInteger slowConnections = new AtomicInteger();
    private volatile boolean over;

    private WebFlood(int port, String token, int requests, int seconds) {
        this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.request = ("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nAuthorization: Bearer " + token
                        + "\r\nAccept: text/html\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        this.left = new AtomicInteger(requests);
        this.end = System.nanoTime() + seconds * SECOND;
    }

    /**
     * Runs the flood.
     *
     * @param arguments port, file with the token, requests, greedy connections, slow clients, seconds
     * @throws Exception if the token cannot be read, or a thread cannot be waited for
     */
    public static void main(String[] arguments) throws Exception {
        String token = Files.readString(Path.of(arguments[1])).strip();
        int requests = Integer.parseInt(arguments[2]);
        WebFlood flood = new WebFlood(Integer.parseInt(arguments[0]), token, requests, Integer.parseInt(arguments[5]));
        flood.run(requests, Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
    }

    private void run(int requests, int greedy, int slow) throws InterruptedException {
        List<Thread> slowOnes = new ArrayList<>();
        for (int i = 0; i < slow; i++) {
            boolean neverReads = i % 4 == 3;
            slowOnes.add(new Thread(neverReads ? this::neverRead : this::drip));
        }
        List<Thread> greedyOnes = new ArrayList<>();
        for (int i = 0; i < greedy; i++) {
            greedyOnes.add(new Thread(this::hurry));
        }
        slowOnes.forEach(Thread::start);
        greedyOnes.forEach(Thread::start);
        for (Thread thread : greedyOnes) {
            thread.join();
        }
        over = true;
        for (Thread thread : slowOnes) {
            thread.interrupt();
            thread.join();
        }
        int sent = ends.values().stream().mapToInt(Integer::intValue).sum();
        System.out.printf(
                "%d of %d requests ended: %s; %d connections of %d slow clients%n",
                sent, requests, ends, slowConnections.get(), slow);
    }

    private boolean goesOn() {
        return !over && System.nanoTime() < end && !Thread.currentThread().isInterrupted();
    }

    private void hurry() {
        while (System.nanoTime() < end && left.getAndDecrement() > 0) {
            String how = ask();
            synchronized (ends) {
                ends.merge(how, 1, Integer::sum);
            }
        }
    }

    private String ask() {
        try (Socket socket = new Socket()) {
            try {
                socket.connect(server, CONNECT_TIMEOUT);
            } catch (IOException e) {
                return "no connection";
            }
            socket.setSoTimeout((int) Math.max(1, (end - System.nanoTime()) / 1_000_000));
            socket.getOutputStream().write(request);
            byte[] reply = socket.getInputStream().readAllBytes();
            String line = new String(reply, 0, Math.min(reply.length, 12), StandardCharsets.US_ASCII);
            return line.startsWith("HTTP/1.1 ") ? line.substring(9) : "closed";
        } catch (SocketTimeoutException e) {
            return "no response yet";
        } catch (IOException e) {
            return "closed";
        }
    }

    /** Sends a byte each second, for as long as the service lets it. */
    private void drip() {
        while (goesOn()) {
            try (Socket socket = slow(0)) {
                for (int i = 0; i < request.length - 1 && goesOn(); i++) {
                    socket.getOutputStream().write(request[i]);
                    LockSupport.parkNanos(SECOND);
                }
            } catch (IOException e) {
                LockSupport.parkNanos(SECOND / 10);
            }
        }
    }

    /** Sends its request, and never reads. */
    private void neverRead() {
        while (goesOn()) {
            try (Socket socket = slow(SMALL_BUFFER)) {
                socket.getOutputStream().write(request);
                while (goesOn()) {
                    // Another byte shows whether the connection is still there.
                    LockSupport.parkNanos(SECOND);
                    socket.getOutputStream().write('\n');
                }
            } catch (IOException e) {
                LockSupport.parkNanos(SECOND / 10);
            }
        }
    }

    private Socket slow(int receiveBuffer) throws IOException {
        Socket socket = new Socket();
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(server, CONNECT_TIMEOUT);
            slowConnections.incrementAndGet();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}

package org.senderauth.benchmarks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Queries a map for rewritten senders as fast as it answers, over connections that stay: {@code srs-forward} of this
 * project by socketmap, or PostSRSd 1 by its TCP map. Prints lookups a second.
 *
 * <p>Arguments: {@code socketmap} or {@code tcp}, port, connections, seconds.
 */
public final class SrsLookups {

    private SrsLookups() {}

    /**
     * Runs the load.
     *
     * @param arguments protocol, port, connections, seconds
     * @throws Exception if a thread cannot be waited for
     */
    public static void main(String[] arguments) throws Exception {
        boolean socketmap = arguments[0].equals("socketmap");
        int port = Integer.parseInt(arguments[1]);
        int connections = Integer.parseInt(arguments[2]);
        int seconds = Integer.parseInt(arguments[3]);
        ask(socketmap, port, connections, seconds);
        double rate = ask(socketmap, port, connections, seconds) / (double) seconds;
        System.out.printf("%s, %d connections: %.0f lookups a second%n", arguments[0], connections, rate);
    }

    private static long ask(boolean socketmap, int port, int connections, int seconds) throws InterruptedException {
        AtomicLong answered = new AtomicLong();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            int number = i;
            threads.add(new Thread(() -> answered.addAndGet(ask(socketmap, port, number, end))));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        return answered.get();
    }

    private static long ask(boolean socketmap, int port, int number, long end) {
        long answered = 0;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (System.nanoTime() < end) {
                String sender = "user" + number + "-" + answered + "@example.org";
                String key = "srs-forward " + sender;
                String request = socketmap ? key.length() + ":" + key + "," : "get " + sender + "\n";
                out.write(request.getBytes(StandardCharsets.US_ASCII));
                String reply = read(in, socketmap ? ',' : '\n');
                if (!reply.contains("SRS0")) {
                    throw new IOException("not rewritten: " + reply);
                }
                answered++;
            }
        } catch (IOException e) {
            System.err.println("connection " + number + ": " + e.getMessage());
        }
        return answered;
    }

    private static String read(InputStream in, char last) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int octet = in.read(); octet != last; octet = in.read()) {
            if (octet < 0) {
                throw new IOException("the map closed the connection");
            }
            text.append((char) octet);
        }
        return text.toString();
    }
}

package org.senderauth.cli;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The MX host of the demo's domains, on the loopback interface: it knows alice at users.example.net and no other user
 * there, and accepts all recipients elsewhere. Counts RCPT commands. Thread-safe.
 */
final class DemoMailServer implements Closeable {

    private static final String KNOWN = "<alice@users.example.net>";
    private static final String KNOWN_DOMAIN = "@users.example.net>";

    private final ServerSocket socket;
    private final AtomicInteger recipients = new AtomicInteger();

    private DemoMailServer(ServerSocket socket) {
        this.socket = socket;
    }

    static DemoMailServer start() throws IOException {
        DemoMailServer server = new DemoMailServer(new ServerSocket(0, 0, InetAddress.getByName("127.0.0.1")));
        Thread thread = new Thread(server::serve, "demo mail server");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    int port() {
        return socket.getLocalPort();
    }

    int recipients() {
        return recipients.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Serves one client after the other until the socket is closed. */
    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept();
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                    PrintWriter out = new PrintWriter(client.getOutputStream(), false, StandardCharsets.US_ASCII)) {
                reply(out, "220 mx.example.net ESMTP");
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    reply(out, answer(line));
                }
            } catch (IOException e) {
                // The client or the demo closed the connection.
            }
        }
    }

    private static void reply(PrintWriter out, String line) {
        out.print(line + "\r\n");
        out.flush();
    }

    private String answer(String line) {
        String command = line.toUpperCase(Locale.ROOT);
        if (command.startsWith("RCPT")) {
            recipients.incrementAndGet();
            boolean unknown = line.contains(KNOWN_DOMAIN) && !line.contains(KNOWN);
            return unknown ? "550 5.1.1 user unknown" : "250 2.1.5 OK";
        }
        if (command.startsWith("QUIT")) {
            return "221 2.0.0 bye";
        }
        return command.startsWith("EHLO") ? "250 mx.example.net" : "250 2.0.0 OK";
    }
}

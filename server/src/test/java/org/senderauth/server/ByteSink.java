package org.senderauth.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.opentest4j.AssertionFailedError;
import org.senderauth.testkit.Await;

/** Accepts all mail and keeps its bytes as they were in DATA, but rejects recipients whose name starts with nobody. */
final class ByteSink implements AutoCloseable {

    /** A mail as it was delivered. */
    record Mail(String from, String to, byte[] message) {}

    private final BlockingQueue<Mail> mails = new LinkedBlockingQueue<>();
    private final ServerSocket server;

    ByteSink() throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "byte-sink");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    /** The next mail. */
    Mail next() throws InterruptedException {
        Mail mail = mails.poll(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (mail == null) {
            throw new AssertionFailedError("no mail came within " + Await.LIMIT.toSeconds() + " s");
        }
        return mail;
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread session = new Thread(() -> session(socket), "byte-sink-session");
                session.setDaemon(true);
                session.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void session(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            say(out, "220 sink.example.net ESMTP");
            String from = "";
            String to = "";
            for (String line = line(in); line != null; line = line(in)) {
                String verb = line.toUpperCase(Locale.ROOT);
                if (verb.startsWith("MAIL")) {
                    from = path(line);
                    say(out, "250 2.1.0 ok");
                } else if (verb.startsWith("RCPT")) {
                    to = path(line);
                    say(out, to.startsWith("<nobody") ? "550 5.1.1 no such user" : "250 2.1.5 ok");
                } else if (verb.startsWith("DATA")) {
                    say(out, "354 go on");
                    mails.add(new Mail(from, to, data(in)));
                    say(out, "250 2.0.0 accepted");
                } else if (verb.startsWith("EHLO")) {
                    say(out, "250-sink.example.net");
                    say(out, "250 8BITMIME");
                } else {
                    say(out, verb.startsWith("QUIT") ? "221 2.0.0 bye" : "250 2.0.0 ok");
                }
            }
        } catch (IOException e) {
            // The client has gone; what it delivered is kept.
        }
    }

    private static void say(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int octet = in.read();
        while (octet >= 0 && octet != '\n') {
            line.write(octet);
            octet = in.read();
        }
        return octet < 0 ? null : line.toString(StandardCharsets.ISO_8859_1).replaceFirst("\r$", "");
    }

    // Undoes dot-stuffing (RFC 5321 section 4.5.2).
    private static byte[] data(InputStream in) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (String line = line(in); line != null && !line.equals("."); line = line(in)) {
            String text = line.startsWith(".") ? line.substring(1) : line;
            message.writeBytes((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
        return message.toByteArray();
    }

    private static String path(String line) {
        return line.substring(line.indexOf('<'), line.indexOf('>') + 1);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

package org.senderauth.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * An SMTP client that sends a line and reads the reply, for tests of servers on loopback. It sends EHLO at the start. Used
 * by one thread.
 */
public final class SmtpTestClient implements AutoCloseable {

    private static final String EHLO = "EHLO client.example.com";

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    private SmtpTestClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout((int) Await.LIMIT.toMillis());
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        this.out = socket.getOutputStream();
    }

    /**
     * Connects as a client of this host.
     *
     * @param port the server's port
     * @return the session
     * @throws IOException if the server does not accept, or does not reply for a minute
     */
    public static SmtpTestClient with(int port) throws IOException {
        return from("127.0.0.1", port);
    }

    /**
     * Connects from one of the loopback addresses.
     *
     * @param client an address in 127.0.0.0/8
     * @param port the server's port
     * @return the session
     * @throws IOException if the server does not accept, or does not reply for a minute
     */
    public static SmtpTestClient from(String client, int port) throws IOException {
        SmtpTestClient talk = new SmtpTestClient(
                new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(client), 0));
        talk.reply();
        talk.say(EHLO);
        return talk;
    }

    /**
     * Connects as another client, by XCLIENT of Postfix.
     *
     * @param port the server's port
     * @param client the address for the server to use
     * @return the session
     * @throws IOException if the server does not accept, or does not reply for a minute
     */
    public static SmtpTestClient as(int port, String client) throws IOException {
        SmtpTestClient talk = with(port);
        talk.say("XCLIENT ADDR=" + client + " NAME=client.example.com");
        talk.say(EHLO);
        return talk;
    }

    /**
     * Connects as another client, by version 1 of the PROXY protocol.
     *
     * @param port the server's port
     * @param client the address for the server to use
     * @return the session
     * @throws IOException if the server does not accept, or does not reply for a minute
     */
    public static SmtpTestClient proxied(int port, String client) throws IOException {
        SmtpTestClient talk = new SmtpTestClient(new Socket(InetAddress.getLoopbackAddress(), port));
        String family = client.indexOf(':') < 0 ? "TCP4 " + client + " 192.0.2.25" : "TCP6 " + client + " 2001:db8::25";
        talk.send("PROXY " + family + " 40000 25");
        talk.reply();
        talk.say(EHLO);
        return talk;
    }

    /**
     * Sends a command.
     *
     * @param line the command, or several lines with CRLF between them
     * @return the last line of the reply; empty if the server closes instead
     * @throws IOException if the server does not reply for a minute
     */
    public String say(String line) throws IOException {
        send(line);
        return reply();
    }

    private void send(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    // A rejection of several lines is one text; every line repeats the enhanced status code (RFC 2034 section 4).
    private String reply() throws IOException {
        StringBuilder rejection = new StringBuilder();
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            rejection.append(rejection.isEmpty() ? line.substring(4) : " " + text(line));
            line = in.readLine();
        }
        if (line == null) {
            return "";
        }
        boolean rejected = line.startsWith("4") || line.startsWith("5");
        return rejected && !rejection.isEmpty() ? line.substring(0, 4) + rejection + " " + text(line) : line;
    }

    private static String text(String line) {
        return line.substring(4).replaceFirst("^[245]\\.[0-9]{1,3}\\.[0-9]{1,3} ", "");
    }

    /**
     * Sends a message to one recipient, after RSET.
     *
     * @param from the sender without angle brackets
     * @param to the recipient without angle brackets
     * @param subject its subject
     * @return the reply that rejects it, or the reply to the message
     * @throws IOException if the server does not reply for a minute
     */
    public String mail(String from, String to, String subject) throws IOException {
        say("RSET");
        for (String command : new String[] {"MAIL FROM:<" + from + ">", "RCPT TO:<" + to + ">", "DATA"}) {
            String reply = say(command);
            if (!reply.startsWith("2") && !reply.startsWith("3")) {
                return reply;
            }
        }
        return say("From: someone@example.com\r\nSubject: " + subject + "\r\n\r\ntext\r\n.");
    }

    /** Closes the connection without QUIT. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}

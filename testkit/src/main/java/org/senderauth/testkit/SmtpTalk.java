package org.senderauth.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * An SMTP client that says a line and reads the reply, for tests of servers on loopback. Says EHLO at the start. Used by
 * one thread.
 */
public final class SmtpTalk implements AutoCloseable {

    private static final String EHLO = "EHLO client.example.com";

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    private SmtpTalk(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout((int) Patience.LIMIT.toMillis());
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        this.out = socket.getOutputStream();
    }

    /**
     * A session as a client of this host.
     *
     * @param port the server's port
     * @return the session
     * @throws IOException if the server is not there, or silent for a minute
     */
    public static SmtpTalk with(int port) throws IOException {
        return from("127.0.0.1", port);
    }

    /**
     * A session from one of the addresses of loopback.
     *
     * @param client an address in 127.0.0.0/8
     * @param port the server's port
     * @return the session
     * @throws IOException if the server is not there, or silent for a minute
     */
    public static SmtpTalk from(String client, int port) throws IOException {
        SmtpTalk talk =
                new SmtpTalk(new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(client), 0));
        talk.reply();
        talk.say(EHLO);
        return talk;
    }

    /**
     * A session as a client elsewhere, by XCLIENT as Postfix knows it.
     *
     * @param port the server's port
     * @param client the address that the server shall see
     * @return the session
     * @throws IOException if the server is not there, or silent for a minute
     */
    public static SmtpTalk as(int port, String client) throws IOException {
        SmtpTalk talk = with(port);
        talk.say("XCLIENT ADDR=" + client + " NAME=client.example.com");
        talk.say(EHLO);
        return talk;
    }

    /**
     * A session as a client elsewhere, by version 1 of the PROXY protocol.
     *
     * @param port the server's port
     * @param client the address that the server shall see
     * @return the session
     * @throws IOException if the server is not there, or silent for a minute
     */
    public static SmtpTalk proxied(int port, String client) throws IOException {
        SmtpTalk talk = new SmtpTalk(new Socket(InetAddress.getLoopbackAddress(), port));
        String family = client.indexOf(':') < 0 ? "TCP4 " + client + " 192.0.2.25" : "TCP6 " + client + " 2001:db8::25";
        talk.send("PROXY " + family + " 40000 25");
        talk.reply();
        talk.say(EHLO);
        return talk;
    }

    /**
     * Says a command.
     *
     * @param line the command, or several lines with CRLF between them
     * @return the last line of the reply; empty if the server closes instead
     * @throws IOException if the server is silent for a minute
     */
    public String say(String line) throws IOException {
        send(line);
        return reply();
    }

    private void send(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private String reply() throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        return line == null ? "" : line;
    }

    /**
     * Offers a mail to one recipient, after RSET.
     *
     * @param from the sender without angle brackets
     * @param to the recipient without angle brackets
     * @param subject its subject
     * @return the reply that refuses it, or the reply to the message
     * @throws IOException if the server is silent for a minute
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

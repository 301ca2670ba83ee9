package org.senderauth.cli.serve;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that says a line and reads the reply. */
final class SmtpTalk implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;

    private SmtpTalk(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        this.out = socket.getOutputStream();
        reply();
    }

    /** A session as a client of this host. */
    static SmtpTalk with(int port) throws IOException {
        return from("127.0.0.1", port);
    }

    /** A session from one of the addresses in 127.0.0.0/8. */
    static SmtpTalk from(String client, int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(client), 0);
        SmtpTalk talk = new SmtpTalk(socket);
        talk.say("EHLO client.example.com");
        return talk;
    }

    /** A session as a client elsewhere, by XCLIENT. */
    static SmtpTalk as(int port, String client) throws IOException {
        SmtpTalk talk = with(port);
        talk.say("XCLIENT ADDR=" + client + " NAME=client.example.com");
        talk.say("EHLO client.example.com");
        return talk;
    }

    /** The last line of the reply to a command. */
    String say(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        return reply();
    }

    private String reply() throws IOException {
        String line = in.readLine();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = in.readLine();
        }
        return line == null ? "" : line;
    }

    /** Offers a mail; the reply to RCPT if that is a refusal, else the reply to the message. */
    String mail(String from, String to, String subject) throws IOException {
        say("RSET");
        say("MAIL FROM:<" + from + ">");
        String rcpt = say("RCPT TO:<" + to + ">");
        if (!rcpt.startsWith("2")) {
            return rcpt;
        }
        String data = say("DATA");
        if (!data.startsWith("3")) {
            return data;
        }
        return say("From: someone@example.com\r\nSubject: " + subject + "\r\n\r\ntext\r\n.");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

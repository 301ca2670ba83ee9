package org.senderauth.server;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.opentest4j.AssertionFailedError;
import org.senderauth.testkit.Await;
import org.senderauth.testkit.ScriptedSmtpServer;
import org.senderauth.testkit.SmtpPeer;

/** Accepts and keeps all mail, but rejects the recipient {@code nobody@} and defers those named {@code grey}. */
final class MailSink implements AutoCloseable {

    /** A mail as it was delivered. */
    record Mail(String from, List<String> to, List<String> lines) {

        boolean has(String start) {
            return lines.stream().anyMatch(line -> line.startsWith(start));
        }
    }

    private final BlockingQueue<Mail> mails = new LinkedBlockingQueue<>();
    private final ScriptedSmtpServer server;

    MailSink() {
        this(InetAddress.getLoopbackAddress());
    }

    /** One at another address of loopback, for mail servers that do not relay to their own. */
    MailSink(InetAddress address) {
        this.server = ScriptedSmtpServer.start(address, 0, this::play);
    }

    int port() {
        return server.port();
    }

    /** The next mail that was not seen before. */
    Mail next() {
        try {
            Mail mail = mails.poll(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (mail == null) {
                throw new AssertionFailedError("no mail came within " + Await.LIMIT.toSeconds() + " s");
            }
            return mail;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionFailedError("interrupted");
        }
    }

    /** The next mail with a subject; others may come before it. */
    Mail next(String subject) {
        Mail mail = next();
        while (!mail.has("Subject: " + subject)) {
            mail = next();
        }
        return mail;
    }

    boolean isEmpty() {
        return mails.isEmpty();
    }

    private void play(SmtpPeer peer) {
        try {
            converse(peer);
        } catch (IOException e) {
            // The client has gone; what it delivered is kept.
        }
    }

    private void converse(SmtpPeer peer) throws IOException {
        String from = "";
        List<String> to = new ArrayList<>();
        peer.say("220 sink.example.com ESMTP");
        while (true) {
            String line = peer.hear();
            String verb = line.toUpperCase(Locale.ROOT);
            if (verb.startsWith("QUIT")) {
                peer.say("221 2.0.0 bye");
                return;
            } else if (verb.startsWith("MAIL")) {
                from = path(line);
                to = new ArrayList<>();
                peer.say("250 2.1.0 ok");
            } else if (verb.startsWith("RCPT")) {
                String recipient = path(line);
                boolean nobody = recipient.startsWith("nobody");
                boolean grey = recipient.startsWith("grey");
                if (!nobody && !grey) {
                    to.add(recipient);
                }
                peer.say(nobody ? "550 5.1.1 no such user" : grey ? "451 4.7.1 greylisted" : "250 2.1.5 ok");
            } else if (verb.startsWith("DATA") && !to.isEmpty()) {
                peer.say("354 go on");
                List<String> lines = new ArrayList<>();
                for (String text = peer.hear(); !text.equals("."); text = peer.hear()) {
                    lines.add(text);
                }
                mails.add(new Mail(from, List.copyOf(to), lines));
                peer.say("250 2.0.0 taken");
            } else if (verb.startsWith("EHLO") || verb.startsWith("HELO") || verb.startsWith("RSET")) {
                peer.say("250 sink.example.com");
            } else {
                peer.say("503 5.5.1 not now");
            }
        }
    }

    private static String path(String line) {
        return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
    }

    @Override
    public void close() {
        server.close();
    }
}

package org.senderauth.callout.probe;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.MailAddress;

/**
 * The manners of one SMTP session: what may go out in one write, when a transaction must be reset, when nothing may be
 * said any more, how to leave. Everything said and heard goes into the notes. Not thread-safe.
 */
final class Conversation {

    /** Whom a RCPT command names. */
    enum Kind {
        TARGET,
        RANDOM,
        CONTROL
    }

    /**
     * The answers to MAIL and RCPT.
     *
     * @param mail the answer to MAIL
     * @param rcpt the answer to RCPT; null if MAIL was refused
     */
    record Answers(ServerReply mail, @Nullable ServerReply rcpt) {}

    // RSET, MAIL and RCPT are the longest group whose answers can be missing.
    private static final int MAX_LATE_REPLIES = 3;

    private final SmtpWire wire;
    private final Notes notes;
    private Extensions extensions = Extensions.NONE;
    private boolean lockStep;
    // MAIL was said since the last RSET.
    private boolean mailOpen;
    // An answer is missing: the next one that comes must not be taken for that to another command.
    private boolean behind;
    private boolean dead;
    private boolean violated;

    Conversation(SmtpWire wire, Notes notes) {
        this.wire = wire;
        this.notes = notes;
    }

    Extensions extensions() {
        return extensions;
    }

    boolean isEncrypted() {
        return wire.isEncrypted();
    }

    boolean violated() {
        return violated;
    }

    ServerReply greeting(Duration limit) throws IOException {
        return receive(limit);
    }

    ServerReply ehlo(String name, Duration limit) throws IOException {
        ServerReply reply = command("EHLO " + name, limit);
        extensions = reply.isPositive() ? Extensions.of(reply) : Extensions.NONE;
        return reply;
    }

    /** One command and its answer. */
    ServerReply command(String line, Duration limit) throws IOException {
        send(line);
        return receive(limit);
    }

    ServerReply verify(Envelope envelope, Duration limit) throws IOException {
        notes.count(Kind.TARGET);
        return command("VRFY " + envelope.address() + (envelope.needsSmtpUtf8() ? " SMTPUTF8" : ""), limit);
    }

    /**
     * One mail transaction up to its recipient, after a reset of the one before: in one write where the server takes
     * that (RFC 2920), else command by command.
     */
    Answers transaction(@Nullable MailAddress sender, String recipient, boolean utf8, Kind kind, ProbeTimeouts timeouts)
            throws IOException {
        String mail = "MAIL FROM:<" + (sender == null ? "" : sender) + ">" + (utf8 ? " SMTPUTF8" : "");
        String rcpt = "RCPT TO:<" + recipient + ">";
        if (!isPipelining()) {
            reset(timeouts.mail());
            ServerReply answer = command(mail, timeouts.mail());
            if (!answer.isPositive()) {
                return new Answers(answer, null);
            }
            mailOpen = true;
            notes.count(kind);
            return new Answers(answer, command(rcpt, timeouts.rcpt()));
        }
        boolean reset = mailOpen;
        mailOpen = true;
        notes.count(kind);
        if (reset) {
            send("RSET", mail, rcpt);
            receive(timeouts.mail());
        } else {
            send(mail, rcpt);
        }
        ServerReply mailAnswer = receive(timeouts.mail());
        if (mailAnswer.isClosing()) {
            return new Answers(mailAnswer, null);
        }
        ServerReply rcptAnswer = receive(timeouts.rcpt());
        return new Answers(mailAnswer, mailAnswer.isPositive() ? rcptAnswer : null);
    }

    /** Ends the transaction that is open, if one is. */
    void reset(Duration limit) throws IOException {
        if (mailOpen) {
            mailOpen = false;
            command("RSET", limit);
        }
    }

    /**
     * Goes on command by command.
     *
     * @return true if that is a change
     */
    boolean goLockStep() {
        boolean change = isPipelining();
        lockStep = true;
        return change;
    }

    void startTls(String host, Duration limit) throws IOException {
        wire.startTls(host, limit);
        extensions = Extensions.NONE;
        notes.happened("TLS started");
    }

    /** Something came that is not SMTP: nothing more is said. */
    void violated(ProtocolViolation violation) {
        violated = true;
        dead = true;
        notes.happened(violation.getMessage());
    }

    /** An answer did not come in time: nothing more is asked. */
    void timedOut() {
        behind = true;
        notes.happened("no answer in time");
    }

    /** The connection is gone. */
    void lost(IOException cause) {
        dead = true;
        notes.happened("connection lost: " + cause.getMessage());
    }

    /**
     * Says goodbye: RSET and QUIT in one write where the server takes that. After a missing answer, QUIT is only said to
     * a server that takes commands in advance; others take it for a breach of the protocol.
     *
     * @param limit how long all of it may take
     */
    void end(Duration limit) {
        Deadline by = Deadline.in(limit);
        if (dead || behind && !isPipelining()) {
            return;
        }
        try {
            if (behind) {
                send("QUIT");
            } else if (mailOpen && isPipelining()) {
                send("RSET", "QUIT");
                receive(by);
            } else {
                if (mailOpen) {
                    send("RSET");
                    receive(by);
                }
                send("QUIT");
            }
            // A late answer may come before that to QUIT; none of them counts any more.
            for (int late = 0; late <= MAX_LATE_REPLIES && receive(by).code() != 221; late++) {}
        } catch (IOException leaving) {
            notes.happened("the server left before it said goodbye");
        }
    }

    private boolean isPipelining() {
        return extensions.pipelining() && !lockStep;
    }

    private void send(String... lines) throws IOException {
        if (!behind && wire.hasUnread()) {
            throw new ProtocolViolation("the server spoke out of turn");
        }
        for (String line : lines) {
            notes.said(line);
        }
        wire.send(lines);
    }

    private ServerReply receive(Duration limit) throws IOException {
        return receive(Deadline.in(limit));
    }

    private ServerReply receive(Deadline by) throws IOException {
        ServerReply reply = wire.receive(by);
        notes.heard(reply);
        violated |= reply.mixedCodes();
        return reply;
    }
}

package org.senderauth.callout.probe;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.reply.ServerReply;
import org.senderauth.core.MailAddress;

/**
 * The order of commands in one SMTP session: which ones may share a write, when RSET is needed, when nothing may be sent
 * any more, and how the session ends. Records all commands and replies. Not thread-safe.
 */
final class SmtpClientSession {

    /** The recipient of a RCPT command. */
    enum Kind {
        TARGET,
        RANDOM,
        CONTROL
    }

    /**
     * A mail transaction up to its recipient.
     *
     * @param mail the MAIL command
     * @param rcpt the RCPT command
     * @param kind the recipient of RCPT
     */
    record Transaction(String mail, String rcpt, Kind kind) {

        static Transaction of(@Nullable MailAddress sender, String recipient, boolean utf8, Kind kind) {
            String mail = "MAIL FROM:<" + (sender == null ? "" : sender) + ">" + (utf8 ? " SMTPUTF8" : "");
            return new Transaction(mail, "RCPT TO:<" + recipient + ">", kind);
        }
    }

    /** The maximum number of recipients of one session: a client with more looks like an address harvester. */
    static final int MAX_RECIPIENTS = 3;

    // RSET, MAIL and RCPT are the longest group without replies.
    private static final int MAX_LATE_REPLIES = 3;

    private final SmtpWire wire;
    private final ProbeRecorder notes;
    private Extensions extensions = Extensions.NONE;
    private boolean lockStep;
    // MAIL was sent since the last RSET.
    private boolean mailOpen;
    // A reply is missing: the next one must not be assigned to another command.
    private boolean replyMissing;
    private boolean dead;
    private boolean violated;
    // MAIL and RCPT were sent in one write, and some of their replies are missing.
    private boolean groupOpen;
    private int recipients;

    SmtpClientSession(SmtpWire wire, ProbeRecorder notes) {
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

    /** Sends one command and returns the reply. */
    ServerReply command(String line, Duration limit) throws IOException {
        send(line);
        return receive(limit);
    }

    ServerReply verify(SmtpAddress envelope, Duration limit) throws IOException {
        count(Kind.TARGET);
        return command("VRFY " + envelope.address() + (envelope.needsSmtpUtf8() ? " SMTPUTF8" : ""), limit);
    }

    /**
     * Starts a transaction, after a reset of the previous one. RCPT is sent with MAIL in one write where the server
     * accepts that (RFC 2920).
     *
     * @return the reply to MAIL; only if it is positive, {@link #rcpt} is next
     */
    ServerReply mail(Transaction transaction, ProbeTimeouts timeouts) throws IOException {
        if (!isPipelining()) {
            reset(timeouts.mail());
            ServerReply answer = command(transaction.mail, timeouts.mail());
            mailOpen = answer.isPositive();
            return answer;
        }
        boolean reset = mailOpen;
        mailOpen = true;
        groupOpen = true;
        count(transaction.kind);
        if (reset) {
            send("RSET", transaction.mail, transaction.rcpt);
            receive(timeouts.mail());
        } else {
            send(transaction.mail, transaction.rcpt);
        }
        ServerReply answer = receive(timeouts.mail());
        if (!answer.isPositive() && !answer.isClosing()) {
            receive(timeouts.rcpt());
            groupOpen = false;
        }
        return answer;
    }

    /** {@return true if the session may have one more recipient} */
    boolean mayAskForAnother() {
        return recipients < MAX_RECIPIENTS;
    }

    /** Continues a transaction whose MAIL was accepted: returns the reply to RCPT. */
    ServerReply rcpt(Transaction transaction, ProbeTimeouts timeouts) throws IOException {
        if (isPipelining()) {
            ServerReply answer = receive(timeouts.rcpt());
            groupOpen = false;
            return answer;
        }
        count(transaction.kind);
        return command(transaction.rcpt, timeouts.rcpt());
    }

    /** Ends the open transaction, if there is one. */
    void reset(Duration limit) throws IOException {
        if (mailOpen) {
            mailOpen = false;
            command("RSET", limit);
        }
    }

    /**
     * Sends one command at a time from now on.
     *
     * @return true if that is a change
     */
    boolean goLockStep() {
        boolean change = isPipelining();
        lockStep = true;
        return change;
    }

    /** {@return true if replies to a group of commands are missing: a server may offer PIPELINING and fail at it} */
    boolean isGroupOpen() {
        return groupOpen;
    }

    void startTls(String host, Duration limit) throws IOException {
        wire.startTls(host, limit);
        extensions = Extensions.NONE;
        notes.happened("TLS started");
    }

    /** Something arrived that is not SMTP: nothing more is sent. */
    void violated(ProtocolViolationException violation) {
        violated = true;
        dead = true;
        notes.happened(violation.getMessage());
    }

    /** A reply did not arrive in time: no more addresses are probed. */
    void timedOut() {
        replyMissing = true;
        notes.happened("no reply in time");
    }

    /** The connection is gone. */
    void lost(IOException cause) {
        dead = true;
        notes.happened("connection lost: " + cause.getMessage());
    }

    /**
     * Sends RSET and QUIT, in one write where the server accepts that. After a missing reply, QUIT is only sent to a
     * server with PIPELINING; for others a command before the reply would violate the protocol.
     *
     * @param limit the maximum time for both
     */
    void end(Duration limit) {
        Deadline by = Deadline.in(limit);
        if (dead || replyMissing && !isPipelining()) {
            return;
        }
        try {
            if (replyMissing) {
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
            // Late replies may arrive before that to QUIT; they are ignored.
            for (int late = 0; late <= MAX_LATE_REPLIES && receive(by).code() != 221; late++) {}
        } catch (IOException leaving) {
            notes.happened("the server closed the connection before it replied to QUIT");
        }
    }

    private void count(Kind kind) {
        recipients++;
        notes.count(kind);
    }

    private boolean isPipelining() {
        return extensions.pipelining() && !lockStep;
    }

    private void send(String... lines) throws IOException {
        if (!replyMissing && wire.hasUnread()) {
            throw new ProtocolViolationException("the server replied before a command was sent");
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

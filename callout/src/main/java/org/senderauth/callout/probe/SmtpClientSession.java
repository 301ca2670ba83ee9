package org.senderauth.callout.probe;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.ServerReply;
import org.senderauth.core.MailAddress;

/**
 * The manners of one SMTP session: what may go out in one write, when a transaction must be reset, when nothing may be
 * said any more, how to leave. Everything said and heard goes into the notes. Not thread-safe.
 */
final class SmtpClientSession {

    /** Whom a RCPT command names. */
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
     * @param kind whom RCPT names
     */
    record Transaction(String mail, String rcpt, Kind kind) {

        static Transaction of(@Nullable MailAddress sender, String recipient, boolean utf8, Kind kind) {
            String mail = "MAIL FROM:<" + (sender == null ? "" : sender) + ">" + (utf8 ? " SMTPUTF8" : "");
            return new Transaction(mail, "RCPT TO:<" + recipient + ">", kind);
        }
    }

    /** The maximum number of recipients of one session: a client with more looks like an address harvester. */
    static final int MAX_RECIPIENTS = 3;

    // RSET, MAIL and RCPT are the longest group whose answers can be missing.
    private static final int MAX_LATE_REPLIES = 3;

    private final SmtpWire wire;
    private final ProbeRecorder notes;
    private Extensions extensions = Extensions.NONE;
    private boolean lockStep;
    // MAIL was said since the last RSET.
    private boolean mailOpen;
    // An answer is missing: the next one that comes must not be taken for that to another command.
    private boolean behind;
    private boolean dead;
    private boolean violated;
    // MAIL and RCPT went out in one write, and not all of their answers have come.
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

    /** One command and its answer. */
    ServerReply command(String line, Duration limit) throws IOException {
        send(line);
        return receive(limit);
    }

    ServerReply verify(SmtpAddress envelope, Duration limit) throws IOException {
        count(Kind.TARGET);
        return command("VRFY " + envelope.address() + (envelope.needsSmtpUtf8() ? " SMTPUTF8" : ""), limit);
    }

    /**
     * Begins a transaction, after a reset of the one before: RCPT goes out with MAIL in one write where the server takes
     * that (RFC 2920).
     *
     * @return the answer to MAIL; only if it is positive, {@link #rcpt} is next
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

    /** Whether one more recipient may be asked for. */
    boolean mayAskForAnother() {
        return recipients < MAX_RECIPIENTS;
    }

    /** Goes on with a transaction whose MAIL was answered well: the answer to RCPT. */
    ServerReply rcpt(Transaction transaction, ProbeTimeouts timeouts) throws IOException {
        if (isPipelining()) {
            ServerReply answer = receive(timeouts.rcpt());
            groupOpen = false;
            return answer;
        }
        count(transaction.kind);
        return command(transaction.rcpt, timeouts.rcpt());
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

    /** Whether a group of commands is not answered in full: the server may offer PIPELINING without being able to. */
    boolean isGroupOpen() {
        return groupOpen;
    }

    void startTls(String host, Duration limit) throws IOException {
        wire.startTls(host, limit);
        extensions = Extensions.NONE;
        notes.happened("TLS started");
    }

    /** Something came that is not SMTP: nothing more is said. */
    void violated(ProtocolViolationException violation) {
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
     * Sends RSET and QUIT, in one write where the server accepts that. After a missing answer, QUIT is only said to
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
        if (!behind && wire.hasUnread()) {
            throw new ProtocolViolationException("the server spoke out of turn");
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

package org.senderauth.callout.probe;

import static org.senderauth.callout.CalloutReason.ACCEPTED;
import static org.senderauth.callout.CalloutReason.ACCEPTS_ANYTHING;
import static org.senderauth.callout.CalloutReason.BACKUP_MX;
import static org.senderauth.callout.CalloutReason.CANNOT_VERIFY;
import static org.senderauth.callout.CalloutReason.CONNECTION_LOST;
import static org.senderauth.callout.CalloutReason.HOST_BUSY;
import static org.senderauth.callout.CalloutReason.LOOP;
import static org.senderauth.callout.CalloutReason.NULL_SENDER_REFUSED;
import static org.senderauth.callout.CalloutReason.POLICY_REFUSED;
import static org.senderauth.callout.CalloutReason.PROTOCOL_ERROR;
import static org.senderauth.callout.CalloutReason.SMTPUTF8_UNSUPPORTED;
import static org.senderauth.callout.CalloutReason.TEMPFAIL;
import static org.senderauth.callout.CalloutReason.TIMEOUT;
import static org.senderauth.callout.CalloutReason.TLS_REQUIRED;
import static org.senderauth.callout.CalloutReason.UNREACHABLE;

import java.io.IOException;
import java.io.Serial;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutVerdict;
import org.senderauth.callout.probe.Conversation.Transaction;
import org.senderauth.callout.probe.ProbeRequest.Known;
import org.senderauth.callout.probe.ProbeSettings.Method;
import org.senderauth.callout.probe.ProbeSettings.Tls;
import org.senderauth.core.MailAddress;

/**
 * The dialogue with one mail server, in the order of its transcript: greeting, EHLO, perhaps STARTTLS, then MAIL and
 * RCPT for the address, and only if need be once more for an invented address or for the postmaster. {@link #hold} ends
 * with the answer, {@link #end} says goodbye. Not thread-safe.
 */
final class Dialogue {

    private final Conversation talk;
    private final ProbeSettings settings;
    private final ProbeRequest request;
    private final MailHosts.Target target;
    private final HostGate.Entered known;
    private final ProbeTimeouts timeouts;
    private final Envelope envelope;
    private final SecondOpinion secondOpinion;

    private ProbeStage stage = ProbeStage.GREETING;
    private boolean needsTls;
    private boolean refusesNullSender;
    private @Nullable MailAddress fallback;

    Dialogue(
            Conversation talk,
            ProbeSettings settings,
            ProbeRequest request,
            MailHosts.Target target,
            HostGate.Entered known) {
        this.talk = talk;
        this.settings = settings;
        this.request = request;
        this.target = target;
        this.known = known;
        this.timeouts = settings.timeouts();
        this.envelope = new Envelope(request.address());
        this.secondOpinion = new SecondOpinion(talk, settings, request);
        this.needsTls = known.needsTls();
        this.refusesNullSender = known.refusesNullSender();
    }

    Known catchAll() {
        return secondOpinion.catchAll();
    }

    Known control() {
        return secondOpinion.control();
    }

    boolean isEncrypted() {
        return talk.isEncrypted();
    }

    boolean needsTls() {
        return needsTls;
    }

    boolean refusesNullSender() {
        return refusesNullSender;
    }

    /** The dialogue until the answer. */
    Finding hold() {
        try {
            greeting();
            hello();
            boolean wanted = known.needsTls() || settings.tls() == Tls.WHEN_OFFERED;
            if (wanted && talk.extensions().startTls()) {
                startTls();
            }
            if (settings.method() != Method.RCPT) {
                return verify();
            }
            return ask();
        } catch (Over over) {
            return over.finding;
        } catch (ProtocolViolation violation) {
            talk.violated(violation);
            // A greeting that is not SMTP is a host that takes no mail from us.
            return stage == ProbeStage.GREETING && !violation.isExcess()
                    ? Finding.next(POLICY_REFUSED, stage, null)
                    : new Finding(PROTOCOL_ERROR, stage, null, stage == ProbeStage.GREETING);
        } catch (SocketTimeoutException timeout) {
            talk.timedOut();
            return switch (stage) {
                case GREETING -> Finding.next(UNREACHABLE, stage, null);
                case EHLO -> Finding.next(TIMEOUT, stage, null);
                case TLS -> Finding.next(TLS_REQUIRED, stage, null);
                default -> Finding.last(TIMEOUT, stage, null);
            };
        } catch (IOException lost) {
            talk.lost(lost);
            return switch (stage) {
                case GREETING -> Finding.next(UNREACHABLE, stage, null);
                case TLS -> Finding.next(TLS_REQUIRED, stage, null);
                default -> Finding.next(CONNECTION_LOST, stage, null);
            };
        }
    }

    /** The polite end. Whatever it meets is no longer of interest. */
    void end() {
        talk.end(timeouts.quit());
    }

    private void greeting() throws IOException, Over {
        stage = ProbeStage.GREETING;
        ServerReply greeting = talk.greeting(timeouts.greeting());
        if (greeting.isTransient()) {
            throw new Over(Finding.next(HOST_BUSY, stage, greeting));
        }
        if (greeting.code() != 220) {
            throw new Over(Finding.next(POLICY_REFUSED, stage, greeting));
        }
        refuseLoop(greeting);
    }

    // Servers start the greeting and the reply to EHLO with their name (RFC 5321 sections 4.2.1 and 4.1.1.1).
    private void refuseLoop(ServerReply reply) throws Over {
        String name = reply.lines().get(0).strip().split(" ", 2)[0];
        if (name.equalsIgnoreCase(settings.helo())) {
            throw new Over(Finding.last(LOOP, stage, reply));
        }
    }

    private void hello() throws IOException, Over {
        stage = ProbeStage.EHLO;
        ServerReply reply = talk.ehlo(settings.helo(), timeouts.hello());
        if (reply.isPermanent()) {
            reply = talk.command("HELO " + settings.helo(), timeouts.hello());
        }
        if (reply.isPositive()) {
            refuseLoop(reply);
            return;
        }
        throw new Over(
                reply.isPermanent()
                        ? Finding.next(POLICY_REFUSED, stage, reply)
                        : new Finding(reply.isTransient() ? HOST_BUSY : PROTOCOL_ERROR, stage, reply, true));
    }

    private void startTls() throws IOException, Over {
        stage = ProbeStage.TLS;
        if (!talk.extensions().startTls()) {
            throw new Over(Finding.next(TLS_REQUIRED, stage, null));
        }
        talk.reset(timeouts.mail());
        ServerReply reply = talk.command("STARTTLS", timeouts.hello());
        if (reply.code() != 220) {
            throw new Over(Finding.next(TLS_REQUIRED, stage, reply));
        }
        talk.startTls(target.host(), timeouts.tls());
        // What was said in plain text is forgotten (RFC 3207 section 4.2).
        hello();
    }

    // "VRFY" and what it can say: RFC 5321 sections 3.5.3 and 7.3.
    private Finding verify() throws IOException, Over {
        stage = ProbeStage.RCPT;
        requireSmtpUtf8(envelope.needsSmtpUtf8());
        ServerReply reply = talk.verify(envelope, timeouts.rcpt());
        Judgement judgement = Judgement.of(reply, envelope.address(), true, false);
        boolean clear = judgement.reason().verdict() != CalloutVerdict.UNDECIDED;
        if (clear) {
            return Finding.last(judgement.reason(), stage, reply);
        }
        if (settings.method() == Method.VRFY_FIRST) {
            return ask();
        }
        return reply.isTransient()
                ? new Finding(judgement.reason(), stage, reply, judgement.next() == Judgement.Next.NEXT_HOST)
                : Finding.last(CANNOT_VERIFY, stage, reply);
    }

    private Finding ask() throws IOException, Over {
        if (!talk.mayAskForAnother()) {
            return Finding.last(PROTOCOL_ERROR, stage, null);
        }
        stage = ProbeStage.MAIL;
        boolean utf8 = envelope.needsSmtpUtf8();
        requireSmtpUtf8(utf8);
        MailAddress sender = sender();
        Transaction transaction = Transaction.of(sender, envelope.address(), utf8, Conversation.Kind.TARGET);
        ServerReply reply = talk.mail(transaction, timeouts);
        if (!reply.isPositive()) {
            return mailRefused(reply, sender);
        }
        stage = ProbeStage.RCPT;
        return rcptAnswered(talk.rcpt(transaction, timeouts), sender);
    }

    private Finding askUnderTls() throws IOException, Over {
        needsTls = true;
        startTls();
        return ask();
    }

    private @Nullable MailAddress sender() {
        if (request.sender() != null) {
            return request.sender();
        }
        if (fallback == null && refusesNullSender) {
            fallback = settings.fallbackSender();
        }
        return fallback;
    }

    private void requireSmtpUtf8(boolean needed) throws Over {
        if (needed && !talk.extensions().smtpUtf8()) {
            throw new Over(Finding.next(SMTPUTF8_UNSUPPORTED, stage, null));
        }
    }

    private Finding mailRefused(ServerReply reply, @Nullable MailAddress sender) throws IOException, Over {
        if (reply.isTransient()) {
            return Finding.next(TEMPFAIL, stage, reply);
        }
        if (Judgement.wantsTls(reply) && !talk.isEncrypted()) {
            return askUnderTls();
        }
        if (!reply.isPermanent()) {
            return Finding.last(PROTOCOL_ERROR, stage, reply);
        }
        boolean aboutParameter = reply.code() == 555 || reply.code() == 504 || reply.code() == 501;
        if (envelope.needsSmtpUtf8() && aboutParameter) {
            return Finding.next(SMTPUTF8_UNSUPPORTED, stage, reply);
        }
        if (sender != null || RefusalTexts.isAboutUs(reply, "")) {
            return Finding.last(POLICY_REFUSED, stage, reply);
        }
        return nullSenderRefused(reply);
    }

    // Once with another sender, if there is one.
    private Finding nullSenderRefused(ServerReply reply) throws IOException, Over {
        refusesNullSender = true;
        return sender() == null ? Finding.last(NULL_SENDER_REFUSED, stage, reply) : ask();
    }

    private Finding rcptAnswered(ServerReply reply, @Nullable MailAddress sender) throws IOException, Over {
        Judgement judgement = Judgement.of(reply, envelope.address(), sender == null, settings.trustingTexts());
        switch (judgement.next()) {
            case START_TLS:
                if (talk.isEncrypted()) {
                    return Finding.last(POLICY_REFUSED, stage, reply);
                }
                return askUnderTls();
            case LOCK_STEP:
                return talk.goLockStep() ? ask() : Finding.last(judgement.reason(), stage, reply);
            case ASK_CONTROL:
                return secondOpinion.onRefusal(reply, sender);
            case NEXT_HOST:
                return Finding.next(judgement.reason(), stage, reply);
            default:
                break;
        }
        if (judgement.reason() == NULL_SENDER_REFUSED && !refusesNullSender) {
            return nullSenderRefused(reply);
        }
        return judgement.reason() == ACCEPTED
                ? accepted(reply, sender)
                : Finding.last(judgement.reason(), stage, reply);
    }

    // A backup takes mail for anybody while it cannot ask; an invented address would tell nothing about the domain.
    private Finding accepted(ServerReply reply, @Nullable MailAddress sender) {
        if (target.backup()) {
            return Finding.last(BACKUP_MX, stage, reply);
        }
        return switch (request.catchAll()) {
            case YES -> Finding.last(ACCEPTS_ANYTHING, stage, reply);
            case NO, UNDECIDED -> Finding.last(ACCEPTED, stage, reply);
            case UNKNOWN -> secondOpinion.onAcceptance(reply, sender);
        };
    }

    /** The dialogue is over before its usual end. */
    private static final class Over extends Exception {

        @Serial
        private static final long serialVersionUID = 1L;

        private final transient Finding finding;

        Over(Finding finding) {
            super(finding.reason().name(), null, false, false);
            this.finding = finding;
        }
    }
}

package org.senderauth.callout.probe;

import static org.senderauth.callout.outcome.CalloutReason.ACCEPTED;
import static org.senderauth.callout.outcome.CalloutReason.ACCEPTS_ALL;
import static org.senderauth.callout.outcome.CalloutReason.BACKUP_MX;
import static org.senderauth.callout.outcome.CalloutReason.CANNOT_VERIFY;
import static org.senderauth.callout.outcome.CalloutReason.CONNECTION_LOST;
import static org.senderauth.callout.outcome.CalloutReason.LOOP;
import static org.senderauth.callout.outcome.CalloutReason.NULL_SENDER_REFUSED;
import static org.senderauth.callout.outcome.CalloutReason.POLICY_REFUSED;
import static org.senderauth.callout.outcome.CalloutReason.PROTOCOL_ERROR;
import static org.senderauth.callout.outcome.CalloutReason.SMTPUTF8_UNSUPPORTED;
import static org.senderauth.callout.outcome.CalloutReason.TIMEOUT;
import static org.senderauth.callout.outcome.CalloutReason.TLS_REQUIRED;
import static org.senderauth.callout.outcome.CalloutReason.UNREACHABLE;

import java.io.IOException;
import java.io.Serial;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.probe.ProbeSettings.Method;
import org.senderauth.callout.probe.ProbeSettings.Tls;
import org.senderauth.callout.probe.SmtpClientSession.Transaction;
import org.senderauth.callout.prober.HostLimiter;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.callout.reply.PostmasterCheck;
import org.senderauth.callout.reply.ReplyClassification;
import org.senderauth.callout.reply.ReplyClassification.Next;
import org.senderauth.callout.reply.ReplyClassifier;
import org.senderauth.callout.reply.ReplyStage;
import org.senderauth.callout.reply.ServerReply;
import org.senderauth.core.MailAddress;

/**
 * The SMTP session with one mail server: banner, EHLO, STARTTLS where required, then MAIL and RCPT for the address, and
 * where needed once more for a random local part or the postmaster. {@link #hold} ends with the verdict, {@link #end} sends
 * RSET and QUIT. Not thread-safe.
 */
final class ProbeSession {

    private final SmtpClientSession talk;
    private final ProbeSettings settings;
    private final ProbeRequest request;
    private final MxTargets.Target target;
    private final HostLimiter.Entered known;
    private final ProbeTimeouts timeouts;
    private final SmtpAddress envelope;
    private final CatchAllAndPostmasterCheck secondOpinion;

    private ProbeStage stage = ProbeStage.GREETING;
    private boolean needsTls;
    private boolean refusesNullSender;
    private boolean usesFallback;
    private @Nullable MailAddress fallback;

    ProbeSession(
            SmtpClientSession talk,
            ProbeSettings settings,
            ProbeRequest request,
            MxTargets.Target target,
            HostLimiter.Entered known) {
        this.talk = talk;
        this.settings = settings;
        this.request = request;
        this.target = target;
        this.known = known;
        this.timeouts = settings.timeouts();
        this.envelope = new SmtpAddress(request.address());
        this.secondOpinion = new CatchAllAndPostmasterCheck(talk, settings, request);
        this.needsTls = known.needsTls();
        this.refusesNullSender = known.refusesNullSender();
    }

    TriState catchAll() {
        return secondOpinion.catchAll();
    }

    TriState control() {
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

    /** The session until the verdict. */
    HostOutcome hold() {
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
        } catch (ProtocolViolationException violation) {
            talk.violated(violation);
            // A banner that is not SMTP is from a host that accepts no mail from us.
            return stage == ProbeStage.GREETING && !violation.isExcess()
                    ? HostOutcome.next(POLICY_REFUSED, stage, null)
                    : new HostOutcome(PROTOCOL_ERROR, stage, null, stage == ProbeStage.GREETING);
        } catch (SocketTimeoutException timeout) {
            talk.timedOut();
            return switch (stage) {
                case GREETING -> HostOutcome.next(UNREACHABLE, stage, null);
                case EHLO -> HostOutcome.next(TIMEOUT, stage, null);
                case TLS -> HostOutcome.next(TLS_REQUIRED, stage, null);
                default -> HostOutcome.last(TIMEOUT, stage, null);
            };
        } catch (IOException lost) {
            talk.lost(lost);
            return switch (stage) {
                case GREETING -> HostOutcome.next(UNREACHABLE, stage, null);
                case TLS -> HostOutcome.next(TLS_REQUIRED, stage, null);
                default -> HostOutcome.next(CONNECTION_LOST, stage, null);
            };
        }
    }

    /** {@return true if the session failed at a group of commands that the server offered to accept (RFC 2920)} */
    boolean failedAtGroup() {
        return talk.isGroupOpen();
    }

    /** Ends the session with RSET and QUIT. Errors have no effect. */
    void end() {
        talk.end(timeouts.quit());
    }

    private void greeting() throws IOException, Over {
        stage = ProbeStage.GREETING;
        ServerReply greeting = talk.greeting(timeouts.greeting());
        if (greeting.code() != 220) {
            throw new Over(
                    HostOutcome.next(classify(greeting, ReplyStage.BANNER, true).reason(), stage, greeting));
        }
        refuseLoop(greeting);
    }

    // Servers start the banner and the reply to EHLO with their name (RFC 5321 sections 4.2.1 and 4.1.1.1).
    private void refuseLoop(ServerReply reply) throws Over {
        String name = reply.lines().get(0).strip().split(" ", 2)[0];
        if (withoutRoot(name).equalsIgnoreCase(withoutRoot(settings.helo()))) {
            throw new Over(HostOutcome.last(LOOP, stage, reply));
        }
    }

    // A name may end in the dot of the DNS root.
    private static String withoutRoot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
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
        throw new Over(HostOutcome.next(classify(reply, ReplyStage.EHLO, true).reason(), stage, reply));
    }

    private void startTls() throws IOException, Over {
        stage = ProbeStage.TLS;
        if (!talk.extensions().startTls()) {
            throw new Over(HostOutcome.next(TLS_REQUIRED, stage, null));
        }
        talk.reset(timeouts.mail());
        ServerReply reply = talk.command("STARTTLS", timeouts.hello());
        if (reply.code() != 220) {
            throw new Over(HostOutcome.next(TLS_REQUIRED, stage, reply));
        }
        talk.startTls(target.host(), timeouts.tls());
        // The extensions offered in plain text are discarded (RFC 3207 section 4.2).
        hello();
    }

    // VRFY and its replies: RFC 5321 sections 3.5.3 and 7.3.
    private HostOutcome verify() throws IOException, Over {
        stage = ProbeStage.RCPT;
        requireSmtpUtf8(envelope.needsSmtpUtf8());
        ServerReply reply = talk.verify(envelope, timeouts.rcpt());
        ReplyClassification meaning = classify(reply, ReplyStage.RCPT, true);
        boolean clear =
                meaning.reason().verdict() != CalloutVerdict.UNDECIDED && meaning.next() != Next.POSTMASTER_CHECK;
        if (clear) {
            return HostOutcome.last(meaning.reason(), stage, reply);
        }
        if (settings.method() == Method.VRFY_FIRST) {
            return ask();
        }
        return reply.isTransient()
                ? new HostOutcome(meaning.reason(), stage, reply, meaning.next() == Next.NEXT_HOST)
                : HostOutcome.last(CANNOT_VERIFY, stage, reply);
    }

    private HostOutcome ask() throws IOException, Over {
        if (!talk.mayAskForAnother()) {
            return HostOutcome.last(PROTOCOL_ERROR, stage, null);
        }
        stage = ProbeStage.MAIL;
        boolean utf8 = envelope.needsSmtpUtf8();
        requireSmtpUtf8(utf8);
        MailAddress sender = sender();
        Transaction transaction = Transaction.of(sender, envelope.address(), utf8, SmtpClientSession.Kind.TARGET);
        ServerReply reply = talk.mail(transaction, timeouts);
        if (!reply.isPositive()) {
            return mailRefused(reply, sender);
        }
        stage = ProbeStage.RCPT;
        return rcptAnswered(talk.rcpt(transaction, timeouts), sender);
    }

    private HostOutcome askUnderTls() throws IOException, Over {
        needsTls = true;
        startTls();
        return ask();
    }

    private @Nullable MailAddress sender() {
        if (request.sender() != null) {
            return request.sender();
        }
        if (fallback == null && (refusesNullSender || usesFallback)) {
            fallback = settings.fallbackSender();
        }
        return fallback;
    }

    private void requireSmtpUtf8(boolean needed) throws Over {
        if (needed && !talk.extensions().smtpUtf8()) {
            throw new Over(HostOutcome.next(SMTPUTF8_UNSUPPORTED, stage, null));
        }
    }

    private HostOutcome mailRefused(ServerReply reply, @Nullable MailAddress sender) throws IOException, Over {
        ReplyClassification meaning = classify(reply, ReplyStage.MAIL, sender == null);
        if (meaning.next() == Next.START_TLS) {
            return tlsDemanded(reply);
        }
        if (meaning.next() == Next.LOCK_STEP && talk.goLockStep()) {
            return ask();
        }
        boolean aboutParameter = reply.code() == 555 || reply.code() == 504 || reply.code() == 501;
        if (envelope.needsSmtpUtf8() && aboutParameter) {
            return HostOutcome.next(SMTPUTF8_UNSUPPORTED, stage, reply);
        }
        if (meaning.reason() == NULL_SENDER_REFUSED) {
            refusesNullSender = true;
            return sender() == null ? HostOutcome.last(NULL_SENDER_REFUSED, stage, reply) : ask();
        }
        return finding(meaning, reply);
    }

    private HostOutcome tlsDemanded(ServerReply reply) throws IOException, Over {
        return talk.isEncrypted() ? HostOutcome.last(POLICY_REFUSED, stage, reply) : askUnderTls();
    }

    private HostOutcome rcptAnswered(ServerReply reply, @Nullable MailAddress sender) throws IOException, Over {
        ReplyClassification meaning = classify(reply, ReplyStage.RCPT, sender == null);
        switch (meaning.next()) {
            case START_TLS:
                return tlsDemanded(reply);
            case LOCK_STEP:
                return talk.goLockStep() ? ask() : finding(meaning, reply);
            case POSTMASTER_CHECK:
                PostmasterCheck postmaster = secondOpinion.checkPostmaster(sender);
                return finding(ReplyClassifier.classify(reply, ReplyStage.RCPT, postmaster, sender == null), reply);
            default:
                break;
        }
        if (meaning.reason() == NULL_SENDER_REFUSED && settings.fallbackSender() != null) {
            // One mailbox may reject what its server accepts for others: nothing is cached for the server.
            usesFallback = true;
            return ask();
        }
        return meaning.reason() == ACCEPTED ? accepted(reply, sender) : finding(meaning, reply);
    }

    private HostOutcome finding(ReplyClassification meaning, ServerReply reply) {
        return new HostOutcome(meaning.reason(), stage, reply, meaning.next() == Next.NEXT_HOST);
    }

    private static ReplyClassification classify(ServerReply reply, ReplyStage answered, boolean nullSender) {
        return ReplyClassifier.classify(reply, answered, PostmasterCheck.UNKNOWN, nullSender);
    }

    // A backup MX accepts all recipients while the primary is down, so a random local part would prove nothing.
    private HostOutcome accepted(ServerReply reply, @Nullable MailAddress sender) {
        if (target.backup()) {
            return HostOutcome.last(BACKUP_MX, stage, reply);
        }
        return switch (request.catchAll()) {
            case YES -> HostOutcome.last(ACCEPTS_ALL, stage, reply);
            case NO, UNDECIDED -> HostOutcome.last(ACCEPTED, stage, reply);
            case UNKNOWN -> secondOpinion.onAcceptance(reply, sender);
        };
    }

    /** The session ended early. */
    private static final class Over extends Exception {

        @Serial
        private static final long serialVersionUID = 1L;

        private final transient HostOutcome finding;

        Over(HostOutcome finding) {
            super(finding.reason().name(), null, false, false);
            this.finding = finding;
        }
    }
}

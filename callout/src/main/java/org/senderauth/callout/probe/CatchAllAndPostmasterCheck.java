package org.senderauth.callout.probe;

import static org.senderauth.callout.outcome.CalloutReason.ACCEPTED;
import static org.senderauth.callout.outcome.CalloutReason.ACCEPTS_ALL;

import java.io.IOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.ProbeReport.TriState;
import org.senderauth.callout.outcome.ProbeStage;
import org.senderauth.callout.probe.SmtpClientSession.Kind;
import org.senderauth.callout.probe.SmtpClientSession.Transaction;
import org.senderauth.callout.prober.ProbeRequest;
import org.senderauth.callout.reply.PostmasterCheck;
import org.senderauth.callout.reply.ServerReply;
import org.senderauth.core.MailAddress;

/**
 * The check of a reply by a second recipient of the domain: a random local part detects catch-all domains, and the
 * postmaster is one vote on a general rejection. An error of the second transaction does not change the reply. Not
 * thread-safe.
 */
final class CatchAllAndPostmasterCheck {

    private final SmtpClientSession talk;
    private final ProbeSettings settings;
    private final ProbeRequest request;
    private final SmtpAddress envelope;
    private TriState catchAll = TriState.UNKNOWN;
    private TriState control = TriState.UNKNOWN;

    CatchAllAndPostmasterCheck(SmtpClientSession talk, ProbeSettings settings, ProbeRequest request) {
        this.talk = talk;
        this.settings = settings;
        this.request = request;
        this.envelope = new SmtpAddress(request.address());
    }

    /** {@return whether the domain accepts random local parts, if that was checked} */
    TriState catchAll() {
        return catchAll;
    }

    /** {@return whether the server accepts its postmaster, if that was checked} */
    TriState control() {
        return control;
    }

    HostOutcome onAcceptance(ServerReply accepted, @Nullable MailAddress sender) {
        if (!settings.catchAllCheck()) {
            return HostOutcome.last(ACCEPTED, ProbeStage.RCPT, accepted);
        }
        String invented = settings.randomRecipient(envelope.domain()).toString();
        ServerReply reply = ask(invented, sender, Kind.RANDOM);
        catchAll = known(reply);
        return catchAll == TriState.YES
                ? HostOutcome.last(ACCEPTS_ALL, ProbeStage.RANDOM, reply)
                : HostOutcome.last(ACCEPTED, ProbeStage.RCPT, accepted);
    }

    /**
     * The postmaster check (RFC 5321 section 4.5.1), always in the session of the reply that it is about: an earlier result
     * does not determine this reply.
     */
    PostmasterCheck checkPostmaster(@Nullable MailAddress sender) {
        if (request.address().localPart().equalsIgnoreCase("postmaster")) {
            return PostmasterCheck.REJECTED;
        }
        control = known(ask("postmaster@" + envelope.domain(), sender, Kind.CONTROL));
        return switch (control) {
            case YES -> PostmasterCheck.ACCEPTED;
            case NO -> PostmasterCheck.REJECTED;
            case UNDECIDED, UNKNOWN -> PostmasterCheck.UNDECIDED;
        };
    }

    private static TriState known(@Nullable ServerReply reply) {
        if (reply == null || reply.mixedClasses()) {
            return TriState.UNDECIDED;
        }
        return reply.isPositive() ? TriState.YES : reply.isPermanent() ? TriState.NO : TriState.UNDECIDED;
    }

    // Null without a reply (nothing else may be sent then), or if the session has its maximum number of recipients.
    private @Nullable ServerReply ask(String recipient, @Nullable MailAddress sender, Kind kind) {
        if (!talk.mayAskForAnother()) {
            return null;
        }
        try {
            Transaction transaction = Transaction.of(sender, recipient, false, kind);
            ProbeTimeouts timeouts = settings.timeouts();
            return talk.mail(transaction, timeouts).isPositive() ? talk.rcpt(transaction, timeouts) : null;
        } catch (ProtocolViolationException violation) {
            talk.violated(violation);
        } catch (SocketTimeoutException timeout) {
            talk.timedOut();
        } catch (IOException lost) {
            talk.lost(lost);
        }
        return null;
    }
}

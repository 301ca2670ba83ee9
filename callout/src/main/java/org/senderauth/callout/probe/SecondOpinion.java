package org.senderauth.callout.probe;

import static org.senderauth.callout.CalloutReason.ACCEPTED;
import static org.senderauth.callout.CalloutReason.ACCEPTS_ANYTHING;
import static org.senderauth.callout.CalloutReason.NO_SUCH_MAILBOX;
import static org.senderauth.callout.CalloutReason.POLICY_REFUSED;
import static org.senderauth.callout.CalloutReason.TEMPFAIL;

import java.io.IOException;
import java.net.SocketTimeoutException;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.CalloutReason;
import org.senderauth.callout.probe.Conversation.Kind;
import org.senderauth.callout.probe.Conversation.Transaction;
import org.senderauth.callout.probe.ProbeRequest.Known;
import org.senderauth.core.MailAddress;

/**
 * What the answer for an address is worth, learnt from that for another one of its domain: an invented one tells
 * whether an acceptance means anything, the postmaster whether a refusal means the mailbox or us. The answer for the
 * address stands, whatever becomes of the second transaction. Not thread-safe.
 */
final class SecondOpinion {

    private final Conversation talk;
    private final ProbeSettings settings;
    private final ProbeRequest request;
    private final Envelope envelope;
    private Known catchAll = Known.UNKNOWN;
    private Known control = Known.UNKNOWN;

    SecondOpinion(Conversation talk, ProbeSettings settings, ProbeRequest request) {
        this.talk = talk;
        this.settings = settings;
        this.request = request;
        this.envelope = new Envelope(request.address());
    }

    /** Whether the domain takes mail for invented addresses, if that was asked here. */
    Known catchAll() {
        return catchAll;
    }

    /** Whether the domain takes mail for its postmaster, if that was asked here. */
    Known control() {
        return control;
    }

    Finding onAcceptance(ServerReply accepted, @Nullable MailAddress sender) {
        String invented = settings.randomRecipient(envelope.domain()).toString();
        ServerReply reply = ask(invented, sender, Kind.RANDOM);
        catchAll = known(reply);
        return catchAll == Known.YES
                ? Finding.last(ACCEPTS_ANYTHING, ProbeStage.RANDOM, reply)
                : Finding.last(ACCEPTED, ProbeStage.RCPT, accepted);
    }

    // The refusal says neither "no such mailbox" nor "not from you". A server must take mail for its postmaster (RFC
    // 5321 section 4.5.1): if it does so from us, it meant the mailbox.
    Finding onRefusal(ServerReply refused, @Nullable MailAddress sender) {
        Known answer = request.control();
        if (request.address().localPart().equalsIgnoreCase("postmaster")) {
            answer = Known.NO;
        } else if (answer == Known.UNKNOWN) {
            control = known(ask("postmaster@" + envelope.domain(), sender, Kind.CONTROL));
            answer = control;
        }
        CalloutReason reason = switch (answer) {
            case YES -> NO_SUCH_MAILBOX;
            case NO -> POLICY_REFUSED;
            case UNDECIDED, UNKNOWN -> TEMPFAIL;
        };
        return Finding.last(reason, ProbeStage.RCPT, refused);
    }

    private static Known known(@Nullable ServerReply reply) {
        if (reply == null) {
            return Known.UNDECIDED;
        }
        return reply.isPositive() ? Known.YES : reply.isPermanent() ? Known.NO : Known.UNDECIDED;
    }

    // Null if it had no answer (nothing else may be sent then), or if the server has heard all recipients it may be
    // asked for.
    private @Nullable ServerReply ask(String recipient, @Nullable MailAddress sender, Kind kind) {
        if (!talk.mayAskForAnother()) {
            return null;
        }
        try {
            Transaction transaction = Transaction.of(sender, recipient, false, kind);
            ProbeTimeouts timeouts = settings.timeouts();
            return talk.mail(transaction, timeouts).isPositive() ? talk.rcpt(transaction, timeouts) : null;
        } catch (ProtocolViolation violation) {
            talk.violated(violation);
        } catch (SocketTimeoutException timeout) {
            talk.timedOut();
        } catch (IOException lost) {
            talk.lost(lost);
        }
        return null;
    }
}

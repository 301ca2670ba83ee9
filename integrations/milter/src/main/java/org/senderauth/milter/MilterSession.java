package org.senderauth.milter;

import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.senderauth.dns.IpAddresses;
import org.senderauth.milter.MilterAnswer.Simple;
import org.senderauth.milter.MilterCommand.Abort;
import org.senderauth.milter.MilterCommand.Body;
import org.senderauth.milter.MilterCommand.Connect;
import org.senderauth.milter.MilterCommand.Data;
import org.senderauth.milter.MilterCommand.EndOfHeaders;
import org.senderauth.milter.MilterCommand.EndOfMessage;
import org.senderauth.milter.MilterCommand.Header;
import org.senderauth.milter.MilterCommand.Helo;
import org.senderauth.milter.MilterCommand.Macros;
import org.senderauth.milter.MilterCommand.Mail;
import org.senderauth.milter.MilterCommand.Malformed;
import org.senderauth.milter.MilterCommand.Negotiate;
import org.senderauth.milter.MilterCommand.Quit;
import org.senderauth.milter.MilterCommand.QuitNewConnection;
import org.senderauth.milter.MilterCommand.Rcpt;
import org.senderauth.milter.MilterCommand.Unknown;

/**
 * One connection of an MTA as a state machine without I/O: a command goes in, the answers to it come out. A command that
 * is not allowed in a state ends the session. Used by one thread at a time.
 */
public final class MilterSession {

    /** The highest version of the protocol that is spoken; 5 was never released. */
    public static final int VERSION = 6;

    private static final int LOWEST_VERSION = 2;

    /** The state of the SMTP session. */
    private enum State {
        /** The initial state. */
        NEW,
        /** Agreed; no client yet. */
        READY,
        /** A client is connected, and no message is open. */
        CONNECTED,
        /** MAIL, and perhaps recipients. */
        ENVELOPE,
        /** Header fields. */
        HEADERS,
        /** After the header. */
        BODY,
        /** Over. */
        ENDED
    }

    private static final Set<State> MESSAGE = EnumSet.of(State.ENVELOPE, State.HEADERS, State.BODY);

    private final MilterHandler handler;
    private final GuardedMilterObserver observer;
    private final MilterNeeds needs;
    private final MilterMacros macros = new MilterMacros();

    private State state = State.NEW;
    private boolean broken;
    private int options;
    private Set<MilterAction> allowed = Set.of();
    private MilterClient client = new MilterClient("", Optional.empty(), 0, "");
    private @Nullable OpenMessage open;

    /**
     * A session that waits for the MTA's offer.
     *
     * @param handler decides
     * @param observer is notified of failures
     */
    public MilterSession(MilterHandler handler, MilterObserver observer) {
        this.handler = handler;
        this.observer = new GuardedMilterObserver(observer);
        this.needs = handler.needs();
    }

    /**
     * Tests whether the session is over, so that the connection is closed.
     *
     * @return true after QUIT, or a command that is not allowed
     */
    public boolean isEnded() {
        return state == State.ENDED;
    }

    /**
     * Tests whether the MTA broke the protocol.
     *
     * @return true if the session ended for that reason
     */
    public boolean isBroken() {
        return broken;
    }

    /**
     * Tests whether a message is open, which ends before a stop.
     *
     * @return true between MAIL and the end of the message
     */
    public boolean isInMessage() {
        return MESSAGE.contains(state);
    }

    /**
     * Tests whether a progress packet may be sent before the answer to a command. Postfix allows that at any time, others at the
     * end of the message only.
     *
     * @param command the command that is being answered
     * @return true if {@link Simple#PROGRESS} may be sent
     */
    public boolean allowsProgress(MilterCommand command) {
        if (command instanceof EndOfMessage) {
            return MESSAGE.contains(state);
        }
        boolean waits = command instanceof Connect
                || command instanceof Helo
                || command instanceof Mail
                || command instanceof Rcpt;
        return waits
                && macros.value("v")
                        .filter(version -> version.startsWith("Postfix"))
                        .isPresent();
    }

    /**
     * Answers a command.
     *
     * @param command the command
     * @return the answers in order: none, one, or changes and a verdict
     */
    public List<MilterAnswer> answer(MilterCommand command) {
        if (state == State.ENDED) {
            return List.of();
        } else if (command instanceof Malformed malformed) {
            return breaks(malformed.problem());
        } else if (command instanceof Quit) {
            endMessage();
            state = State.ENDED;
            return List.of();
        } else if (command instanceof Negotiate offer) {
            return negotiate(offer);
        } else if (state == State.NEW) {
            return breaks("a command before the offer");
        } else if (command instanceof Macros given) {
            macros.set(given);
            return List.of();
        } else if (command instanceof Abort) {
            endMessage();
            return List.of();
        } else if (command instanceof QuitNewConnection) {
            endMessage();
            macros.endConnection();
            state = State.READY;
            return List.of();
        } else if (command instanceof Unknown) {
            return reply(MilterOption.NO_REPLY_UNKNOWN, MilterVerdict.CONTINUE);
        } else if (command instanceof Connect connect) {
            return state == State.READY ? connect(connect) : breaks("a second CONNECT");
        } else if (state == State.READY) {
            return breaks("a command before CONNECT");
        } else if (command instanceof Helo helo) {
            // Sendmail aborts an open message before, Postfix after it.
            endMessage();
            client = client.withHelo(WireText.decode(helo.name()));
            return reply(MilterOption.NO_REPLY_HELO, observer.verdict(() -> handler.helo(client)));
        } else if (command instanceof Mail mail) {
            return mail(mail);
        }
        OpenMessage message = open;
        return message == null ? breaks("a command of a message before MAIL") : inMessage(command, message);
    }

    private List<MilterAnswer> negotiate(Negotiate offer) {
        if (state != State.NEW) {
            return breaks("a second offer");
        }
        if (Integer.compareUnsigned(offer.version(), LOWEST_VERSION) < 0) {
            return breaks("a version below " + LOWEST_VERSION);
        }
        int version = Integer.compareUnsigned(offer.version(), VERSION) < 0 ? offer.version() : VERSION;
        MilterAnswer.Negotiated agreed = needs.answer(offer, version);
        options = agreed.options();
        allowed = MilterAction.of(agreed.actions());
        state = State.READY;
        return List.of(agreed);
    }

    private List<MilterAnswer> connect(Connect connect) {
        String text = connect.address();
        boolean tagged = text.regionMatches(true, 0, "IPv6:", 0, 5);
        Optional<InetAddress> address = connect.family() == '4' || connect.family() == '6'
                ? IpAddresses.parse(tagged ? text.substring(5) : text)
                : Optional.empty();
        client = new MilterClient(WireText.decode(connect.host()), address, connect.port(), "");
        state = State.CONNECTED;
        return reply(MilterOption.NO_REPLY_CONNECT, observer.verdict(() -> handler.connected(client)));
    }

    private List<MilterAnswer> mail(Mail mail) {
        // Sendmail does not say that the message before has ended. The macros for MAIL have come already.
        dropMessage();
        macros.endEnvelope();
        MilterPath sender = MilterPath.of(mail.path(), mail.arguments());
        OpenMessage message = new OpenMessage(
                new MilterMessage(client, sender, macros, allowed, needs.contentBytes()),
                needs,
                observer,
                MilterOption.LEADING_SPACE.in(options));
        open = message;
        state = State.ENVELOPE;
        MilterVerdict verdict = message.sender(handler);
        if (!verdict.delivers() && verdict.answer() != Simple.DISCARD) {
            endMessage();
        }
        return reply(MilterOption.NO_REPLY_MAIL, verdict);
    }

    private List<MilterAnswer> inMessage(MilterCommand command, OpenMessage message) {
        if (command instanceof Rcpt rcpt) {
            return state == State.ENVELOPE ? recipient(rcpt, message) : breaks("a recipient after the header began");
        } else if (command instanceof Data) {
            return reply(MilterOption.NO_REPLY_DATA, MilterVerdict.CONTINUE);
        } else if (command instanceof Header header) {
            if (state == State.BODY) {
                return breaks("a header field after the header ended");
            }
            state = State.HEADERS;
            message.header(header);
            return reply(MilterOption.NO_REPLY_HEADER, MilterVerdict.CONTINUE);
        } else if (command instanceof EndOfHeaders) {
            state = State.BODY;
            message.endOfHeaders();
            return reply(MilterOption.NO_REPLY_END_OF_HEADERS, MilterVerdict.CONTINUE);
        } else if (command instanceof Body body) {
            state = State.BODY;
            message.body(body.octets());
            return body(message);
        } else if (command instanceof EndOfMessage end) {
            message.body(end.octets());
            List<MilterAnswer> answers = message.end(allowed, observer::leftOut);
            endMessage();
            return answers;
        }
        return breaks("a command that has no place in a message");
    }

    private List<MilterAnswer> recipient(Rcpt rcpt, OpenMessage message) {
        MilterPath recipient = MilterPath.of(rcpt.path(), rcpt.arguments());
        boolean rejected =
                macros.ofRecipient("rcpt_mailer").filter("error"::equals).isPresent();
        MilterVerdict verdict = message.recipient(recipient, rejected);
        macros.endRecipient();
        return reply(MilterOption.NO_REPLY_RCPT, verdict);
    }

    private List<MilterAnswer> body(OpenMessage message) {
        boolean enough = !message.needsMore();
        if (MilterOption.NO_REPLY_BODY.in(options)) {
            return List.of();
        }
        return List.of(enough && MilterOption.SKIP.in(options) ? Simple.SKIP : Simple.CONTINUE);
    }

    private List<MilterAnswer> reply(MilterOption unanswered, MilterVerdict verdict) {
        return unanswered.in(options) ? List.of() : List.of(verdict.answer());
    }

    private void dropMessage() {
        OpenMessage message = open;
        open = null;
        if (message != null) {
            message.ended();
        }
        if (MESSAGE.contains(state)) {
            state = State.CONNECTED;
        }
    }

    private void endMessage() {
        dropMessage();
        macros.endMessage();
    }

    private List<MilterAnswer> breaks(String problem) {
        observer.broken(problem);
        dropMessage();
        broken = true;
        state = State.ENDED;
        return List.of();
    }
}

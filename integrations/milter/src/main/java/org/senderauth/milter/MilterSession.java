package org.senderauth.milter;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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
    private final MilterObserver observer;
    private final MilterNeeds needs;
    private final MilterMacros macros = new MilterMacros();

    private State state = State.NEW;
    private boolean broken;
    private int options;
    private Set<MilterAction> allowed = Set.of();
    private MilterClient client = new MilterClient("", Optional.empty(), 0, "");
    private @Nullable Open open;

    /** The open message. */
    private static final class Open {

        private final MilterMessage message;
        private final Map<String, Integer> counts = new HashMap<>();
        private MilterHandler.ForMessage decides = new MilterHandler.ForMessage() {};
        // The verdict on the whole message, if it was given before its end.
        private @Nullable MilterVerdict settled;
        private @Nullable Boolean needsContent;
        private @Nullable Boolean needsBody;

        private Open(MilterMessage message) {
            this.message = message;
        }
    }

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
            return reply(MilterOption.NO_REPLY_HELO, ask(() -> handler.helo(client)));
        } else if (command instanceof Mail mail) {
            return mail(mail);
        }
        Open message = open;
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
        return reply(MilterOption.NO_REPLY_CONNECT, ask(() -> handler.connected(client)));
    }

    private List<MilterAnswer> mail(Mail mail) {
        // Sendmail does not say that the message before has ended. The macros for MAIL have come already.
        dropMessage();
        macros.endEnvelope();
        MilterPath sender = MilterPath.of(mail.path(), mail.arguments());
        Open message = new Open(new MilterMessage(client, sender, macros, allowed, needs.contentBytes()));
        open = message;
        state = State.ENVELOPE;
        MilterVerdict verdict = ask(() -> {
            message.decides = handler.message(message.message);
            return message.decides.sender();
        });
        settle(message, verdict);
        if (!verdict.delivers() && !isDiscard(verdict)) {
            endMessage();
        }
        return reply(MilterOption.NO_REPLY_MAIL, verdict);
    }

    private List<MilterAnswer> inMessage(MilterCommand command, Open message) {
        if (command instanceof Rcpt rcpt) {
            return state == State.ENVELOPE ? recipient(rcpt, message) : breaks("a recipient after the header began");
        } else if (command instanceof Data) {
            return reply(MilterOption.NO_REPLY_DATA, MilterVerdict.CONTINUE);
        } else if (command instanceof Header header) {
            if (state == State.BODY) {
                return breaks("a header field after the header ended");
            }
            state = State.HEADERS;
            return reply(MilterOption.NO_REPLY_HEADER, header(header, message));
        } else if (command instanceof EndOfHeaders) {
            state = State.BODY;
            content(message, "\r\n");
            return reply(MilterOption.NO_REPLY_END_OF_HEADERS, MilterVerdict.CONTINUE);
        } else if (command instanceof Body body) {
            state = State.BODY;
            return body(body, message);
        } else if (command instanceof EndOfMessage end) {
            return endOfMessage(end, message);
        }
        return breaks("a command that has no place in a message");
    }

    private List<MilterAnswer> recipient(Rcpt rcpt, Open message) {
        MilterPath recipient = MilterPath.of(rcpt.path(), rcpt.arguments());
        boolean rejected =
                macros.ofRecipient("rcpt_mailer").filter("error"::equals).isPresent();
        MilterVerdict verdict = message.settled != null
                ? message.settled
                : ask(() -> {
                    if (rejected) {
                        message.decides.rejected(recipient);
                        return MilterVerdict.CONTINUE;
                    }
                    return message.decides.recipient(recipient);
                });
        macros.endRecipient();
        if (verdict.delivers() && !rejected) {
            message.message.addRecipient(recipient);
        }
        settle(message, verdict);
        return reply(MilterOption.NO_REPLY_RCPT, verdict);
    }

    private MilterVerdict header(Header header, Open message) {
        boolean spaced = MilterOption.LEADING_SPACE.in(options);
        content(message, header.name() + (spaced ? ":" : ": ") + folded(header.value()) + "\r\n");
        String name = header.name().toLowerCase(Locale.ROOT);
        if (!needs.headers().contains(name) || message.settled != null) {
            return MilterVerdict.CONTINUE;
        }
        String value = spaced && header.value().startsWith(" ") ? header.value().substring(1) : header.value();
        int index = message.counts.merge(name, 1, Integer::sum);
        run(message, () -> message.decides.header(new MilterHeader(header.name(), WireText.decode(value), index)));
        return MilterVerdict.CONTINUE;
    }

    // MTAs send the folds of a field with LF alone.
    private static String folded(String value) {
        return value.indexOf('\n') < 0 ? value : value.replace("\r\n", "\n").replace("\n", "\r\n");
    }

    private List<MilterAnswer> body(Body body, Open message) {
        body(message, body.octets());
        boolean enough = !needsBody(message) && (!needsContent(message) || message.message.isContentComplete());
        if (MilterOption.NO_REPLY_BODY.in(options)) {
            return List.of();
        }
        return List.of(enough && MilterOption.SKIP.in(options) ? Simple.SKIP : Simple.CONTINUE);
    }

    private void content(Open message, String octets) {
        if (needs.contentBytes() > 0 && message.settled == null && needsContent(message)) {
            message.message.addContent(octets);
        }
    }

    // Before it is kept: at the first piece the content is the header.
    private void body(Open message, String octets) {
        if (!octets.isEmpty() && message.settled == null && needsBody(message)) {
            run(message, () -> message.decides.body(octets.getBytes(StandardCharsets.ISO_8859_1)));
        }
        content(message, octets);
    }

    private boolean needsBody(Open message) {
        Boolean needed = message.needsBody;
        if (needed == null) {
            boolean[] answer = {false};
            run(message, () -> answer[0] = message.decides.needsBody());
            needed = answer[0] && needs.contentBytes() > 0;
            message.needsBody = needed;
        }
        return needed;
    }

    private boolean needsContent(Open message) {
        Boolean needed = message.needsContent;
        if (needed == null) {
            boolean[] answer = {true};
            run(message, () -> answer[0] = message.decides.needsContent());
            needed = answer[0];
            message.needsContent = needed;
        }
        return needed;
    }

    private List<MilterAnswer> endOfMessage(EndOfMessage end, Open message) {
        body(message, end.octets());
        MilterChanges changes = new MilterChanges();
        MilterVerdict verdict = message.settled != null ? message.settled : ask(() -> message.decides.end(changes));
        List<MilterAnswer> answers = new ArrayList<>();
        if (verdict.delivers()) {
            boolean spaced = MilterOption.LEADING_SPACE.in(options);
            answers.addAll(changes.inOrder(allowed, spaced, observer::leftOut));
        }
        answers.add(verdict.answer());
        endMessage();
        return answers;
    }

    private static void settle(Open message, MilterVerdict verdict) {
        if (verdict.answer() == Simple.ACCEPT || isDiscard(verdict)) {
            message.settled = verdict;
        }
    }

    private static boolean isDiscard(MilterVerdict verdict) {
        return verdict.answer() == Simple.DISCARD;
    }

    private MilterVerdict ask(Supplier<MilterVerdict> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            observer.failed(e);
            return MilterVerdict.TEMPFAIL;
        }
    }

    // Where there may be no answer, a failure becomes the answer at the end of the message.
    private void run(Open message, Runnable work) {
        MilterVerdict verdict = ask(() -> {
            work.run();
            return MilterVerdict.CONTINUE;
        });
        if (!verdict.delivers()) {
            message.settled = verdict;
        }
    }

    private List<MilterAnswer> reply(MilterOption unanswered, MilterVerdict verdict) {
        return unanswered.in(options) ? List.of() : List.of(verdict.answer());
    }

    private void dropMessage() {
        open = null;
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
        open = null;
        broken = true;
        state = State.ENDED;
        return List.of();
    }
}

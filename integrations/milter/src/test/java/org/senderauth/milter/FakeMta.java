package org.senderauth.milter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.senderauth.milter.MilterCommand.Body;
import org.senderauth.milter.MilterCommand.Connect;
import org.senderauth.milter.MilterCommand.Data;
import org.senderauth.milter.MilterCommand.EndOfHeaders;
import org.senderauth.milter.MilterCommand.EndOfMessage;
import org.senderauth.milter.MilterCommand.Header;
import org.senderauth.milter.MilterCommand.Helo;
import org.senderauth.milter.MilterCommand.Macro;
import org.senderauth.milter.MilterCommand.Macros;
import org.senderauth.milter.MilterCommand.Mail;
import org.senderauth.milter.MilterCommand.Negotiate;
import org.senderauth.milter.MilterCommand.Rcpt;

/** Says to a session what an MTA says; every command and answer goes through its packet. */
final class FakeMta {

    static final Negotiate OFFER = new Negotiate(6, 0x1ff, 0x1fffff);

    private final MilterSession session;

    FakeMta(MilterHandler handler, MilterObserver observer) {
        this.session = new MilterSession(handler, observer);
    }

    FakeMta(MilterHandler handler) {
        this(handler, MilterObserver.NONE);
    }

    MilterSession session() {
        return session;
    }

    List<MilterAnswer> say(MilterCommand command) {
        List<MilterAnswer> answers = new ArrayList<>();
        for (MilterAnswer answer : session.answer(CommandCodec.parse(payload(CommandCodec.encode(command))))) {
            MilterAnswer read = AnswerCodec.parse(payload(AnswerCodec.encode(answer)));
            if (read instanceof MilterAnswer.Malformed malformed) {
                throw new AssertionError(malformed.problem());
            }
            answers.add(read);
        }
        return answers;
    }

    /** As many commands as there are; the answers to the last. */
    List<MilterAnswer> say(MilterCommand first, MilterCommand... more) {
        List<MilterAnswer> answers = say(first);
        for (MilterCommand command : more) {
            answers = say(command);
        }
        return answers;
    }

    FakeMta connected(String client) {
        say(OFFER, new Connect("[" + client + "]", '4', 2525, client), new Helo("client.example.com"));
        return this;
    }

    List<MilterAnswer> mail(String path, String... arguments) {
        return say(new Mail(path, Arrays.asList(arguments)));
    }

    List<MilterAnswer> rcpt(String path, String... arguments) {
        return say(new Rcpt(path, Arrays.asList(arguments)));
    }

    void macro(char stage, String name, String value) {
        say(new Macros(stage, List.of(new Macro(name, value))));
    }

    /** The rest of a message after its recipients; the answers at its end. */
    List<MilterAnswer> content(String body, Header... headers) {
        say(new Data());
        for (Header header : headers) {
            say(header);
        }
        return say(new EndOfHeaders(), new Body(body), new EndOfMessage(""));
    }

    private static byte[] payload(byte[] packet) {
        return Arrays.copyOfRange(packet, 4, packet.length);
    }
}

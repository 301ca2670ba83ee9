package org.senderauth.milter;

import java.util.ArrayList;
import java.util.List;
import org.senderauth.core.SmtpReply;
import org.senderauth.milter.MilterAnswer.AddHeader;
import org.senderauth.milter.MilterAnswer.AddRecipient;
import org.senderauth.milter.MilterAnswer.AddRecipientWithArguments;
import org.senderauth.milter.MilterAnswer.ChangeHeader;
import org.senderauth.milter.MilterAnswer.ChangeSender;
import org.senderauth.milter.MilterAnswer.DeleteRecipient;
import org.senderauth.milter.MilterAnswer.InsertHeader;
import org.senderauth.milter.MilterAnswer.MacroRequest;
import org.senderauth.milter.MilterAnswer.Malformed;
import org.senderauth.milter.MilterAnswer.Negotiated;
import org.senderauth.milter.MilterAnswer.Quarantine;
import org.senderauth.milter.MilterAnswer.ReplaceBody;
import org.senderauth.milter.MilterAnswer.Reply;
import org.senderauth.milter.MilterAnswer.Simple;

/** Answers to packets and back. Stateless and thread-safe; any packet is parsed, none throws. */
public final class AnswerCodec {

    private static final int MAX_STAGES = 16;

    private AnswerCodec() {}

    /**
     * Writes an answer.
     *
     * @param answer the answer
     * @return the packet with its length
     * @throws IllegalArgumentException if a text has a NUL or a char above U+00FF, or the answer is {@link Malformed}
     */
    public static byte[] encode(MilterAnswer answer) {
        if (answer instanceof Simple simple) {
            return new PacketWriter(simple.code()).packet();
        } else if (answer instanceof Negotiated agreed) {
            PacketWriter out = new PacketWriter('O')
                    .number(agreed.version())
                    .number(agreed.actions())
                    .number(agreed.options());
            agreed.macros().forEach(wanted -> out.number(wanted.stage()).text(wanted.names()));
            return out.packet();
        } else if (answer instanceof Reply reply) {
            return new PacketWriter('y').text(text(reply)).packet();
        } else if (answer instanceof AddHeader add) {
            return new PacketWriter('h').text(add.name()).text(add.value()).packet();
        } else if (answer instanceof InsertHeader insert) {
            return header('i', insert.index(), insert.name(), insert.value());
        } else if (answer instanceof ChangeHeader change) {
            return header('m', change.index(), change.name(), change.value());
        } else if (answer instanceof ReplaceBody body) {
            return new PacketWriter('b').octets(body.octets()).packet();
        } else if (answer instanceof AddRecipient add) {
            return new PacketWriter('+').text(add.path()).packet();
        } else if (answer instanceof AddRecipientWithArguments add) {
            return new PacketWriter('2').text(add.path()).text(add.arguments()).packet();
        } else if (answer instanceof DeleteRecipient delete) {
            return new PacketWriter('-').text(delete.path()).packet();
        } else if (answer instanceof ChangeSender change) {
            PacketWriter out = new PacketWriter('e').text(change.path());
            return (change.arguments().isEmpty() ? out : out.text(change.arguments())).packet();
        } else if (answer instanceof Quarantine quarantine) {
            return new PacketWriter('q').text(quarantine.reason()).packet();
        }
        throw new IllegalArgumentException("this is not an answer that can be written");
    }

    private static byte[] header(char code, int index, String name, String value) {
        return new PacketWriter(code).number(index).text(name).text(value).packet();
    }

    // MTAs take the text for a format: a single % is dropped by Postfix, and Sendmail drops the whole text with it.
    private static String text(Reply reply) {
        StringBuilder text = new StringBuilder();
        List<SmtpReply> lines = reply.lines();
        for (int i = 0; i < lines.size(); i++) {
            boolean last = i == lines.size() - 1;
            SmtpReply line = lines.get(i);
            text.append(line.code())
                    .append(last ? ' ' : '-')
                    .append(line.enhancedCode())
                    .append(' ')
                    .append(line.text().replace("%", "%%"))
                    .append(last ? "" : "\r\n");
        }
        return text.toString();
    }

    /**
     * Parses an answer, for programs that are the MTA.
     *
     * @param packet its code and payload, without its length
     * @return the answer, or {@link Malformed}
     */
    public static MilterAnswer parse(byte[] packet) {
        try {
            PacketReader in = new PacketReader(packet);
            MilterAnswer answer = read(in);
            in.end();
            return answer;
        } catch (MalformedPacketException | IllegalArgumentException e) {
            return new Malformed(String.valueOf(e.getMessage()));
        }
    }

    private static MilterAnswer read(PacketReader in) throws MalformedPacketException {
        for (Simple simple : Simple.values()) {
            if (simple.code() == in.code()) {
                return simple;
            }
        }
        return switch (in.code()) {
            case 'O' -> negotiated(in);
            case 'y' -> reply(in.text());
            case 'h' -> new AddHeader(in.text(), in.text());
            case 'i' -> new InsertHeader(in.number(), in.text(), in.text());
            case 'm' -> new ChangeHeader(in.number(), in.text(), in.text());
            case 'b' -> new ReplaceBody(in.rest());
            case '+' -> new AddRecipient(in.text());
            case '2' -> new AddRecipientWithArguments(in.text(), in.more() ? in.text() : "");
            case '-' -> new DeleteRecipient(in.text());
            case 'e' -> new ChangeSender(in.text(), in.more() ? in.text() : "");
            case 'q' -> new Quarantine(in.text());
            default -> throw new MalformedPacketException("an unknown code");
        };
    }

    private static Negotiated negotiated(PacketReader in) throws MalformedPacketException {
        int version = in.number();
        int actions = in.number();
        int options = in.number();
        List<MacroRequest> macros = new ArrayList<>();
        while (in.more()) {
            if (macros.size() == MAX_STAGES) {
                throw new MalformedPacketException("more than " + MAX_STAGES + " stages");
            }
            macros.add(new MacroRequest(in.number(), in.text()));
        }
        return new Negotiated(version, actions, options, macros);
    }

    private static Reply reply(String text) throws MalformedPacketException {
        String[] lines = text.split("\r\n", -1);
        List<SmtpReply> replies = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            replies.add(line(lines[i], i == lines.length - 1));
        }
        return new Reply(replies);
    }

    private static SmtpReply line(String line, boolean last) throws MalformedPacketException {
        if (line.length() < 4 || line.charAt(3) != (last ? ' ' : '-') || !line.matches("[45][0-9]{2}[ -][^ ]+ .*")) {
            throw new MalformedPacketException("a line of the reply has no codes");
        }
        int space = line.indexOf(' ', 4);
        return new SmtpReply(
                Integer.parseInt(line.substring(0, 3)),
                line.substring(4, space),
                line.substring(space + 1).replace("%%", "%"));
    }
}

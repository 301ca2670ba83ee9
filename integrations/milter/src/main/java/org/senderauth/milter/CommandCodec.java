package org.senderauth.milter;

import java.util.ArrayList;
import java.util.List;
import org.senderauth.milter.MilterCommand.Abort;
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
import org.senderauth.milter.MilterCommand.Malformed;
import org.senderauth.milter.MilterCommand.Negotiate;
import org.senderauth.milter.MilterCommand.Quit;
import org.senderauth.milter.MilterCommand.QuitNewConnection;
import org.senderauth.milter.MilterCommand.Rcpt;
import org.senderauth.milter.MilterCommand.Unknown;

/** Packets of the MTA to commands and back. Stateless and thread-safe; any packet is parsed, none throws. */
public final class CommandCodec {

    /** Most octets of a packet after its length: far above a header of 100 KiB, the most that Postfix keeps. */
    public static final int MAX_PACKET_OCTETS = 1024 * 1024;

    /** Most macros of a packet; MTAs send about ten. */
    public static final int MAX_MACROS = 1000;

    private static final int MAX_ARGUMENTS = 100;

    private CommandCodec() {}

    /**
     * Parses a packet.
     *
     * @param packet its code and payload, without its length
     * @return the command, or {@link Malformed}
     */
    public static MilterCommand parse(byte[] packet) {
        try {
            PacketReader in = new PacketReader(packet);
            MilterCommand command = read(in);
            in.end();
            return command;
        } catch (MalformedPacketException e) {
            return new Malformed(String.valueOf(e.getMessage()));
        }
    }

    private static MilterCommand read(PacketReader in) throws MalformedPacketException {
        return switch (in.code()) {
            case 'O' -> negotiate(in);
            case 'D' -> new Macros(in.octet(), macros(in.texts(2 * MAX_MACROS)));
            case 'C' -> connect(in);
            case 'H' -> new Helo(in.text());
            case 'M' -> new Mail(in.text(), in.texts(MAX_ARGUMENTS));
            case 'R' -> new Rcpt(in.text(), in.texts(MAX_ARGUMENTS));
            case 'T' -> new Data();
            case 'L' -> new Header(in.text(), in.text());
            case 'N' -> new EndOfHeaders();
            case 'B' -> new Body(in.rest());
            case 'E' -> new EndOfMessage(in.rest());
            case 'U' -> new Unknown(in.text());
            case 'A' -> new Abort();
            case 'Q' -> new Quit();
            case 'K' -> new QuitNewConnection();
            default -> throw new MalformedPacketException("an unknown code");
        };
    }

    private static Negotiate negotiate(PacketReader in) throws MalformedPacketException {
        Negotiate offer = new Negotiate(in.number(), in.number(), in.number());
        // A later version may say more here, as ours does in the answer.
        in.rest();
        return offer;
    }

    private static Connect connect(PacketReader in) throws MalformedPacketException {
        String host = in.text();
        char family = in.octet();
        return switch (family) {
            case 'U' -> new Connect(host, family, 0, "");
            case '4', '6', 'L' -> new Connect(host, family, in.port(), in.text());
            default -> throw new MalformedPacketException("an unknown address family");
        };
    }

    private static List<Macro> macros(List<String> texts) {
        List<Macro> macros = new ArrayList<>();
        for (int i = 0; i < texts.size(); i += 2) {
            macros.add(new Macro(texts.get(i), i + 1 < texts.size() ? texts.get(i + 1) : ""));
        }
        return macros;
    }

    /**
     * Writes a command, for programs that are the MTA.
     *
     * @param command the command
     * @return the packet with its length
     * @throws IllegalArgumentException if a text has a NUL or a char above U+00FF, or the command is {@link Malformed}
     */
    public static byte[] encode(MilterCommand command) {
        if (command instanceof Negotiate offer) {
            return new PacketWriter('O')
                    .number(offer.version())
                    .number(offer.actions())
                    .number(offer.options())
                    .packet();
        } else if (command instanceof Macros macros) {
            PacketWriter out = new PacketWriter('D').octet(macros.stage());
            macros.macros().forEach(macro -> out.text(macro.name()).text(macro.value()));
            return out.packet();
        } else if (command instanceof Connect connect) {
            PacketWriter out = new PacketWriter('C').text(connect.host()).octet(connect.family());
            return connect.family() == 'U'
                    ? out.packet()
                    : out.port(connect.port()).text(connect.address()).packet();
        } else if (command instanceof Helo helo) {
            return new PacketWriter('H').text(helo.name()).packet();
        } else if (command instanceof Mail mail) {
            return path('M', mail.path(), mail.arguments());
        } else if (command instanceof Rcpt rcpt) {
            return path('R', rcpt.path(), rcpt.arguments());
        } else if (command instanceof Header header) {
            return new PacketWriter('L')
                    .text(header.name())
                    .text(header.value())
                    .packet();
        } else if (command instanceof Body body) {
            return new PacketWriter('B').octets(body.octets()).packet();
        } else if (command instanceof EndOfMessage end) {
            return new PacketWriter('E').octets(end.octets()).packet();
        } else if (command instanceof Unknown unknown) {
            return new PacketWriter('U').text(unknown.line()).packet();
        }
        return new PacketWriter(bareCode(command)).packet();
    }

    private static char bareCode(MilterCommand command) {
        if (command instanceof Data) {
            return 'T';
        } else if (command instanceof EndOfHeaders) {
            return 'N';
        } else if (command instanceof Abort) {
            return 'A';
        } else if (command instanceof Quit) {
            return 'Q';
        } else if (command instanceof QuitNewConnection) {
            return 'K';
        }
        throw new IllegalArgumentException("this is not a command that can be written");
    }

    private static byte[] path(char code, String path, List<String> arguments) {
        PacketWriter out = new PacketWriter(code).text(path);
        arguments.forEach(out::text);
        return out.packet();
    }
}

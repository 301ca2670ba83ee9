package org.senderauth.postfix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Socketmap lookups of Postfix and Sendmail, in netstrings ({@code 22:sign alice@example.org,}); and also
 * them, on the same socket, the one-line dialect for Exim's {@code readsocket}: a line {@code sign alice@example.org}
 * is answered with the same words, without a netstring and without a newline, and the connection is closed, since
 * {@code readsocket} reads to the end. The first octet tells them apart: a netstring starts with a digit, and the name of
 * a map does not.
 */
public final class SocketmapProtocol implements Protocol<SocketmapProtocol.Lookup> {

    /** The maximum size of a lookup in bytes (socketmap_table(5)). */
    public static final int MAX_LOOKUP_OCTETS = 10_000;

    /** The maximum size of a reply in bytes (socketmap_table(5)). */
    public static final int MAX_REPLY_OCTETS = 100_000;

    private static final int MAX_LENGTH_DIGITS = 5;

    private final Map<String, Function<String, MapReply>> maps;

    /**
     * The protocol for maps.
     *
     * @param maps each by its name, which starts with a letter; they are called on many threads at once, and an exception
     *     closes the connection without a reply
     * @throws IllegalArgumentException if a name starts with anything else, or holds a space
     */
    public SocketmapProtocol(Map<String, Function<String, MapReply>> maps) {
        this.maps = Map.copyOf(maps);
        for (String name : maps.keySet()) {
            if (!name.matches("[A-Za-z][!-~]*")) {
                throw new IllegalArgumentException("the name of a map starts with a letter and has no space: " + name);
            }
        }
    }

    /**
     * One lookup.
     *
     * @param map the map's name
     * @param key the key; null if it is not UTF-8, and then no map has it
     * @param line whether it came as a line and not as a netstring
     */
    public record Lookup(String map, @Nullable String key, boolean line) {}

    @Override
    public Lookup read(RequestInput in) throws IOException, MalformedRequestException {
        boolean line = !isDigit(in.peek());
        byte[] text = line ? readLine(in) : readNetstring(in);
        int space = 0;
        while (space < text.length && text[space] != ' ') {
            space++;
        }
        if (space == text.length) {
            throw new MalformedRequestException("a lookup is a map's name, a space and a key");
        }
        String map = new String(text, 0, space, StandardCharsets.UTF_8);
        return new Lookup(map, key(ByteBuffer.wrap(text, space + 1, text.length - space - 1)), line);
    }

    // Octets that are replaced would come back as another address, and the MTA would send from that.
    private static @Nullable String key(ByteBuffer octets) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(octets).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static byte[] readLine(RequestInput in) throws IOException, MalformedRequestException {
        byte[] line = in.line(MAX_LOOKUP_OCTETS);
        boolean ended = line.length > 0 && line[line.length - 1] == '\r';
        return ended ? Arrays.copyOf(line, line.length - 1) : line;
    }

    // netstring = 1*DIGIT ":" octets ","
    private static byte[] readNetstring(RequestInput in) throws IOException, MalformedRequestException {
        int length = 0;
        int digits = 0;
        int octet = in.read();
        for (; isDigit(octet); octet = in.read()) {
            if (++digits > MAX_LENGTH_DIGITS) {
                throw new MalformedRequestException("the length of the netstring has too many digits");
            }
            length = length * 10 + octet - '0';
        }
        if (octet != ':' || length > MAX_LOOKUP_OCTETS) {
            throw new MalformedRequestException("this is no netstring of at most " + MAX_LOOKUP_OCTETS + " octets");
        }
        byte[] text = in.read(length);
        if (in.read() != ',') {
            throw new MalformedRequestException("the netstring does not end with a comma");
        }
        return text;
    }

    private static boolean isDigit(int octet) {
        return octet >= '0' && octet <= '9';
    }

    private MapReply lookUp(Lookup lookup) {
        Function<String, MapReply> map = maps.get(lookup.map());
        if (map == null) {
            return new MapReply.Perm("there is no such map here");
        }
        String key = lookup.key();
        return key == null ? MapReply.NOT_FOUND : map.apply(key);
    }

    @Override
    public Reply answer(Lookup lookup) {
        byte[] text = lookUp(lookup).text().getBytes(StandardCharsets.UTF_8);
        if (text.length > MAX_REPLY_OCTETS) {
            throw new IllegalStateException("a map gave a value of more than " + MAX_REPLY_OCTETS + " octets");
        }
        if (lookup.line()) {
            return new Reply(text, false);
        }
        byte[] head = (text.length + ":").getBytes(StandardCharsets.US_ASCII);
        byte[] netstring = new byte[head.length + text.length + 1];
        System.arraycopy(head, 0, netstring, 0, head.length);
        System.arraycopy(text, 0, netstring, head.length, text.length);
        netstring[netstring.length - 1] = ',';
        return new Reply(netstring, true);
    }
}

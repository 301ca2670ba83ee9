package org.senderauth.postfix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;

/**
 * Socketmap look-ups as Postfix and Sendmail make them, in netstrings ({@code 22:sign alice@example.org,}); and beside
 * them, on the same socket, the one-line dialect for Exim's {@code readsocket}: a line {@code sign alice@example.org}
 * is answered with the same words, without a netstring and without a newline, and the connection is closed, since
 * {@code readsocket} reads to the end. The first octet tells them apart: a netstring starts with a digit, and the name of
 * a map does not.
 */
public final class SocketmapProtocol implements Protocol<SocketmapProtocol.Lookup> {

    /** Most octets of a look-up (socketmap_table(5)). */
    public static final int MAX_LOOKUP_OCTETS = 10_000;

    /** Most octets of a reply (socketmap_table(5)). */
    public static final int MAX_REPLY_OCTETS = 100_000;

    private static final int MAX_LENGTH_DIGITS = 5;

    private final Map<String, Function<String, MapReply>> maps;

    /**
     * The protocol in front of maps.
     *
     * @param maps each by its name, which starts with a letter; they are asked on many threads at once, and an exception
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
     * One look-up.
     *
     * @param map the map's name
     * @param key the key
     * @param line whether it came as a line and not as a netstring
     */
    public record Lookup(String map, String key, boolean line) {}

    @Override
    public Lookup read(RequestInput in) throws IOException, BrokenRequestException {
        boolean line = !isDigit(in.peek());
        String text = line ? readLine(in) : readNetstring(in);
        int space = text.indexOf(' ');
        if (space < 0) {
            throw new BrokenRequestException("a look-up is a map's name, a space and a key");
        }
        return new Lookup(text.substring(0, space), text.substring(space + 1), line);
    }

    private static String readLine(RequestInput in) throws IOException, BrokenRequestException {
        String line = new String(in.line(MAX_LOOKUP_OCTETS), StandardCharsets.UTF_8);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }

    // netstring = 1*DIGIT ":" octets ","
    private static String readNetstring(RequestInput in) throws IOException, BrokenRequestException {
        int length = 0;
        int digits = 0;
        int octet = in.read();
        for (; isDigit(octet); octet = in.read()) {
            if (++digits > MAX_LENGTH_DIGITS) {
                throw new BrokenRequestException("the length of the netstring has too many digits");
            }
            length = length * 10 + octet - '0';
        }
        if (octet != ':' || length > MAX_LOOKUP_OCTETS) {
            throw new BrokenRequestException("this is no netstring of at most " + MAX_LOOKUP_OCTETS + " octets");
        }
        byte[] text = in.read(length);
        if (in.read() != ',') {
            throw new BrokenRequestException("the netstring does not end with a comma");
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    private static boolean isDigit(int octet) {
        return octet >= '0' && octet <= '9';
    }

    @Override
    public Reply answer(Lookup lookup) {
        Function<String, MapReply> map = maps.get(lookup.map());
        MapReply reply = map == null ? new MapReply.Wrong("there is no such map here") : map.apply(lookup.key());
        byte[] text = reply.text().getBytes(StandardCharsets.UTF_8);
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

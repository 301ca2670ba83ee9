package org.senderauth.milter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the fields of a packet's payload; throws {@link MalformedPacketException} for one that is absent. */
final class PacketReader {

    private final String octets;
    private int at = 1;

    /** A reader of a packet without its length. */
    PacketReader(byte[] packet) throws MalformedPacketException {
        if (packet.length == 0) {
            throw new MalformedPacketException("a packet without a code");
        }
        this.octets = new String(packet, StandardCharsets.ISO_8859_1);
    }

    char code() {
        return octets.charAt(0);
    }

    boolean more() {
        return at < octets.length();
    }

    char octet() throws MalformedPacketException {
        if (!more()) {
            throw new MalformedPacketException("the packet ends too early");
        }
        return octets.charAt(at++);
    }

    int port() throws MalformedPacketException {
        return octet() << 8 | octet();
    }

    int number() throws MalformedPacketException {
        return port() << 16 | port();
    }

    String text() throws MalformedPacketException {
        int end = octets.indexOf('\0', at);
        if (end < 0) {
            throw new MalformedPacketException("a text without its NUL");
        }
        String text = octets.substring(at, end);
        at = end + 1;
        return text;
    }

    /** The texts to the end of the packet, of which at most so many may be. */
    List<String> texts(int limit) throws MalformedPacketException {
        List<String> texts = new ArrayList<>();
        while (more()) {
            if (texts.size() == limit) {
                throw new MalformedPacketException("more than " + limit + " texts");
            }
            texts.add(text());
        }
        return texts;
    }

    String rest() {
        String rest = octets.substring(at);
        at = octets.length();
        return rest;
    }

    void end() throws MalformedPacketException {
        if (more()) {
            throw new MalformedPacketException("the packet is longer than its command");
        }
    }
}

package org.senderauth.milter;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Builds one packet: length, code, payload. */
final class PacketWriter {

    private static final int LENGTH_OCTETS = 4;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    PacketWriter(char code) {
        number(0);
        out.write(code);
    }

    PacketWriter number(int value) {
        out.write(value >>> 24);
        out.write(value >>> 16);
        out.write(value >>> 8);
        out.write(value);
        return this;
    }

    PacketWriter port(int value) {
        out.write(value >>> 8);
        out.write(value);
        return this;
    }

    PacketWriter octet(char value) {
        out.write(value);
        return this;
    }

    PacketWriter octets(String octets) {
        if (octets.chars().anyMatch(c -> c > 0xff)) {
            throw new IllegalArgumentException("the texts of a packet are octets, one in each char");
        }
        out.writeBytes(octets.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** A text and its NUL. */
    PacketWriter text(String octets) {
        if (octets.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a text of a packet ends at its NUL and has no other");
        }
        return octets(octets).octet('\0');
    }

    byte[] packet() {
        byte[] packet = out.toByteArray();
        int length = packet.length - LENGTH_OCTETS;
        for (int i = 0; i < LENGTH_OCTETS; i++) {
            packet[i] = (byte) (length >>> 8 * (LENGTH_OCTETS - 1 - i));
        }
        return packet;
    }
}

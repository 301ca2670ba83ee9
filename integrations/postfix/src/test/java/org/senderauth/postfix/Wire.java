package org.senderauth.postfix;

import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;

/** Octets as a peer sends them, without a socket. */
final class Wire {

    private Wire() {}

    static RequestInput of(String octets) {
        return of(octets.getBytes(StandardCharsets.UTF_8));
    }

    static RequestInput of(byte[] octets) {
        return new RequestInput(Channels.newChannel(new ByteArrayInputStream(octets)));
    }

    static String text(Protocol.Reply reply) {
        return new String(reply.octets(), StandardCharsets.UTF_8);
    }
}

package org.senderauth.postfix;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.Map;

/** Requests of the policy and the socketmap protocol, as a stream of several. */
public final class RequestFuzz {

    private RequestFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        readAll(new PolicyProtocol(request -> null), data);
        readAll(new SocketmapProtocol(Map.of()), data);
    }

    private static void readAll(Protocol<?> protocol, byte[] data) {
        RequestInput in = new RequestInput(Channels.newChannel(new ByteArrayInputStream(data)));
        try {
            while (in.peek() >= 0) {
                protocol.read(in);
            }
        } catch (MalformedRequestException | IOException expected) {
            // the connection is closed
        }
    }
}

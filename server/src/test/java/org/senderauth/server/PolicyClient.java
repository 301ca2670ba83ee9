package org.senderauth.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One policy request on a connection of its own. */
final class PolicyClient {

    private PolicyClient() {}

    /** The line that answers a request with these attributes added to the usual ones. */
    static String ask(SocketAddress server, String... attributes) throws IOException {
        String request = "request=smtpd_access_policy\nprotocol_state=RCPT\nclient_address=198.51.100.1\n"
                + "helo_name=client.example.com\n" + String.join("\n", attributes) + "\n\n";
        try (SocketChannel channel = SocketChannel.open(server)) {
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            ByteBuffer reply = ByteBuffer.allocate(4096);
            while (channel.read(reply) >= 0) {
                // to the end, which follows since no more is asked
            }
            return new String(reply.array(), 0, reply.position(), StandardCharsets.UTF_8).strip();
        }
    }
}

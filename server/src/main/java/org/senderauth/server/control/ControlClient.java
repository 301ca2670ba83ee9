package org.senderauth.server.control;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.senderauth.core.SafeText;
import org.senderauth.server.history.JsonText;

/** Queries a running service over its control socket. Immutable and thread-safe. */
public final class ControlClient {

    /** The socket of the Debian package. */
    public static final String DEFAULT_SOCKET = "/run/senderauth/control";

    private final Path socket;

    /**
     * Creates a client.
     *
     * @param socket the control socket of the service
     */
    public ControlClient(Path socket) {
        this.socket = socket;
    }

    /**
     * Sends a request.
     *
     * @param request the request
     * @param out takes the lines of the reply
     * @throws ControlException if the service rejects the request, or cannot answer it now
     * @throws IOException if the service cannot be reached, or ends before its reply; the message names the socket
     */
    public void ask(Map<String, String> request, ControlProtocol.Lines out) throws IOException {
        try (SocketChannel channel = connect();
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8))) {
            String line = JsonText.object(json -> {
                for (Map.Entry<String, String> field : request.entrySet()) {
                    json.writeStringField(field.getKey(), field.getValue());
                }
            });
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            for (String reply = lines.readLine(); reply != null; reply = lines.readLine()) {
                if (isEnd(reply)) {
                    return;
                }
                out.add(reply);
            }
        }
        throw new IOException(socket + ": the service closed the connection before its reply");
    }

    private static boolean isEnd(String line) throws ControlException {
        Map<String, String> fields = line.startsWith("{\"" + ControlProtocol.END + "\":") ? JsonText.flat(line) : null;
        if (fields == null) {
            return false;
        }
        String error = fields.get(ControlProtocol.ERROR);
        if (error != null) {
            String text = SafeText.of(error);
            throw ControlProtocol.UNAVAILABLE.equals(fields.get(ControlProtocol.END))
                    ? ControlException.temporary(text)
                    : new ControlException(text);
        }
        return true;
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException | IllegalArgumentException e) {
            channel.close();
            String why = Files.exists(socket)
                    ? String.valueOf(e.getMessage())
                    : "no service listens there (\"control:\" under \"listen:\" in its configuration)";
            throw new IOException(socket + ": " + SafeText.of(why), e);
        }
    }
}

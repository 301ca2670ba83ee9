package org.senderauth.server.control;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.senderauth.core.SafeText;
import org.senderauth.postfix.MalformedRequestException;
import org.senderauth.postfix.Protocol;
import org.senderauth.postfix.RequestInput;
import org.senderauth.server.history.JsonText;

/**
 * The protocol of the control socket. A request is one line, an object of JSON with texts, such as {@code
 * {"command":"why","id":"4kx8q2m7v9z"}}. The reply is any number of lines with objects, and one that ends it: {@code
 * {"end":"ok"}} or {@code {"end":"error","error":"..."}}, or
 * {@code {"end":"unavailable","error":"..."}} if the request is valid but cannot be answered now.
 */
public final class ControlProtocol implements Protocol<Map<String, String>> {

    /** The maximum size of a request in bytes. */
    static final int MAX_REQUEST = 16 << 10;

    static final String END = "end";
    static final String ERROR = "error";
    static final String UNAVAILABLE = "unavailable";
    private static final int FLUSH_BYTES = 32 << 10;

    private final Handler handler;

    /** Answers requests, on several threads at once. */
    @FunctionalInterface
    public interface Handler {

        /**
         * Answers one request.
         *
         * @param request the request
         * @param out takes the lines of the reply, each an object of JSON
         * @throws ControlException if the request is invalid
         * @throws IOException if the reply cannot be made or sent
         */
        void answer(Map<String, String> request, Lines out) throws IOException;
    }

    /** Receives the lines of a reply. */
    @FunctionalInterface
    public interface Lines {

        /**
         * Receives one.
         *
         * @param line an object of JSON
         * @throws IOException if it cannot be sent
         */
        void add(String line) throws IOException;
    }

    /**
     * Creates the protocol for a handler.
     *
     * @param handler answers requests
     */
    public ControlProtocol(Handler handler) {
        this.handler = handler;
    }

    @Override
    public Map<String, String> read(RequestInput in) throws IOException, MalformedRequestException {
        String line = new String(in.line(MAX_REQUEST), StandardCharsets.UTF_8);
        Map<String, String> request = JsonText.flat(line);
        if (request == null) {
            throw new MalformedRequestException("a request must be an object of JSON with texts");
        }
        return request;
    }

    @Override
    public Reply answer(Map<String, String> request) {
        try {
            return answer(request, octets -> {
                throw new IOException("the reply is too long");
            });
        } catch (IOException e) {
            return new Reply(error(ERROR, String.valueOf(e.getMessage())), true);
        }
    }

    @Override
    public Reply answer(Map<String, String> request, Interim interim) throws IOException {
        ByteArrayOutputStream waiting = new ByteArrayOutputStream();
        try {
            handler.answer(request, line -> {
                waiting.writeBytes(line.getBytes(StandardCharsets.UTF_8));
                waiting.write('\n');
                if (waiting.size() >= FLUSH_BYTES) {
                    interim.write(waiting.toByteArray());
                    waiting.reset();
                }
            });
            waiting.writeBytes((JsonText.object(json -> json.writeStringField(END, "ok")) + "\n")
                    .getBytes(StandardCharsets.UTF_8));
        } catch (ControlException e) {
            waiting.writeBytes(error(e.isTemporary() ? UNAVAILABLE : ERROR, String.valueOf(e.getMessage())));
        }
        return new Reply(waiting.toByteArray(), true);
    }

    private static byte[] error(String end, String message) {
        String line = JsonText.object(json -> {
            json.writeStringField(END, end);
            json.writeStringField(ERROR, SafeText.of(message));
        });
        return (line + "\n").getBytes(StandardCharsets.UTF_8);
    }
}

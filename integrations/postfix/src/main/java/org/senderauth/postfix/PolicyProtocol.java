package org.senderauth.postfix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Postfix's policy delegation: {@code name=value} lines and an empty line ask, {@code action=...} and an empty line
 * answer. Attributes may come in any order; of one that comes twice the first counts.
 */
public final class PolicyProtocol implements Protocol<PolicyRequest> {

    /** The maximum size of a request in bytes. Postfix sends one to two thousand. */
    public static final int MAX_REQUEST_OCTETS = 64 * 1024;

    /** The maximum number of attributes of a request. Postfix 3.11 sends about forty. */
    public static final int MAX_ATTRIBUTES = 200;

    private static final String REQUEST_TYPE = "smtpd_access_policy";

    private static final String MESSAGE = "instance";

    /** The attributes that tell a message from others, as {@link PolicyService} does. */
    private static final List<String> MESSAGE_ATTRIBUTES = List.of(MESSAGE, "client_address", "helo_name", "sender");

    /** The maximum size of these attributes that a connection keeps between requests; larger ones never end. */
    private static final int MAX_KEPT = 1024;

    private final Function<PolicyRequest, PolicyAction> handler;
    private final Consumer<PolicyRequest> ended;

    /**
     * The protocol for a handler that does not use the end of messages.
     *
     * @param handler answers requests, on many threads at once; an exception closes the connection without a reply
     */
    public PolicyProtocol(Function<PolicyRequest, PolicyAction> handler) {
        this(handler, former -> {});
    }

    /**
     * The protocol for a handler. Each process of Postfix has a connection of its own and one message after the other, so
     * a request about another message shows that the former has ended. The names of messages begin with the process: where
     * a connection has those of several processes, or returns to a message that it has left, none ends any more.
     *
     * @param handler answers requests, on many threads at once; an exception closes the connection without a reply
     * @param ended takes, with the attributes {@code instance}, {@code client_address}, {@code helo_name} and {@code
     *     sender}, a message about which no more requests come; must not throw. Not called for the last message of a
     *     connection, nor if these attributes are longer than 1,024 characters
     */
    public PolicyProtocol(Function<PolicyRequest, PolicyAction> handler, Consumer<PolicyRequest> ended) {
        this.handler = Objects.requireNonNull(handler, "handler");
        this.ended = Objects.requireNonNull(ended, "ended");
    }

    @Override
    public Protocol<PolicyRequest> connected() {
        return new Connected();
    }

    /** The messages of one connection. */
    private final class Connected implements Protocol<PolicyRequest> {

        private @Nullable PolicyRequest message;
        private String left = "";
        private boolean mixed;

        @Override
        public PolicyRequest read(RequestInput in) throws IOException, MalformedRequestException {
            return PolicyProtocol.this.read(in);
        }

        @Override
        public Reply answer(PolicyRequest request) {
            String name = request.get(MESSAGE);
            if (!name.isEmpty() && !mixed) {
                follow(request, name);
            }
            return PolicyProtocol.this.answer(request);
        }

        private void follow(PolicyRequest request, String name) {
            PolicyRequest former = message;
            String process = process(name);
            if (left.equals(name)
                    || process.isEmpty()
                    || former != null && !process(former.get(MESSAGE)).equals(process)) {
                mixed = true;
                message = null;
                left = "";
                return;
            }
            if (former != null && !former.get(MESSAGE).equals(name)) {
                left = former.get(MESSAGE);
                ended.accept(former);
            }
            message = kept(request);
        }

        // As in 7355.6b03f2fb.1c98e.0: process, seconds, microseconds, number. Empty for the names of other software.
        private static String process(String name) {
            return name.substring(0, Math.max(0, name.indexOf('.')));
        }

        private static @Nullable PolicyRequest kept(PolicyRequest request) {
            Map<String, String> attributes = new HashMap<>();
            int size = 0;
            for (String attribute : MESSAGE_ATTRIBUTES) {
                attributes.put(attribute, request.get(attribute));
                size += request.get(attribute).length();
            }
            return size > MAX_KEPT ? null : new PolicyRequest(attributes);
        }
    }

    @Override
    public PolicyRequest read(RequestInput in) throws IOException, MalformedRequestException {
        Map<String, String> attributes = new HashMap<>();
        int left = MAX_REQUEST_OCTETS;
        for (byte[] line = in.line(left); line.length > 0; line = in.line(left)) {
            left -= line.length;
            String text = new String(line, StandardCharsets.UTF_8);
            int equals = text.indexOf('=');
            if (equals < 1 || text.indexOf('\0') >= 0) {
                throw new MalformedRequestException("a line is no attribute");
            }
            attributes.putIfAbsent(text.substring(0, equals), text.substring(equals + 1));
            if (attributes.size() > MAX_ATTRIBUTES) {
                throw new MalformedRequestException("there are more than " + MAX_ATTRIBUTES + " attributes");
            }
        }
        if (!REQUEST_TYPE.equals(attributes.get("request"))) {
            throw new MalformedRequestException("this is no request=" + REQUEST_TYPE);
        }
        return new PolicyRequest(attributes);
    }

    @Override
    public Reply answer(PolicyRequest request) {
        String reply = "action=" + handler.apply(request).text() + "\n\n";
        return new Reply(reply.getBytes(StandardCharsets.UTF_8), true);
    }
}

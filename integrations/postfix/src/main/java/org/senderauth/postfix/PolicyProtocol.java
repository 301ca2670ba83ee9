package org.senderauth.postfix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

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

    private final Function<PolicyRequest, PolicyAction> handler;

    /**
     * The protocol for a handler.
     *
     * @param handler answers requests, on many threads at once; an exception closes the connection without a reply
     */
    public PolicyProtocol(Function<PolicyRequest, PolicyAction> handler) {
        this.handler = handler;
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

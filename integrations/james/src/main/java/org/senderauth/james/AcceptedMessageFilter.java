package org.senderauth.james;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.LineHandler;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.DataLineFilter;
import org.jspecify.annotations.Nullable;
import org.senderauth.policy.Decision;
import org.senderauth.policy.SenderPolicy;

/**
 * Puts the headers of the decision on top of a message as it comes in, {@code Authentication-Results} (RFC 8601) and
 * {@code Received-SPF} (RFC 7208 section 9.1), and tells the policy that it was accepted.
 *
 * <p>List it behind {@code ReceivedDataLineFilter} and before the handler that takes the message; a filter behind another
 * one writes above it. James adds its own handlers behind the configured ones: there the headers stand right below the
 * {@code Received} of the same host. Thread-safe.
 */
public final class AcceptedMessageFilter implements DataLineFilter {

    private static final AttachmentKey<Boolean> BEGUN =
            AttachmentKey.of("org.senderauth.james.MESSAGE_BEGUN", Boolean.class);

    private final SenderPolicy policy;

    /**
     * A filter.
     *
     * @param policy the policy that the {@link SenderPolicyHook} before it asks
     */
    public AcceptedMessageFilter(SenderPolicy policy) {
        this.policy = policy;
    }

    @Override
    public @Nullable Response onLine(SMTPSession session, byte[] line, LineHandler<SMTPSession> next) {
        if (session.setAttachment(BEGUN, true, State.Transaction).isEmpty()) {
            accepted(session);
            List<String> headers = session.getAttachment(SenderPolicyHook.DECISION, State.Transaction)
                    .map(Decision::headers)
                    .orElse(List.of());
            for (String header : headers) {
                Response response = next.onLine(session, (header + "\r\n").getBytes(StandardCharsets.UTF_8));
                if (response != null) {
                    return response;
                }
            }
        }
        return next.onLine(session, line);
    }

    private void accepted(SMTPSession session) {
        MaybeSender sender =
                session.getAttachment(SMTPSession.SENDER, State.Transaction).orElse(MaybeSender.nullSender());
        List<MailAddress> recipients =
                session.getAttachment(SMTPSession.RCPT_LIST, State.Transaction).orElse(List.of());
        // A message to several has no one recipient, and is no bounce then.
        String recipient = recipients.size() == 1 ? SignedRecipients.asSaid(session, recipients.get(0)) : null;
        PolicyQuestion.about(session, sender, recipient).ifPresent(policy::accepted);
    }
}

package org.senderauth.james;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.LineHandler;
import org.apache.james.protocols.smtp.MailEnvelope;
import org.apache.james.protocols.smtp.MailEnvelopeImpl;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.DataCmdHandler;
import org.apache.james.protocols.smtp.core.DataLineFilter;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.MessageHook;
import org.jspecify.annotations.Nullable;
import org.senderauth.policy.Decision;
import org.senderauth.policy.ReceivedMessage;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.Transaction;

/**
 * A filter that prepends the header fields of the decision to a message, {@code Authentication-Results} (RFC 8601) and
 * {@code Received-SPF} (RFC 7208 section 9.1), and reports to the policy that it was accepted. At the end of the message it
 * decides by the content, and by our DKIM2 signature over a returned message, where the decision {@linkplain
 * Decision#awaitsContent awaits it}: the message is rejected if each
 * recipient is, else those are dropped, since the sender of a bounce is null.
 *
 * <p>List it after {@code ReceivedDataLineFilter} and before the handlers that store the message; a later filter writes
 * above an earlier one. James adds its own handlers after the configured ones: there the fields are directly below the
 * {@code Received} of the same host. Thread-safe.
 */
public final class AcceptedMessageFilter implements DataLineFilter, MessageHook {

    private static final AttachmentKey<Boolean> BEGUN =
            AttachmentKey.of("org.senderauth.james.MESSAGE_BEGUN", Boolean.class);
    private static final AttachmentKey<KeptContent> CONTENT =
            AttachmentKey.of("org.senderauth.james.CONTENT", KeptContent.class);
    private static final AttachmentKey<HookResult> REJECTION =
            AttachmentKey.of("org.senderauth.james.REJECTION", HookResult.class);

    private final SenderPolicy policy;

    /**
     * Creates a filter.
     *
     * @param policy the policy of the {@link SenderPolicyHook} before it
     */
    public AcceptedMessageFilter(SenderPolicy policy) {
        this.policy = Objects.requireNonNull(policy, "policy");
    }

    @Override
    public @Nullable Response onLine(SMTPSession session, byte[] line, LineHandler<SMTPSession> next) {
        if (session.setAttachment(BEGUN, true, State.Transaction).isEmpty()) {
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
        if (isEnd(line)) {
            session.setAttachment(REJECTION, TransactionMapper.guarded(() -> ended(session)), State.Transaction);
        } else if (!PendingRecipients.of(session).isEmpty()) {
            addContent(session, line);
        }
        return next.onLine(session, line);
    }

    /** Rejects the message that {@link #onLine} found to be rejected; James discards what it has stored of it. */
    @Override
    public HookResult onMessage(SMTPSession session, MailEnvelope envelope) {
        return session.getAttachment(REJECTION, State.Transaction).orElse(HookResult.DECLINED);
    }

    // As James itself finds the end (RFC 5321 section 4.5.2).
    private static boolean isEnd(byte[] line) {
        return line.length == 3 && line[0] == '.';
    }

    private static void addContent(SMTPSession session, byte[] line) {
        session.getAttachment(CONTENT, State.Transaction)
                .orElseGet(() -> {
                    KeptContent added = new KeptContent();
                    session.setAttachment(CONTENT, added, State.Transaction);
                    return added;
                })
                .addLine(line);
    }

    private HookResult ended(SMTPSession session) {
        HookResult result = end(session);
        about(session, null).ifPresent(policy::ended);
        return result;
    }

    private HookResult end(SMTPSession session) {
        List<MailAddress> recipients =
                session.getAttachment(SMTPSession.RCPT_LIST, State.Transaction).orElse(List.of());
        Map<MailAddress, Decision> rejected = byContent(session, recipients);
        Optional<Decision> deferral = rejected.values().stream()
                .filter(decision -> decision.action() == Decision.Action.DEFER)
                .findFirst();
        if (deferral.isPresent()) {
            return TransactionMapper.reply(deferral.get());
        }
        if (!rejected.isEmpty() && rejected.keySet().containsAll(recipients)) {
            return TransactionMapper.reply(rejected.values().iterator().next());
        }
        List<MailAddress> remaining = new ArrayList<>(recipients);
        if (remaining.removeAll(rejected.keySet())) {
            deliverTo(remaining, session);
        }
        accepted(session, remaining);
        return HookResult.DECLINED;
    }

    // James takes the recipients from the session, James Protocols from the envelope.
    private static void deliverTo(List<MailAddress> recipients, SMTPSession session) {
        session.setAttachment(SMTPSession.RCPT_LIST, recipients, State.Transaction);
        session.getAttachment(DataCmdHandler.MAILENV, State.Transaction)
                .filter(MailEnvelopeImpl.class::isInstance)
                .map(MailEnvelopeImpl.class::cast)
                .ifPresent(envelope -> envelope.setRecipients(recipients));
    }

    private Map<MailAddress, Decision> byContent(SMTPSession session, List<MailAddress> recipients) {
        Map<MailAddress, Decision> rejected = new LinkedHashMap<>();
        ReceivedMessage content = session.getAttachment(CONTENT, State.Transaction)
                .map(KeptContent::message)
                .orElseGet(() -> ReceivedMessage.whole(new byte[0]));
        PendingRecipients.of(session).forEach((recipient, transaction) -> {
            // A later hook may have rejected the recipient at RCPT.
            if (recipients.contains(recipient)) {
                Decision decision = policy.decide(transaction, content);
                if (decision.smtpReply().isPresent()) {
                    rejected.put(recipient, decision);
                }
            }
        });
        return rejected;
    }

    private void accepted(SMTPSession session, List<MailAddress> recipients) {
        // A message to several recipients is not a bounce, so no recipient is reported.
        String recipient = recipients.size() == 1 ? StrippedRecipients.asReceived(session, recipients.get(0)) : null;
        about(session, recipient).ifPresent(policy::accepted);
    }

    private static Optional<Transaction> about(SMTPSession session, @Nullable String recipient) {
        MaybeSender sender =
                session.getAttachment(SMTPSession.SENDER, State.Transaction).orElse(MaybeSender.nullSender());
        return TransactionMapper.about(session, sender, recipient);
    }
}

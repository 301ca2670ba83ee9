package org.senderauth.james;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.james.core.MaybeSender;
import org.apache.james.core.Username;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.HookReturnCode;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SmtpReply;
import org.senderauth.policy.Decision;
import org.senderauth.policy.Transaction;

/** Puts a session into the policy's words, and the policy's decision into James's. */
final class PolicyQuestion {

    /** Names the message that the session is in, so that its steps are taken once. */
    static final AttachmentKey<String> MESSAGE = AttachmentKey.of("org.senderauth.james.MESSAGE", String.class);

    private static final System.Logger LOG = System.getLogger(PolicyQuestion.class.getName());

    private static final SmtpReply FAILED =
            new SmtpReply(451, "4.3.0", "The sender cannot be checked now, try again later");

    private PolicyQuestion() {}

    /**
     * What a session has come to; nothing for clients that may relay, which are the server's own, and for those whose
     * address it does not know.
     */
    static Optional<Transaction> about(SMTPSession session, MaybeSender sender, @Nullable String recipient) {
        InetSocketAddress remote = session.getRemoteAddress();
        InetAddress client = remote == null ? null : remote.getAddress();
        if (client == null || session.isRelayingAllowed()) {
            return Optional.empty();
        }
        Username user = session.getUsername();
        return Optional.of(new Transaction(
                client,
                session.getAttachment(SMTPSession.CURRENT_HELO_NAME, State.Connection)
                        .orElse(""),
                sender.asString(""),
                recipient,
                user == null ? null : user.asString(),
                session.getAttachment(MESSAGE, State.Transaction).orElse(null)));
    }

    /** The reply to MAIL or RCPT. */
    static HookResult reply(Decision decision) {
        return decision.reply()
                .map(reply -> refusal(reply, reply.enhancedCode() + " " + reply.text()))
                .orElse(HookResult.DECLINED);
    }

    /** The reply to HELO and EHLO, which has no enhanced code (RFC 2034 section 4). */
    static HookResult replyToHelo(Decision decision) {
        return decision.reply().map(reply -> refusal(reply, reply.text())).orElse(HookResult.DECLINED);
    }

    /** Asks the client to try again later. */
    static HookResult later(String text) {
        return refusal(FAILED, FAILED.enhancedCode() + " " + text);
    }

    /**
     * What a hook answers; if it fails, that the client shall try again later. It must not throw: James would answer 451
     * to MAIL but keep the sender, and take the recipients that follow.
     */
    static HookResult guarded(Supplier<HookResult> hook) {
        try {
            return hook.get();
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.ERROR, "A hook failed", failure);
            return later(FAILED.text());
        }
    }

    private static HookResult refusal(SmtpReply reply, String description) {
        return HookResult.builder()
                .hookReturnCode(reply.isPermanent() ? HookReturnCode.deny() : HookReturnCode.denySoft())
                .smtpReturnCode(Integer.toString(reply.code()))
                .smtpDescription(description)
                .build();
    }
}

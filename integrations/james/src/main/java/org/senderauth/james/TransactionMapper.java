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

/** Maps a session to a transaction, and the decision on it to the result of a hook. */
final class TransactionMapper {

    /** The identifier of the current message of a session, so that its steps run once. */
    static final AttachmentKey<String> MESSAGE = AttachmentKey.of("org.senderauth.james.MESSAGE", String.class);

    private static final System.Logger LOG = System.getLogger(TransactionMapper.class.getName());

    private static final SmtpReply FAILED =
            new SmtpReply(451, "4.3.0", "Sender check temporarily unavailable, try again later");

    private static final SmtpReply BUSY =
            new SmtpReply(451, "4.3.2", "Too many sender checks in progress, try again later");

    private TransactionMapper() {}

    /**
     * The transaction of a session; empty for clients that may relay, which are the server's own, and for clients without a
     * known address.
     */
    static Optional<Transaction> about(SMTPSession session, MaybeSender sender, @Nullable String recipient) {
        InetSocketAddress remote = session.getRemoteAddress();
        InetAddress client = remote == null ? null : remote.getAddress();
        if (client == null || session.isRelayingAllowed()) {
            return Optional.empty();
        }
        Username user = session.getUsername();
        Transaction transaction = Transaction.of(
                client,
                session.getAttachment(SMTPSession.CURRENT_HELO_NAME, State.Connection)
                        .orElse(""),
                sender.asString(""));
        if (recipient != null) {
            transaction = transaction.to(recipient);
        }
        if (user != null) {
            transaction = transaction.authenticatedAs(user.asString());
        }
        return Optional.of(session.getAttachment(MESSAGE, State.Transaction)
                .map(transaction::ofMessage)
                .orElse(transaction));
    }

    /** The reply to MAIL, to RCPT, or at the end of a message. */
    static HookResult reply(Decision decision) {
        return decision.smtpReply().map(TransactionMapper::reply).orElse(HookResult.DECLINED);
    }

    /** A reply that rejects, with its enhanced status code. */
    static HookResult reply(SmtpReply reply) {
        return rejection(reply, reply.enhancedCode() + " " + reply.text());
    }

    /** The reply to HELO and EHLO, which has no enhanced status code (RFC 2034 section 4). */
    static HookResult replyToHelo(Decision decision) {
        return decision.smtpReply().map(reply -> rejection(reply, reply.text())).orElse(HookResult.DECLINED);
    }

    /** The deferral while too many threads wait. */
    static HookResult busy() {
        return reply(BUSY);
    }

    /** The deferral with a text. */
    static HookResult later(String text) {
        return rejection(FAILED, FAILED.enhancedCode() + " " + text);
    }

    /**
     * The result of a hook; a deferral if it fails. A hook must not throw: James would reply 451 to MAIL but keep the
     * sender, and accept the recipients that follow.
     */
    static HookResult guarded(Supplier<HookResult> hook) {
        try {
            return hook.get();
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.ERROR, "hook failed", failure);
            return later(FAILED.text());
        }
    }

    private static HookResult rejection(SmtpReply reply, String description) {
        return HookResult.builder()
                .hookReturnCode(reply.isPermanent() ? HookReturnCode.deny() : HookReturnCode.denySoft())
                .smtpReturnCode(Integer.toString(reply.code()))
                .smtpDescription(description)
                .build();
    }
}

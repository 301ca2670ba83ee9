package org.senderauth.james;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.RcptCmdHandler;
import org.apache.james.protocols.smtp.hook.HeloHook;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.MailHook;
import org.apache.james.protocols.smtp.hook.RcptHook;
import org.senderauth.policy.Decision;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.Stage;
import org.senderauth.policy.Transaction;
import org.senderauth.policy.Unsigned;
import org.senderauth.policy.Unsigner;

/**
 * Gives the decisions of a {@link SenderPolicy} to the clients of a James SMTP server: CSV and block lists at HELO, SPF for
 * both identities at MAIL, the bounce filter at RCPT. After that it takes our own signatures off the recipient, so that
 * the hooks that follow, and the message, see the mailbox. Callouts are left to {@link CalloutHook}.
 *
 * <p>List it before every other hook that knows recipients, {@code ValidRcptHandler} and
 * {@code PostmasterAbuseRcptHook} among them: a hook that accepts a recipient keeps the later ones from being asked.
 *
 * <p>A refusal is given as early as it is certain ({@link SenderPolicy#decide(Transaction, Stage)});
 * at HELO only to clients that are not offered AUTH, since another may still log in. Clients that may relay are not asked
 * about. A call takes no longer than the policy's deadline, and never throws. Thread-safe.
 */
public final class SenderPolicyHook implements HeloHook, MailHook, RcptHook {

    /**
     * What was decided on the message that a session is in, with its steps and headers, for what is behind this hook
     * ({@link State#Transaction}): the decision on its last recipient that is not exempt, or else the first.
     */
    public static final AttachmentKey<Decision> DECISION =
            AttachmentKey.of("org.senderauth.james.DECISION", Decision.class);

    private final SenderPolicy policy;
    private final Unsigner unsigner;
    private final AtomicLong messages = new AtomicLong();

    /**
     * A hook that takes no signatures off.
     *
     * @param policy decides
     */
    public SenderPolicyHook(SenderPolicy policy) {
        this(policy, Unsigner.NONE);
    }

    /**
     * A hook.
     *
     * @param policy decides
     * @param unsigner takes our own signatures off recipients
     */
    public SenderPolicyHook(SenderPolicy policy, Unsigner unsigner) {
        this.policy = policy;
        this.unsigner = unsigner;
    }

    @Override
    public HookResult doHelo(SMTPSession session, String helo) {
        return PolicyQuestion.guarded(() -> PolicyQuestion.about(session, MaybeSender.nullSender(), null)
                .filter(transaction -> !mayStillLogIn(session, transaction))
                .map(transaction -> policy.decide(transaction, Stage.HELO))
                .map(PolicyQuestion::replyToHelo)
                .orElse(HookResult.DECLINED));
    }

    // Some servers offer AUTH only after STARTTLS.
    private static boolean mayStillLogIn(SMTPSession session, Transaction transaction) {
        return transaction.user() == null
                && session.getConfiguration()
                        .isAuthAnnounced(transaction.client().getHostAddress(), true);
    }

    @Override
    public HookResult doMail(SMTPSession session, MaybeSender sender) {
        return PolicyQuestion.guarded(() -> {
            String message = session.getSessionID() + "." + messages.incrementAndGet();
            session.setAttachment(PolicyQuestion.MESSAGE, message, State.Transaction);
            return PolicyQuestion.about(session, sender, null)
                    .map(transaction -> policy.decide(transaction, Stage.MAIL))
                    .map(PolicyQuestion::reply)
                    .orElse(HookResult.DECLINED);
        });
    }

    @Override
    public HookResult doRcpt(
            SMTPSession session, MaybeSender sender, MailAddress recipient, Map<String, String> parameters) {
        return PolicyQuestion.guarded(() -> {
            Optional<Decision> decision = PolicyQuestion.about(session, sender, recipient.asString())
                    .map(transaction -> policy.decide(transaction, Stage.RCPT));
            if (decision.flatMap(Decision::reply).isPresent()) {
                return PolicyQuestion.reply(decision.get());
            }
            decision.ifPresent(made -> keep(session, made));
            return unsign(session, recipient.asString());
        });
    }

    private static void keep(SMTPSession session, Decision decision) {
        boolean first = session.getAttachment(DECISION, State.Transaction).isEmpty();
        if (first || !decision.headers().isEmpty()) {
            session.setAttachment(DECISION, decision, State.Transaction);
        }
    }

    private HookResult unsign(SMTPSession session, String recipient) {
        Unsigned unsigned = unsigner.unsign(recipient);
        if (unsigned instanceof Unsigned.TryLater later) {
            return PolicyQuestion.later("The recipient cannot be checked now: " + later.reason());
        }
        if (unsigned instanceof Unsigned.Original original) {
            MaybeSender.getMailSender(original.address()).asOptional().ifPresent(address -> {
                session.setAttachment(RcptCmdHandler.CURRENT_RECIPIENT, address, State.Transaction);
                SignedRecipients.add(session, address, recipient);
            });
        }
        return HookResult.DECLINED;
    }
}

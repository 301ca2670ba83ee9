package org.senderauth.james;

import java.util.Map;
import java.util.Objects;
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
import org.senderauth.policy.SignatureStripper;
import org.senderauth.policy.Stage;
import org.senderauth.policy.StrippedAddress;
import org.senderauth.policy.Transaction;

/**
 * A hook that applies the decisions of a {@link SenderPolicy} in a James SMTP server: CSV and blocklists at HELO, SPF for
 * both identities at MAIL, the bounce filter at RCPT. Then it strips our signatures from the recipient, so that later hooks
 * and the message contain the mailbox. {@link CalloutHook} runs callouts.
 *
 * <p>List it before every other hook for recipients, including {@code ValidRcptHandler} and
 * {@code PostmasterAbuseRcptHook}: after a hook that accepts a recipient, James skips the later ones.
 *
 * <p>It rejects as early as the rejection is certain ({@link SenderPolicy#decide(Transaction, Stage)}); at HELO only if AUTH
 * is not offered, since other clients may still authenticate. Clients that may relay are not checked. A call takes no
 * longer than the policy's deadline, and never throws. Thread-safe.
 *
 * <p>If the decision on a recipient {@linkplain Decision#awaitsContent awaits the content}, an {@link
 * AcceptedMessageFilter} with the same policy must follow.
 *
 * <p>James runs hooks on its I/O threads, each of which serves many sessions. At most {@code maxWaiting} of them wait for a
 * decision at once; further ones give up after a tenth of a second and defer the recipient ({@code 451 4.3.2}). So set
 * James's {@code ioWorkerCount} to about the number of sessions, {@code maxWaiting} to half of it, and the policy's deadline
 * to a few seconds.
 */
public final class SenderPolicyHook implements HeloHook, MailHook, RcptHook {

    /**
     * The decision on the current message of a session, with its steps and header fields, for later hooks
     * ({@link State#Transaction}): the decision on its last recipient that is not exempt, or else the first.
     */
    public static final AttachmentKey<Decision> DECISION =
            AttachmentKey.of("org.senderauth.james.DECISION", Decision.class);

    private final SenderPolicy policy;
    private final SignatureStripper stripper;
    private final DecisionWaiter waiter;
    private final AtomicLong messages = new AtomicLong();

    /**
     * Creates a hook that strips no signatures.
     *
     * @param policy the policy
     */
    public SenderPolicyHook(SenderPolicy policy) {
        this(policy, SignatureStripper.NONE);
    }

    /**
     * Creates a hook.
     *
     * @param policy the policy
     * @param stripper strips our signatures from recipients
     */
    public SenderPolicyHook(SenderPolicy policy, SignatureStripper stripper) {
        this(policy, stripper, DecisionWaiter.defaultMaxWaiting());
    }

    /**
     * Creates a hook.
     *
     * @param policy the policy
     * @param stripper strips our signatures from recipients
     * @param maxWaiting the maximum number of threads that wait for decisions at once: fewer than James's I/O threads; one
     *     for each processor by default, which is half of James's default
     * @throws IllegalArgumentException if {@code maxWaiting} is not positive
     */
    public SenderPolicyHook(SenderPolicy policy, SignatureStripper stripper, int maxWaiting) {
        this.policy = Objects.requireNonNull(policy, "policy");
        this.stripper = Objects.requireNonNull(stripper, "stripper");
        this.waiter = new DecisionWaiter(maxWaiting);
    }

    @Override
    public HookResult doHelo(SMTPSession session, String helo) {
        return TransactionMapper.guarded(() -> TransactionMapper.about(session, MaybeSender.nullSender(), null)
                .filter(transaction -> !mayAuthenticate(session, transaction))
                .flatMap(transaction -> decide(transaction, Stage.HELO))
                .map(TransactionMapper::replyToHelo)
                .orElse(HookResult.DECLINED));
    }

    // Some servers offer AUTH only after STARTTLS.
    private static boolean mayAuthenticate(SMTPSession session, Transaction transaction) {
        return transaction.user().isEmpty()
                && session.getConfiguration()
                        .isAuthAnnounced(transaction.client().getHostAddress(), true);
    }

    @Override
    public HookResult doMail(SMTPSession session, MaybeSender sender) {
        return TransactionMapper.guarded(() -> {
            String message = session.getSessionID() + "." + messages.incrementAndGet();
            session.setAttachment(TransactionMapper.MESSAGE, message, State.Transaction);
            return TransactionMapper.about(session, sender, null)
                    .flatMap(transaction -> decide(transaction, Stage.MAIL))
                    .map(TransactionMapper::reply)
                    .orElse(HookResult.DECLINED);
        });
    }

    @Override
    public HookResult doRcpt(
            SMTPSession session, MaybeSender sender, MailAddress recipient, Map<String, String> parameters) {
        return TransactionMapper.guarded(() -> {
            Optional<Transaction> checked = TransactionMapper.about(session, sender, recipient.asString());
            if (checked.isPresent()) {
                Optional<Decision> decision = decide(checked.get(), Stage.RCPT);
                if (decision.isEmpty()) {
                    return TransactionMapper.busy();
                }
                if (decision.get().smtpReply().isPresent()) {
                    return TransactionMapper.reply(decision.get());
                }
                keep(session, decision.get());
                if (decision.get().awaitsContent()) {
                    PendingRecipients.add(session, recipient, checked.get());
                }
            }
            return strip(session, recipient.asString());
        });
    }

    private Optional<Decision> decide(Transaction transaction, Stage stage) {
        return waiter.await(policy.decideAsync(transaction, stage));
    }

    private static void keep(SMTPSession session, Decision decision) {
        boolean first = session.getAttachment(DECISION, State.Transaction).isEmpty();
        if (first || !decision.headers().isEmpty()) {
            session.setAttachment(DECISION, decision, State.Transaction);
        }
    }

    private HookResult strip(SMTPSession session, String recipient) {
        StrippedAddress stripped = stripper.strip(recipient);
        if (stripped instanceof StrippedAddress.Unavailable) {
            return TransactionMapper.later("Recipient check temporarily unavailable, try again later");
        }
        if (stripped instanceof StrippedAddress.Original original) {
            MaybeSender.getMailSender(original.address()).asOptional().ifPresent(address -> {
                session.setAttachment(RcptCmdHandler.CURRENT_RECIPIENT, address, State.Transaction);
                StrippedRecipients.add(session, address, recipient);
            });
        }
        return HookResult.DECLINED;
    }
}

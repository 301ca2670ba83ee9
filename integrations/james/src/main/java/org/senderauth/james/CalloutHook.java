package org.senderauth.james;

import java.util.Map;
import java.util.Objects;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.RcptHook;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.Stage;

/**
 * A hook that runs the last steps of the policy, including callouts. List it after the hooks that validate recipients, so
 * that no callout runs for an unknown recipient, and after a {@link SenderPolicyHook} with the same policy, which has run
 * all other steps.
 *
 * <p>A call takes no longer than the policy's deadline, and never throws. Thread-safe.
 */
public final class CalloutHook implements RcptHook {

    private final SenderPolicy policy;
    private final DecisionWaiter waiter;

    /**
     * Creates a hook.
     *
     * @param policy the policy
     */
    public CalloutHook(SenderPolicy policy) {
        this(policy, DecisionWaiter.defaultMaxWaiting());
    }

    /**
     * Creates a hook.
     *
     * @param policy the policy
     * @param maxWaiting the maximum number of threads that wait for decisions at once, as in {@link SenderPolicyHook}
     * @throws IllegalArgumentException if {@code maxWaiting} is not positive
     */
    public CalloutHook(SenderPolicy policy, int maxWaiting) {
        this.policy = Objects.requireNonNull(policy, "policy");
        this.waiter = new DecisionWaiter(maxWaiting);
    }

    @Override
    public HookResult doRcpt(
            SMTPSession session, MaybeSender sender, MailAddress recipient, Map<String, String> parameters) {
        // The bounce filter checks the recipient as received, and the signature is already stripped.
        return TransactionMapper.guarded(() -> TransactionMapper.about(
                        session, sender, StrippedRecipients.asReceived(session, recipient))
                .map(transaction -> waiter.await(policy.decideAsync(transaction, Stage.RCPT_VALIDATED))
                        .map(TransactionMapper::reply)
                        .orElseGet(TransactionMapper::busy))
                .orElse(HookResult.DECLINED));
    }
}

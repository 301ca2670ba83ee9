package org.senderauth.james;

import java.util.Map;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.RcptHook;
import org.senderauth.policy.SenderPolicy;
import org.senderauth.policy.Stage;

/**
 * Asks the policy for its last word, callouts among it. List it behind the hooks that validate recipients: somebody else's
 * mail server should not be asked about a sender who writes to nobody. It belongs behind a {@link SenderPolicyHook} with
 * the same policy, which has taken all other steps before.
 *
 * <p>A call takes no longer than the policy's deadline, and never throws. Thread-safe.
 */
public final class CalloutHook implements RcptHook {

    private final SenderPolicy policy;

    /**
     * A hook.
     *
     * @param policy decides
     */
    public CalloutHook(SenderPolicy policy) {
        this.policy = policy;
    }

    @Override
    public HookResult doRcpt(
            SMTPSession session, MaybeSender sender, MailAddress recipient, Map<String, String> parameters) {
        // The bounce filter judges the recipient as the client wrote it, and the signature is off by now.
        return PolicyQuestion.guarded(
                () -> PolicyQuestion.about(session, sender, SignedRecipients.asSaid(session, recipient))
                        .map(transaction -> policy.decide(transaction, Stage.RECIPIENT_EXISTS))
                        .map(PolicyQuestion::reply)
                        .orElse(HookResult.DECLINED));
    }
}

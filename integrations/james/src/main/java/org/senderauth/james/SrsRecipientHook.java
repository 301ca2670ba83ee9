package org.senderauth.james;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.james.core.MailAddress;
import org.apache.james.core.MaybeSender;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.hook.HookResult;
import org.apache.james.protocols.smtp.hook.HookReturnCode;
import org.apache.james.protocols.smtp.hook.RcptHook;
import org.jspecify.annotations.Nullable;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsResult;

/**
 * A hook that accepts our valid SRS addresses at RCPT, which have no mailbox, and rejects expired, forged and malformed ones
 * with one reply. List it before {@code ValidRcptHandler} and directly after a {@link SenderPolicyHook} whose policy has the
 * same {@link Srs}: that policy limits how often a client may guess, and can accept bounces only.
 *
 * <p>The recipient remains as it is; {@link SrsReverseRecipients} sends the mail on. James skips the hooks after this one
 * for the recipients that it accepts, so it calls the {@link CalloutHook} itself. It waits no longer than that hook does and
 * the alias store may take, and never throws. Thread-safe.
 */
public final class SrsRecipientHook implements RcptHook {

    private final Srs srs;
    private final @Nullable CalloutHook lastSteps;

    /**
     * Creates a hook for a policy without callouts.
     *
     * @param srs verifies the addresses
     */
    public SrsRecipientHook(Srs srs) {
        this(srs, Optional.empty());
    }

    /**
     * Creates a hook.
     *
     * @param srs verifies the addresses
     * @param lastSteps runs the last steps of the policy for the recipients that are valid
     */
    public SrsRecipientHook(Srs srs, CalloutHook lastSteps) {
        this(srs, Optional.of(lastSteps));
    }

    private SrsRecipientHook(Srs srs, Optional<CalloutHook> lastSteps) {
        this.srs = Objects.requireNonNull(srs, "srs");
        this.lastSteps = lastSteps.orElse(null);
    }

    @Override
    public HookResult doRcpt(
            SMTPSession session, MaybeSender sender, MailAddress recipient, Map<String, String> parameters) {
        return TransactionMapper.guarded(() -> {
            SrsResult result = srs.reverse(recipient.asString());
            if (result.smtpReply().isPresent()) {
                return TransactionMapper.reply(result.smtpReply().get());
            }
            if (!result.isValid()) {
                return HookResult.DECLINED;
            }
            HookResult last =
                    lastSteps == null ? HookResult.DECLINED : lastSteps.doRcpt(session, sender, recipient, parameters);
            return last.getResult().getAction() == HookReturnCode.Action.DECLINED ? HookResult.OK : last;
        });
    }
}

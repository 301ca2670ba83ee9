package org.senderauth.callout;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.senderauth.callout.outcome.CalloutReason;
import org.senderauth.callout.outcome.TargetReply;
import org.senderauth.core.SmtpReply;

/**
 * The replies that are suggested to the client, as configured. Immutable.
 *
 * @param changed replies instead of the default ones; empty to suggest none
 * @param trial true to suggest a deferral instead of each permanent rejection
 * @param exposingDetails true to append the reply text of the probed mail server
 */
record ReplyPolicy(Map<CalloutReason, Optional<SmtpReply>> changed, boolean trial, boolean exposingDetails) {

    private static final SmtpReply NO_SUCH_RECIPIENT =
            new SmtpReply(550, "5.1.1", "Recipient address rejected: user unknown");

    private static final SmtpReply RECIPIENT_UNKNOWN_NOW =
            new SmtpReply(450, "4.1.1", "Recipient address not verified, try again later");

    ReplyPolicy {
        changed = Map.copyOf(changed.isEmpty() ? Map.of() : new EnumMap<>(changed));
    }

    @Nullable
    SmtpReply forSender(CalloutReason reason, @Nullable TargetReply target) {
        Optional<SmtpReply> reply = changed.getOrDefault(reason, reason.suggestedReply());
        return reply.map(r -> finished(r, target)).orElse(null);
    }

    @Nullable
    SmtpReply forRecipient(CalloutReason reason, @Nullable TargetReply target) {
        return switch (reason.verdict()) {
            case UNDELIVERABLE -> finished(NO_SUCH_RECIPIENT, target);
            case UNDECIDED -> finished(RECIPIENT_UNKNOWN_NOW, target);
            case DELIVERABLE, CATCH_ALL, SKIPPED -> null;
        };
    }

    private SmtpReply finished(SmtpReply reply, @Nullable TargetReply target) {
        String text = exposingDetails && target != null ? reply.text() + " (" + target + ")" : reply.text();
        return trial && reply.isPermanent()
                ? SmtpReply.of(450, "4" + reply.enhancedCode().substring(1), text)
                : SmtpReply.of(reply.code(), reply.enhancedCode(), text);
    }
}

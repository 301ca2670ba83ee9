package org.senderauth.policy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.senderauth.core.SmtpReply;
import org.senderauth.dkim2.Dkim2BounceResult;
import org.senderauth.dkim2.Dkim2BounceVerdict;
import org.senderauth.dkim2.Dkim2Bounces;

/** Checks at the end of a bounce's data whether it returns a message that we signed. */
record Dkim2Check(Dkim2Bounces bounces) implements StepCheck {

    private static final String NULL_SENDER = "<>";

    /** Tests whether the check applies to this transaction. */
    boolean covers(Transaction transaction) {
        String recipient = transaction.recipient().orElse(null);
        return transaction.isBounce() && recipient != null && bounces.covers(recipient);
    }

    @Override
    public boolean dependsOnRecipient(Transaction transaction) {
        return transaction.isBounce();
    }

    @Override
    public CompletionStage<StepResult> run(Transaction transaction, List<StepReport> before) {
        return CompletableFuture.completedFuture(
                covers(transaction)
                        ? StepResult.pending("none", "awaits the returned message")
                        : StepResult.skipped("not a bounce to one of the signing domains"));
    }

    @Override
    public Optional<CompletionStage<StepResult>> run(Transaction transaction, ReceivedMessage message) {
        String recipient = transaction.recipient().orElse(null);
        if (recipient == null || !covers(transaction)) {
            return Optional.empty();
        }
        Optional<byte[]> bytes = message.bytes();
        if (bytes.isEmpty()) {
            return Optional.of(CompletableFuture.completedFuture(StepResult.skipped("the message was not kept")));
        }
        List<String> recipients = List.of(recipient);
        CompletableFuture<Dkim2BounceResult> result = message.isWhole()
                ? bounces.verifyAsync(bytes.get(), NULL_SENDER, recipients)
                : bounces.verifyBeginningAsync(bytes.get(), NULL_SENDER, recipients);
        return Optional.of(result.thenApply(Dkim2Check::stepResult));
    }

    private static StepResult stepResult(Dkim2BounceResult result) {
        Dkim2BounceVerdict verdict = result.verdict();
        Optional<SmtpReply> reply = result.smtpReply();
        StepResult found;
        if (verdict.isOurs()) {
            found = StepResult.pass(verdict.text(), result.detail());
        } else if (reply.isEmpty()) {
            // An unsigned report is never held against its sender: old mail servers change what they return.
            found = StepResult.neutral(verdict.text(), result.detail());
        } else {
            found = verdict == Dkim2BounceVerdict.TEMPERROR
                    ? StepResult.temperror(verdict.text(), result.detail(), reply.get())
                    : StepResult.fail(verdict.text(), result.detail(), reply.get());
        }
        return found.with(result.authResult(), null);
    }
}

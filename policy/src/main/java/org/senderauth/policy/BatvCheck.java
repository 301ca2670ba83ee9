package org.senderauth.policy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.senderauth.batv.BatvVerdict;
import org.senderauth.batv.Bounce;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.RecipientDecision;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;

/** Applies the bounce filter to a recipient, and again at the end of the message if the result depends on the content. */
record BatvCheck(BounceFilter filter) implements StepCheck {

    @Override
    public boolean dependsOnRecipient(Transaction transaction) {
        return true;
    }

    @Override
    public CompletionStage<StepResult> run(Transaction transaction, List<StepReport> before) {
        return CompletableFuture.completedFuture(result(transaction, filter::atRcpt));
    }

    @Override
    public Optional<CompletionStage<StepResult>> run(Transaction transaction, ReceivedMessage message) {
        // Each recipient is decided on alone, so that one rejected recipient does not reject the others.
        return Optional.of(CompletableFuture.completedFuture(result(
                transaction,
                bounce -> filter.atEndOfData(bounce.with(message.content()))
                        .recipients()
                        .get(0))));
    }

    private static StepResult result(Transaction transaction, Function<Bounce, RecipientDecision> filter) {
        if (transaction.recipient().isEmpty()) {
            return StepResult.skipped("no recipient so far");
        }
        return bounce(transaction)
                .map(filter)
                .map(decision -> isOrdinary(transaction, decision)
                        ? StepResult.skipped("not a bounce")
                        : Evidence.batv(stepResult(decision), decision.result()))
                .orElseGet(() -> StepResult.skipped("sender or recipient is not a valid address"));
    }

    private static boolean isOrdinary(Transaction transaction, RecipientDecision decision) {
        return !transaction.isBounce() && decision.result().verdict() == BatvVerdict.UNSIGNED;
    }

    /** Returns the transaction for a bounce filter; empty without a valid recipient or sender. */
    static Optional<Bounce> bounce(Transaction transaction) {
        Optional<MailAddress> sender = MailAddress.split(transaction.sender());
        if (sender.isEmpty() && !transaction.isBounce()) {
            return Optional.empty();
        }
        return transaction
                .recipient()
                .flatMap(MailAddress::split)
                .map(recipient -> Bounce.to(sender.orElse(null), recipient).from(transaction.client()));
    }

    private static StepResult stepResult(RecipientDecision decision) {
        String word = decision.result().verdict().text();
        String reason = decision.reason().text();
        Optional<SmtpReply> reply = decision.smtpReply();
        return switch (decision.action()) {
            case REJECT -> StepResult.fail(word, reason, reply.orElseThrow());
            case DEFER -> StepResult.temperror(word, reason, reply.orElseThrow());
            case CHECK_CONTENT -> StepResult.pending(word, reason);
            case ADD_HEADER, QUARANTINE, DISCARD ->
                throw new IllegalStateException("builder accepted a filter with the action " + decision.action());
            case ACCEPT ->
                decision.result().verdict() == BatvVerdict.VALID
                        ? StepResult.pass(word, reason)
                        : StepResult.neutral(word, reason);
        };
    }
}

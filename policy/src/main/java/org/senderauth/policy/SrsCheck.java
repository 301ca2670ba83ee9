package org.senderauth.policy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.senderauth.batv.BounceRules;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;
import org.senderauth.srs.Srs;
import org.senderauth.srs.SrsResult;
import org.senderauth.srs.SrsVerdict;

/**
 * Verifies recipients that are SRS addresses of this host, before the mail server looks up the mailbox.
 *
 * @param srs verifies them
 * @param nullSenderOnly whether only bounces are accepted
 */
record SrsCheck(Srs srs, boolean nullSenderOnly) implements StepCheck {

    // The reply must not show which addresses are valid.
    private static final SmtpReply BOUNCES_ONLY = SmtpReply.of(550, "5.7.1", "SRS addresses accept bounces only");

    // A valid signature proves a bounce at the end of its message too.
    @Override
    public Optional<CompletionStage<StepResult>> run(Transaction transaction, ReceivedMessage message) {
        return transaction.isBounce() ? Optional.of(run(transaction, List.of())) : Optional.empty();
    }

    @Override
    public CompletionStage<StepResult> run(Transaction transaction, List<StepReport> before) {
        return CompletableFuture.completedFuture(result(transaction));
    }

    @Override
    public boolean dependsOnRecipient(Transaction transaction) {
        return true;
    }

    private StepResult result(Transaction transaction) {
        String recipient = transaction.recipient().orElse(null);
        if (recipient == null) {
            return StepResult.skipped("no recipient so far");
        }
        SrsResult result = srs.reverse(recipient);
        String word = result.verdict().text();
        String reason = result.reason().text();
        if (result.verdict() == SrsVerdict.NOT_SRS || result.verdict() == SrsVerdict.FOREIGN) {
            return StepResult.skipped("not an SRS address of this forwarder");
        }
        // Before all results that depend on the hash.
        if (nullSenderOnly && !isBounce(transaction)) {
            return StepResult.fail("not-bounce", "SRS address with a sender that is not null", BOUNCES_ONLY);
        }
        if (result.verdict() == SrsVerdict.UNAVAILABLE) {
            return StepResult.temperror(word, reason, result.smtpReply().orElseThrow());
        }
        if (!result.isValid()) {
            return StepResult.fail(word, reason, result.smtpReply().orElseThrow());
        }
        // An SRS address is for bounces. Replies by people and machines come to it too, so it is no reason to reject.
        return transaction.isBounce()
                ? StepResult.pass(word, reason)
                : StepResult.neutral(word, "valid, but the sender is not null");
    }

    private static boolean isBounce(Transaction transaction) {
        return transaction.isBounce()
                || MailAddress.split(transaction.sender())
                        .filter(BounceRules.defaults()::isBounceSender)
                        .isPresent();
    }
}

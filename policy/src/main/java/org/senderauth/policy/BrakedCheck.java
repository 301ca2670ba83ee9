package org.senderauth.policy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A check of signatures that cannot be guessed quickly ({@link GuessBrake}).
 *
 * @param step the step of the check
 * @param check the check
 * @param brake counts invalid signatures
 */
record BrakedCheck(Step step, StepCheck check, GuessBrake brake) implements StepCheck {

    @Override
    public CompletionStage<StepResult> run(Transaction transaction, List<StepReport> before) {
        CompletionStage<StepResult> result = check.run(transaction, before);
        String address = address(transaction);
        return address == null ? result : result.thenApply(found -> brake.apply(transaction.client(), address, found));
    }

    // Ordinary mail to a tagged address is accepted whether or not the tag is valid, so nothing can be learned from it.
    private @Nullable String address(Transaction transaction) {
        if (transaction.isBounce() || step == Step.SRS) {
            return transaction.recipient().orElse(null);
        }
        return step == Step.SES ? transaction.sender() : null;
    }

    @Override
    public boolean dependsOnRecipient(Transaction transaction) {
        return check.dependsOnRecipient(transaction);
    }

    @Override
    public Optional<CompletionStage<StepResult>> run(Transaction transaction, ReceivedMessage message) {
        return check.run(transaction, message);
    }

    @Override
    public void accepted(Transaction transaction) {
        check.accepted(transaction);
    }
}

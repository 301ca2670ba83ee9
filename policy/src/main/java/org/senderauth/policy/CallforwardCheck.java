package org.senderauth.policy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.senderauth.callout.CalloutResult;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.core.Ascii;
import org.senderauth.core.LocalPartScheme;
import org.senderauth.core.MailAddress;
import org.senderauth.core.RoleMailbox;
import org.senderauth.core.SmtpReply;

/**
 * Verifies a recipient at the host that has its mailbox, for a gateway without a list of recipients. Signed recipients
 * are skipped: the mailbox's host knows them without their tag only, and their own step verifies them.
 */
record CallforwardCheck(CalloutVerifier callforward) implements StepCheck {

    @Override
    public CompletionStage<StepResult> run(Transaction transaction, List<StepReport> before) {
        String recipient = transaction.recipient().orElse(null);
        if (recipient == null) {
            return skipped("no recipient so far");
        }
        Optional<MailAddress> address = MailAddress.split(recipient)
                .map(given -> new MailAddress(given.localPart(), DomainNormalizer.normal(given.domain())));
        if (address.isEmpty() || !callforward.hasCallforward(address.get().domain())) {
            return skipped("no callforward for the recipient's domain");
        }
        if (LocalPartScheme.of(address.get().localPart()).isPresent()) {
            return skipped("signed recipient");
        }
        if (RoleMailbox.is(address.get())) {
            return skipped("role mailbox"); // RFC 5321 section 4.5.1, RFC 2142
        }
        return callforward
                .verifyRecipientAsync(address.get(), transaction.client())
                .thenCompose(result -> CalloutCheck.stepResult(result, CallforwardCheck::verdict));
    }

    @Override
    public boolean dependsOnRecipient(Transaction transaction) {
        return true;
    }

    private static CompletionStage<StepResult> skipped(String why) {
        return CompletableFuture.completedFuture(StepResult.skipped(why));
    }

    // Never a pass: that a recipient exists proves nothing about the sender.
    private static StepResult verdict(CalloutResult result) {
        String word = Ascii.text(result.verdict());
        String explanation = CalloutCheck.explanation(result);
        SmtpReply reply = result.smtpReply().orElse(null);
        if (reply == null) {
            return StepResult.neutral(word, explanation);
        }
        return switch (result.verdict()) {
            case UNDELIVERABLE -> StepResult.fail(word, explanation, reply);
            case UNDECIDED -> StepResult.temperror(word, explanation, reply);
            case DELIVERABLE, CATCH_ALL, SKIPPED -> StepResult.neutral(word, explanation);
        };
    }
}

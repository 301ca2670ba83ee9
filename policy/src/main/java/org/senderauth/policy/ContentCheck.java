package org.senderauth.policy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.senderauth.batv.MessageContent;
import org.senderauth.core.MailAddress;
import org.senderauth.core.RoleMailbox;
import org.senderauth.core.SmtpReply;

/** Finds at the end of a message whether it is a delivery report, which must be for a message we sent. */
record ContentCheck(Predicate<String> domains) implements StepCheck {

    // 5.7.1 and not 5.1.1: the mailbox exists, and list software must not think it gone.
    private static final SmtpReply NO_PROOF =
            new SmtpReply(550, "5.7.1", "Bounce rejected: recipient sent no such message");

    private boolean covers(Transaction transaction) {
        String recipient = transaction.recipient().orElse(null);
        return transaction.isBounce()
                && recipient != null
                && domains.test(DomainNormalizer.ofAddress(recipient))
                && MailAddress.split(recipient)
                        .filter(address -> !RoleMailbox.is(address))
                        .isPresent();
    }

    @Override
    public boolean dependsOnRecipient(Transaction transaction) {
        return transaction.isBounce();
    }

    @Override
    public CompletionStage<StepResult> run(Transaction transaction, List<StepReport> before) {
        return CompletableFuture.completedFuture(
                covers(transaction)
                        ? StepResult.pending("none", "awaits the content")
                        : StepResult.skipped("not a bounce to a mailbox of these domains"));
    }

    @Override
    public Optional<CompletionStage<StepResult>> run(Transaction transaction, ReceivedMessage message) {
        if (!covers(transaction)) {
            return Optional.empty();
        }
        MessageContent content = message.content();
        String kind = content.kind().text();
        return Optional.of(CompletableFuture.completedFuture(
                content.kind().isBounce()
                        ? StepResult.fail(kind, content.why(), NO_PROOF)
                        : StepResult.neutral(kind, content.why())));
    }
}

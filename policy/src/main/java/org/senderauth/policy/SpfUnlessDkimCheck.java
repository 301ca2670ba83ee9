package org.senderauth.policy;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.senderauth.core.MailDomain;
import org.senderauth.core.SmtpReply;
import org.senderauth.policy.OrganizationalDomains.Walk;
import org.senderauth.policy.StepResult.Outcome;

/**
 * Defers a failure of SPF until the end of the message and overrides it if a signature passes whose domain is aligned with
 * From: the same organizational domain (RFC 9989 section 3.2.10.1, relaxed). Forwarded mail fails SPF and keeps its signature.
 * A null sender, and a sender whose domain has no DMARC record, fails at RCPT.
 */
record SpfUnlessDkimCheck(StepCheck spf, OrganizationalDomains domains) implements StepCheck {

    private static final SmtpReply UNKNOWN =
            new SmtpReply(451, "4.7.24", "SPF check failed and DKIM alignment temporarily unknown, try again later");

    @Override
    public CompletionStage<StepResult> run(Transaction transaction, List<StepReport> before) {
        return spf.run(transaction, before).thenCompose(result -> {
            Optional<String> domain = overridable(transaction, result);
            if (domain.isEmpty()) {
                return CompletableFuture.completedFuture(result);
            }
            // While the DNS does not respond, it is unknown whether the failure may be overridden.
            return domains.of(domain.get())
                    .thenApply(walk -> walk.hasRecord() || !walk.isAvailable() ? pending(result) : result);
        });
    }

    @Override
    public boolean dependsOnRecipient(Transaction transaction) {
        return spf.dependsOnRecipient(transaction);
    }

    private static StepResult pending(StepResult failure) {
        return StepResult.pending(failure.result(), failure.explanation() + ", unless DKIM passes")
                .withTraceOf(failure);
    }

    @Override
    public Optional<CompletionStage<StepResult>> run(Transaction transaction, ReceivedMessage message) {
        if (transaction.isBounce()) {
            return Optional.empty();
        }
        // What the header fields report was reported at RCPT.
        return Optional.of(spf.run(transaction, List.of())
                .thenCompose(result -> overridable(transaction, result).isEmpty()
                        ? CompletableFuture.completedFuture(result)
                        : aligned(result, message.dkim()))
                .thenApply(StepResult::withoutTrace));
    }

    // The domain of a sender whose failure is one of SPF and not of the address.
    private static Optional<String> overridable(Transaction transaction, StepResult result) {
        boolean fails = result.outcome() == Outcome.FAIL && !result.result().equals("none");
        return fails && !transaction.isBounce()
                ? MailDomain.parse(DomainNormalizer.ofAddress(transaction.sender()))
                : Optional.empty();
    }

    private CompletionStage<StepResult> aligned(StepResult failure, DkimResults dkim) {
        Optional<String> from = dkim.from().flatMap(MailDomain::parse);
        List<String> signers = dkim.passed().stream()
                .map(MailDomain::parse)
                .flatMap(Optional::stream)
                .toList();
        if (from.isEmpty() || signers.isEmpty()) {
            return CompletableFuture.completedFuture(failure);
        }
        if (signers.contains(from.get())) {
            return CompletableFuture.completedFuture(overridden(failure, from.get()));
        }
        return domains.of(from.get())
                .thenCompose(author -> author.isAvailable()
                        ? any(failure, author, signers.iterator(), false)
                        : CompletableFuture.completedFuture(unknown(failure)));
    }

    private CompletionStage<StepResult> any(
            StepResult failure, Walk author, Iterator<String> signers, boolean isUnknown) {
        if (!signers.hasNext()) {
            return CompletableFuture.completedFuture(isUnknown ? unknown(failure) : failure);
        }
        String signer = signers.next();
        return domains.of(signer)
                .thenCompose(walk -> walk.isAvailable() && walk.domain().equals(author.domain())
                        ? CompletableFuture.completedFuture(overridden(failure, signer))
                        : any(failure, author, signers, isUnknown || !walk.isAvailable()));
    }

    private static StepResult overridden(StepResult failure, String signer) {
        return StepResult.neutral(
                        failure.result(),
                        failure.explanation() + ", but DKIM passes for " + signer + ", aligned with From")
                .withTraceOf(failure);
    }

    private static StepResult unknown(StepResult failure) {
        return StepResult.temperror(
                        failure.result(), failure.explanation() + ", and the DNS does not determine alignment", UNKNOWN)
                .withTraceOf(failure);
    }
}

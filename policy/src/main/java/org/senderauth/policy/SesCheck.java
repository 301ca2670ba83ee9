package org.senderauth.policy;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.senderauth.batv.Bounce;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.BounceReason;
import org.senderauth.batv.BounceRules;
import org.senderauth.batv.FailureCounter;
import org.senderauth.batv.RecipientDecision;
import org.senderauth.batv.SigningOutcome;
import org.senderauth.core.Ascii;
import org.senderauth.core.LocalPartScheme;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesResult;
import org.senderauth.ses.VerificationPurpose;

/**
 * Verifies addresses that are signed by one of our domains: the sender, or the recipient of a bounce. SPF checks signed
 * senders of other domains, through the {@code exists:} term of their records. Bounces to unsigned addresses of our domains
 * are left to the bounce filter, if there is one.
 */
record SesCheck(Ses ses, Set<String> domains, @Nullable BounceFilter unsigned) implements StepCheck {

    // Without the reason: it would help an attacker.
    private static final SmtpReply INVALID_SENDER =
            new SmtpReply(550, "5.7.1", "Sender address rejected: invalid SES signature");
    private static final SmtpReply INVALID_BOUNCE =
            new SmtpReply(550, "5.7.1", "Bounce rejected: invalid SES signature");
    private static final SmtpReply UNAVAILABLE =
            new SmtpReply(451, "4.3.0", "Signature check temporarily unavailable, try again later");

    /** Returns the filter of bounces to unsigned addresses whose mail is signed. */
    static BounceFilter filter(Ses ses, BounceRules rules, InstantSource clock) {
        return BounceFilter.ofSes(
                address -> switch (ses.canSign(address)) {
                    case SIGNED -> SigningOutcome.SIGNED;
                    case FOREIGN -> SigningOutcome.NO_KEYS;
                    case ALREADY_SIGNED -> SigningOutcome.OTHER_SCHEME;
                    case TOO_LONG, UNSIGNABLE -> SigningOutcome.TOO_LONG;
                    case UNAVAILABLE -> SigningOutcome.KEYS_UNAVAILABLE;
                },
                rules,
                clock,
                FailureCounter.none());
    }

    @Override
    public boolean dependsOnRecipient(Transaction transaction) {
        return isBounce(transaction);
    }

    @Override
    public CompletionStage<StepResult> run(Transaction transaction, List<StepReport> before) {
        if (!isBounce(transaction)) {
            return verify(transaction.sender(), VerificationPurpose.PUBLIC);
        }
        String recipient = transaction.recipient().orElse(null);
        if (recipient == null) {
            return done(StepResult.skipped("no recipient so far"));
        }
        return isSigned(recipient)
                // The message may still be rejected: its use is counted when it is accepted.
                ? verify(recipient, VerificationPurpose.BOUNCE_PROBE)
                : done(unsigned(transaction, filter -> filter::atRcpt));
    }

    // A valid signature proves a bounce at the end of its message too.
    @Override
    public Optional<CompletionStage<StepResult>> run(Transaction transaction, ReceivedMessage message) {
        String recipient = transaction.recipient().orElse(null);
        if (recipient == null || !isBounce(transaction)) {
            return Optional.empty();
        }
        return Optional.of(
                isSigned(recipient)
                        ? run(transaction, List.of())
                        : done(unsigned(
                                transaction,
                                filter -> bounce -> filter.atEndOfData(bounce.with(message.content()))
                                        .recipients()
                                        .get(0))));
    }

    @Override
    public void accepted(Transaction transaction) {
        String recipient = transaction.recipient().orElse(null);
        if (isBounce(transaction) && recipient != null) {
            verify(recipient, VerificationPurpose.BOUNCE);
        }
    }

    private boolean isBounce(Transaction transaction) {
        return transaction.isBounce()
                || unsigned != null
                        && MailAddress.split(transaction.sender())
                                .filter(unsigned::isBounceSender)
                                .isPresent();
    }

    private static boolean isSigned(String address) {
        return LocalPartScheme.of(address).filter(LocalPartScheme.SES::equals).isPresent();
    }

    private StepResult unsigned(
            Transaction transaction, Function<BounceFilter, Function<Bounce, RecipientDecision>> stage) {
        return unsigned == null
                ? StepResult.skipped("not signed")
                : BatvCheck.bounce(transaction)
                        .map(stage.apply(unsigned))
                        .map(SesCheck::stepResult)
                        .orElseGet(() -> StepResult.skipped("invalid address"));
    }

    private static StepResult stepResult(RecipientDecision decision) {
        String reason = decision.reason() == BounceReason.NEVER_OURS
                ? "unsigned recipient, and the bounce returns a message never sent by our hosts"
                : "bounce to an unsigned address whose mail is signed";
        return switch (decision.action()) {
            case REJECT ->
                StepResult.fail("unsigned", reason, decision.smtpReply().orElseThrow());
            case DEFER ->
                StepResult.temperror(
                        "unsigned",
                        decision.reason().text(),
                        decision.smtpReply().orElseThrow());
            case CHECK_CONTENT -> StepResult.pending("unsigned", reason);
            case ADD_HEADER, QUARANTINE, DISCARD ->
                throw new IllegalStateException("builder accepted rules with the action " + decision.action());
            case ACCEPT -> StepResult.skipped("not signed");
        };
    }

    private CompletionStage<StepResult> verify(String address, VerificationPurpose use) {
        if (!isSigned(address)) {
            return done(StepResult.skipped("not signed"));
        }
        if (MailAddress.split(address).isEmpty()) {
            return done(StepResult.skipped("invalid address"));
        }
        if (!domains.contains(DomainNormalizer.ofAddress(address))) {
            return done(StepResult.skipped("signed by another domain"));
        }
        return ses.verifyAsync(address, use).thenApply(result -> Evidence.ses(stepResult(result, use), result));
    }

    private static StepResult stepResult(SesResult result, VerificationPurpose use) {
        String word = Ascii.text(result.verdict());
        String detail = result.reason().isEmpty() ? word : result.reason();
        return switch (result.verdict()) {
            case VALID -> StepResult.pass(word, detail);
            case UNSIGNED -> StepResult.skipped("not signed");
            case UNAVAILABLE -> StepResult.temperror(word, detail, UNAVAILABLE);
            default ->
                StepResult.fail(word, detail, use == VerificationPurpose.PUBLIC ? INVALID_SENDER : INVALID_BOUNCE);
        };
    }

    private static CompletionStage<StepResult> done(StepResult result) {
        return CompletableFuture.completedFuture(result);
    }
}

package org.senderauth.policy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutResult;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.callout.outcome.CalloutVerdict;
import org.senderauth.core.Ascii;
import org.senderauth.core.SmtpReply;
import org.senderauth.policy.StepResult.Outcome;

/**
 * Verifies the sender by a callout if no other step is conclusive. After a failed step, even a monitoring one, the callout
 * is skipped, because the owner of a probably forged domain must not be probed; after a temporary failure too, because the
 * client may try again.
 */
record CalloutCheck(CalloutVerifier callout) implements StepCheck {

    @Override
    public CompletionStage<StepResult> run(Transaction transaction, List<StepReport> before) {
        if (transaction.isBounce()) {
            return skipped("null sender");
        }
        for (StepReport report : before) {
            Outcome outcome = report.result().outcome();
            boolean proven = report.step() == Step.SES && outcome == Outcome.PASS;
            // A pending failure of SPF may become one.
            boolean mayFail = outcome == Outcome.FAIL || outcome == Outcome.PENDING || outcome == Outcome.TEMPERROR;
            if (proven || mayFail) {
                return skipped(report.step().text() + " is conclusive");
            }
        }
        boolean spfPass =
                StepCheck.outcome(before, Step.SPF).filter(Outcome.PASS::equals).isPresent();
        return callout.verifyAsync(CalloutRequest.sender(transaction.sender())
                        .client(transaction.client())
                        .spf(spfPass ? CalloutRequest.Spf.PASS : CalloutRequest.Spf.NONE)
                        .build())
                .thenCompose(result -> stepResult(result, answer -> Evidence.callout(verdict(answer), answer)));
    }

    private static CompletionStage<StepResult> skipped(String why) {
        return CompletableFuture.completedFuture(StepResult.skipped(why));
    }

    // Such as "rate limited (domain-rate), from precheck".
    static String explanation(CalloutResult result) {
        return Ascii.text(result.reason()).replace('-', ' ')
                + result.limiter().map(limiter -> " (" + limiter.text() + ")").orElse("")
                + ", from "
                + Ascii.text(result.source());
    }

    // An error inside is reported to the observer as that of any step.
    static CompletionStage<StepResult> stepResult(CalloutResult result, Function<CalloutResult, StepResult> verdict) {
        return result.failure()
                .map(CompletableFuture::<StepResult>failedFuture)
                .orElseGet(() -> CompletableFuture.completedFuture(verdict.apply(result)));
    }

    private static StepResult verdict(CalloutResult result) {
        String word = Ascii.text(result.verdict());
        String explanation = explanation(result);
        SmtpReply reply = result.smtpReply().orElse(null);
        return switch (result.verdict()) {
            case DELIVERABLE -> StepResult.pass(word, explanation);
            case SKIPPED -> StepResult.skipped(explanation);
            case CATCH_ALL -> StepResult.neutral(word, explanation);
            case UNDELIVERABLE, UNDECIDED -> {
                if (reply == null) {
                    yield StepResult.neutral(word, explanation);
                }
                yield reply.isPermanent() || result.verdict() == CalloutVerdict.UNDELIVERABLE
                        ? StepResult.fail(word, explanation, reply)
                        : StepResult.temperror(word, explanation, reply);
            }
        };
    }
}

package org.senderauth.policy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.senderauth.callout.CalloutRequest;
import org.senderauth.callout.CalloutResult;
import org.senderauth.callout.CalloutVerdict;
import org.senderauth.callout.CalloutVerifier;
import org.senderauth.core.SmtpReply;
import org.senderauth.policy.Finding.Standing;

/**
 * Asks the sender's mail server, where all other steps leave the sender open. What a step has found against the sender
 * is reason enough not to trouble the mail server of somebody who is probably forged, even if that step only reports;
 * so is trouble, since the client will come again.
 */
record CalloutCheck(CalloutVerifier callout) implements Check {

    @Override
    public CompletionStage<Finding> find(Transaction transaction, List<StepReport> before) {
        if (transaction.isBounce()) {
            return notAsked("the sender is null");
        }
        for (StepReport report : before) {
            Standing standing = report.finding().standing();
            boolean proven = report.step() == Step.SES && standing == Standing.GOOD;
            if (proven || standing == Standing.BAD || standing == Standing.TROUBLE) {
                return notAsked(report.step().text() + " says enough");
            }
        }
        boolean spfPass =
                Check.standing(before, Step.SPF).filter(Standing.GOOD::equals).isPresent();
        return callout.verify(CalloutRequest.sender(transaction.sender())
                        .client(transaction.client())
                        .spf(spfPass ? CalloutRequest.Spf.PASS : CalloutRequest.Spf.NONE)
                        .build())
                .thenApply(CalloutCheck::finding);
    }

    private static CompletionStage<Finding> notAsked(String why) {
        return CompletableFuture.completedFuture(Finding.notAsked(why));
    }

    private static Finding finding(CalloutResult result) {
        String word = Words.of(result.verdict());
        String explanation = Words.of(result.reason()).replace('-', ' ') + ", from " + Words.of(result.source());
        SmtpReply reply = result.reply();
        return switch (result.verdict()) {
            case DELIVERABLE -> Finding.good(word, explanation);
            case SKIPPED -> Finding.notAsked(explanation);
            case CATCH_ALL -> Finding.open(word, explanation);
            case UNDELIVERABLE, UNDECIDED -> {
                if (reply == null) {
                    yield Finding.open(word, explanation);
                }
                yield reply.isPermanent() || result.verdict() == CalloutVerdict.UNDELIVERABLE
                        ? Finding.bad(word, explanation, reply)
                        : Finding.trouble(word, explanation, reply);
            }
        };
    }
}

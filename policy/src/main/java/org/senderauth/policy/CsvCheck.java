package org.senderauth.policy;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.senderauth.core.SmtpReply;
import org.senderauth.csv.CsaVerdict;
import org.senderauth.csv.CsvQuery;
import org.senderauth.csv.CsvResult;
import org.senderauth.csv.CsvVerifier;

/** Checks the HELO name with CSV. */
record CsvCheck(CsvVerifier csv) implements StepCheck {

    @Override
    public CompletionStage<StepResult> run(Transaction transaction, List<StepReport> before) {
        return csv.verifyAsync(CsvQuery.of(transaction.client(), transaction.helo()))
                .thenApply(CsvCheck::stepResult);
    }

    private static StepResult stepResult(CsvResult result) {
        String word = result.verdict().text();
        String reason = result.reason();
        return switch (result.verdict()) {
            case NOT_APPLICABLE -> StepResult.skipped(reason);
            case TEMPERROR_SRV, TEMPERROR_ADDR ->
                StepResult.temperror(word, reason, SmtpReply.of(451, "4.4.3", "CSV: " + reason))
                        .with(result.authResult(), null);
            default ->
                result.smtpReply()
                        .map(reply -> StepResult.fail(word, reason, reply))
                        .orElseGet(() -> result.verdict() == CsaVerdict.PASS
                                ? StepResult.pass(word, reason)
                                : StepResult.neutral(word, reason))
                        .with(result.authResult(), null);
        };
    }
}

package org.senderauth.policy;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.senderauth.core.SmtpReply;
import org.senderauth.csv.CsaOutcome;
import org.senderauth.csv.CsvQuery;
import org.senderauth.csv.CsvResult;
import org.senderauth.csv.CsvVerifier;
import org.senderauth.policy.Finding.Trace;

/** Asks CSV about the HELO name. */
record CsvCheck(CsvVerifier csv) implements Check {

    @Override
    public CompletionStage<Finding> find(Transaction transaction, List<StepReport> before) {
        return csv.verifyAsync(CsvQuery.of(transaction.client(), transaction.helo()))
                .thenApply(CsvCheck::finding);
    }

    private static Finding finding(CsvResult result) {
        String word = result.outcome().text();
        String reason = result.reason();
        return switch (result.outcome()) {
            case NOT_APPLICABLE -> Finding.notAsked(reason);
            case TEMPERROR_SRV, TEMPERROR_ADDR ->
                Finding.trouble(word, reason, SmtpReply.of(451, "4.4.3", "CSV: " + reason))
                        .with(trace(result));
            default ->
                result.reply()
                        .map(reply -> Finding.bad(word, reason, reply))
                        .orElseGet(() -> result.outcome() == CsaOutcome.PASS
                                ? Finding.good(word, reason)
                                : Finding.open(word, reason))
                        .with(trace(result));
        };
    }

    private static Trace trace(CsvResult result) {
        return new Trace(result.authenticationResults(), null);
    }
}

package org.senderauth.policy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.senderauth.core.SmtpReply;
import org.senderauth.policy.Finding.Trace;
import org.senderauth.spf.SpfIdentity;
import org.senderauth.spf.SpfProblem;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.spf.syntax.IpAddress;

/** Asks SPF about one of the two identities. */
record SpfCheck(SpfVerifier spf, SpfIdentity identity, SpfStrictness strictness) implements Check {

    @Override
    public CompletionStage<Finding> find(Transaction transaction, List<StepReport> before) {
        if (identity == SpfIdentity.HELO && transaction.helo().isEmpty()) {
            return CompletableFuture.completedFuture(Finding.notAsked("the client said no HELO"));
        }
        SpfQuery query = identity == SpfIdentity.HELO
                ? SpfQuery.helo(transaction.client(), transaction.helo())
                : SpfQuery.mailFrom(transaction.client(), transaction.sender(), transaction.helo());
        return spf.verifyAsync(query).thenApply(result -> finding(result).with(trace(result)));
    }

    private Finding finding(SpfResult result) {
        String word = result.verdict().text();
        String explanation = explanation(result);
        SmtpReply suggested = result.smtpReply();
        return switch (result.verdict()) {
            case PASS -> Finding.good(word, explanation);
            case NEUTRAL, NONE -> Finding.open(word, explanation);
            case SOFTFAIL ->
                strictness.refusesSoftFail()
                        ? Finding.bad(word, explanation, SmtpReply.of(550, "5.7.23", "SPF: " + explanation))
                        : Finding.open(word, explanation);
            case PERMERROR ->
                strictness.refusesPermError() && suggested != null
                        ? Finding.bad(word, explanation, suggested)
                        : Finding.open(word, explanation);
            case FAIL -> Finding.bad(word, explanation, suggested);
            case TEMPERROR -> Finding.trouble(word, explanation, suggested);
        };
    }

    private static String explanation(SpfResult result) {
        IpAddress client = IpAddress.of(result.query().client());
        String domain = result.domain();
        String mechanism = result.mechanism() == null ? "" : " (" + result.mechanism() + ")";
        SpfProblem problem = result.problem();
        return switch (result.verdict()) {
            case PASS -> client + " may send for " + domain + mechanism;
            case FAIL -> client + " may not send for " + domain + mechanism;
            case SOFTFAIL -> client + " should not send for " + domain + mechanism;
            case NEUTRAL -> domain + " says nothing about " + client + mechanism;
            case NONE -> domain.isEmpty() ? "there is no domain to check" : domain + " has no SPF record";
            case TEMPERROR, PERMERROR ->
                problem == null ? "the record of " + domain + " has an error" : problem.toString();
        };
    }

    private Trace trace(SpfResult result) {
        String field = result.authenticationResults();
        // RFC 7208 section 9.1: one Received-SPF, for the identity that decides.
        String header = identity == SpfIdentity.HELO ? null : result.receivedSpf();
        return new Trace(field.substring(field.indexOf("; spf=") + 2), header);
    }
}

package org.senderauth.policy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SmtpReply;
import org.senderauth.spf.SpfIdentity;
import org.senderauth.spf.SpfProblem;
import org.senderauth.spf.SpfQuery;
import org.senderauth.spf.SpfResult;
import org.senderauth.spf.SpfVerifier;
import org.senderauth.spf.syntax.IpAddress;

/** Checks one of the two identities with SPF. */
record SpfCheck(SpfVerifier spf, SpfIdentity identity, SpfStrictness strictness) implements StepCheck {

    // RFC 5321 section 4.2.2, RFC 3463 section 3.2. Without a domain there is no check, so any client could avoid SPF.
    private static final SmtpReply MALFORMED =
            new SmtpReply(501, "5.1.7", "Sender address rejected: invalid address syntax");

    @Override
    public CompletionStage<StepResult> run(Transaction transaction, List<StepReport> before) {
        if (identity == SpfIdentity.HELO && transaction.helo().isEmpty()) {
            return CompletableFuture.completedFuture(StepResult.skipped("no HELO name"));
        }
        SpfQuery query = identity == SpfIdentity.HELO
                ? SpfQuery.helo(transaction.client(), transaction.helo())
                : SpfQuery.mailFrom(transaction.client(), transaction.sender(), transaction.helo());
        return spf.verifyAsync(query, usedQueries(before))
                .thenApply(result -> Evidence.spf(
                        stepResult(result).with(result.authResult(), header(result), result.queries()),
                        result,
                        spf.limits()));
    }

    // Both identities of a transaction share one limit of queries.
    private int usedQueries(List<StepReport> before) {
        return identity == SpfIdentity.HELO
                ? 0
                : before.stream()
                        .filter(report -> report.step() == Step.SPF_HELO)
                        .mapToInt(report -> report.result().queries())
                        .sum();
    }

    private StepResult stepResult(SpfResult result) {
        String word = result.verdict().text();
        String explanation = explanation(result);
        Optional<SmtpReply> suggested = result.smtpReply().or(result::permerrorReply);
        return switch (result.verdict()) {
            case PASS -> StepResult.pass(word, explanation);
            case NEUTRAL -> StepResult.neutral(word, explanation);
            case NONE ->
                identity == SpfIdentity.MAIL_FROM && isMalformed(result)
                        ? StepResult.fail(word, explanation, MALFORMED)
                        : StepResult.neutral(word, explanation);
            case SOFTFAIL ->
                strictness.rejectsSoftfail()
                        ? StepResult.fail(
                                word, explanation, SmtpReply.of(550, "5.7.23", "SPF check failed: " + explanation))
                        : StepResult.neutral(word, explanation);
            case PERMERROR ->
                strictness.rejectsPermerror() && suggested.isPresent()
                        ? StepResult.fail(word, explanation, suggested.orElseThrow())
                        : StepResult.neutral(word, explanation);
            case FAIL -> StepResult.fail(word, explanation, suggested.orElseThrow());
            case TEMPERROR -> StepResult.temperror(word, explanation, suggested.orElseThrow());
        };
    }

    // The problem of a null sender is that of the HELO name, which is invalid for many clients.
    private static boolean isMalformed(SpfResult result) {
        return result.problem().isPresent() && !result.query().mailFrom().isEmpty();
    }

    private static String explanation(SpfResult result) {
        IpAddress client = IpAddress.of(result.query().client());
        String domain = result.domain();
        String mechanism = result.mechanism().map(text -> " (" + text + ")").orElse("");
        SpfProblem problem = result.problem().orElse(null);
        return switch (result.verdict()) {
            case PASS -> client + " is authorized to send mail for " + domain + mechanism;
            case FAIL -> client + " is not authorized to send mail for " + domain + mechanism;
            case SOFTFAIL -> client + " is probably not authorized to send mail for " + domain + mechanism;
            case NEUTRAL -> domain + " does not determine whether " + client + " is authorized" + mechanism;
            case NONE -> {
                if (problem != null) {
                    yield problem.toString();
                }
                yield domain.isEmpty() ? "no domain to check" : domain + " has no SPF record";
            }
            case TEMPERROR, PERMERROR -> problem == null ? "error in the SPF record of " + domain : problem.toString();
        };
    }

    // RFC 7208 section 9.1: one Received-SPF, for the identity that decides.
    private @Nullable String header(SpfResult result) {
        return identity == SpfIdentity.HELO ? null : result.receivedSpf();
    }
}

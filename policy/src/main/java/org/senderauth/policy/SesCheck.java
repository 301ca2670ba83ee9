package org.senderauth.policy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.senderauth.core.SmtpReply;
import org.senderauth.ses.Ses;
import org.senderauth.ses.SesResult;
import org.senderauth.ses.SesUse;

/**
 * Verifies what carries one of our own signatures: the sender, or the recipient of a bounce. Signed senders of other
 * domains are asked about by SPF, through the {@code exists:} term of their records.
 */
record SesCheck(Ses ses, Set<String> domains) implements Check {

    private static final String TAG = "ses=";

    @Override
    public CompletionStage<Finding> find(Transaction transaction, List<StepReport> before) {
        if (!transaction.isBounce()) {
            return verify(transaction.sender(), SesUse.PUBLIC);
        }
        String recipient = transaction.recipient();
        return recipient == null
                ? CompletableFuture.completedFuture(Finding.notAsked("there is no recipient yet"))
                // The message itself may still be refused: it is counted when it is accepted.
                : verify(recipient, SesUse.BOUNCE_PROBE);
    }

    @Override
    public void accepted(Transaction transaction) {
        String recipient = transaction.recipient();
        if (transaction.isBounce() && recipient != null) {
            verify(recipient, SesUse.BOUNCE);
        }
    }

    private CompletionStage<Finding> verify(String address, SesUse use) {
        if (!address.toLowerCase(Locale.ROOT).startsWith(TAG)) {
            return CompletableFuture.completedFuture(Finding.notAsked("the address is not signed"));
        }
        if (!domains.contains(Domains.ofAddress(address))) {
            return CompletableFuture.completedFuture(Finding.notAsked("the signature is another domain's"));
        }
        return ses.verifyAsync(address, use).thenApply(SesCheck::finding);
    }

    private static Finding finding(SesResult result) {
        String word = Words.of(result.verdict());
        String detail = result.detail().isEmpty() ? "the signature is " + word : result.detail();
        return switch (result.verdict()) {
            case VALID -> Finding.good(word, detail);
            case NOT_SES -> Finding.notAsked("the address is not signed");
            case TRY_LATER ->
                Finding.trouble(word, detail, SmtpReply.of(451, "4.3.0", "The signature cannot be checked now"));
            default -> Finding.bad(word, detail, SmtpReply.of(550, "5.7.1", "Invalid SES signature"));
        };
    }
}

package org.senderauth.policy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.senderauth.batv.BatvVerdict;
import org.senderauth.batv.Bounce;
import org.senderauth.batv.BounceFilter;
import org.senderauth.batv.RecipientDecision;
import org.senderauth.core.MailAddress;
import org.senderauth.core.SmtpReply;

/** Lets the bounce filter judge a recipient. What it puts off until the content is there stays open here. */
record BatvCheck(BounceFilter filter) implements Check {

    @Override
    public CompletionStage<Finding> find(Transaction transaction, List<StepReport> before) {
        return CompletableFuture.completedFuture(find(transaction));
    }

    private Finding find(Transaction transaction) {
        String text = transaction.recipient();
        if (text == null) {
            return Finding.notAsked("there is no recipient yet");
        }
        Optional<MailAddress> recipient = MailAddress.split(text);
        Optional<MailAddress> sender = MailAddress.split(transaction.sender());
        if (recipient.isEmpty() || sender.isEmpty() && !transaction.isBounce()) {
            return Finding.notAsked("sender or recipient is no address");
        }
        return finding(
                filter.atRcpt(Bounce.to(sender.orElse(null), recipient.get()).from(transaction.client())));
    }

    private static Finding finding(RecipientDecision decision) {
        String word = decision.result().verdict().text();
        String reason = decision.reason().text();
        Optional<SmtpReply> reply = decision.reply();
        return switch (decision.action()) {
            case REFUSE -> Finding.bad(word, reason, reply.orElseThrow());
            case TRY_LATER -> Finding.trouble(word, reason, reply.orElseThrow());
            default ->
                decision.result().verdict() == BatvVerdict.VALID
                        ? Finding.good(word, reason)
                        : Finding.open(word, reason);
        };
    }
}

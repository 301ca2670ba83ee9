package org.senderauth.policy;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.senderauth.callout.DnsBlockList;
import org.senderauth.core.SmtpReply;

/** Looks up the client in DNS blocklists. A list that does not respond is ignored. */
record DnsblCheck(DnsBlockList lists) implements StepCheck {

    @Override
    public CompletionStage<StepResult> run(Transaction transaction, List<StepReport> before) {
        String client = transaction.client().getHostAddress();
        return lists.lookUp(transaction.client())
                .thenApply(listing -> listing.map(listed -> {
                            // The wording of Postfix's default_rbl_reply, which admins search their logs for.
                            String text =
                                    "Service unavailable; Client host [" + client + "] blocked using " + listed.zone();
                            return StepResult.fail(
                                    listed.code().getHostAddress(),
                                    client + " is listed by " + listed.zone(),
                                    SmtpReply.of(550, "5.7.1", text));
                        })
                        .orElseGet(() -> StepResult.neutral("unlisted", client + " is not listed")));
    }
}

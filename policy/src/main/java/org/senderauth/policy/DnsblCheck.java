package org.senderauth.policy;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.senderauth.callout.DnsBlockList;
import org.senderauth.core.SmtpReply;

/** Looks the client up in block lists. A list that does not answer lists nobody. */
record DnsblCheck(DnsBlockList lists) implements Check {

    @Override
    public CompletionStage<Finding> find(Transaction transaction, List<StepReport> before) {
        String client = transaction.client().getHostAddress();
        return lists.lookUp(transaction.client())
                .thenApply(listing -> listing.map(listed -> {
                            String text = client + " is listed by " + listed.zone();
                            return Finding.bad(
                                    listed.code().getHostAddress(),
                                    text,
                                    SmtpReply.of(550, "5.7.1", "Client host " + text));
                        })
                        .orElseGet(() -> Finding.open("unlisted", client + " is in none of the lists that answer")));
    }
}

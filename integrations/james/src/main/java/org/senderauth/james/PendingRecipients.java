package org.senderauth.james;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.james.core.MailAddress;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;
import org.senderauth.policy.Transaction;

/** The recipients of a session's message whose decision awaits the content. Used by the thread of one session. */
final class PendingRecipients {

    private static final AttachmentKey<PendingRecipients> KEY =
            AttachmentKey.of("org.senderauth.james.PENDING", PendingRecipients.class);

    private final Map<MailAddress, Transaction> transactions = new LinkedHashMap<>();

    static void add(SMTPSession session, MailAddress recipient, Transaction transaction) {
        PendingRecipients all = session.getAttachment(KEY, State.Transaction).orElseGet(PendingRecipients::new);
        all.transactions.put(recipient, transaction);
        session.setAttachment(KEY, all, State.Transaction);
    }

    /** The transactions by recipient; empty if no decision awaits the content. */
    static Map<MailAddress, Transaction> of(SMTPSession session) {
        return session.getAttachment(KEY, State.Transaction)
                .map(all -> all.transactions)
                .orElse(Map.of());
    }
}

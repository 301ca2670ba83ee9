package org.senderauth.james;

import java.util.HashMap;
import java.util.Map;
import org.apache.james.core.MailAddress;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;

/** The stripped recipients of a session, as the client sent them. Used by the thread of one session. */
final class StrippedRecipients {

    private static final AttachmentKey<StrippedRecipients> KEY =
            AttachmentKey.of("org.senderauth.james.RECIPIENTS", StrippedRecipients.class);

    private final Map<MailAddress, String> asReceived = new HashMap<>();

    static void add(SMTPSession session, MailAddress recipient, String asReceived) {
        StrippedRecipients all = session.getAttachment(KEY, State.Transaction).orElseGet(StrippedRecipients::new);
        all.asReceived.put(recipient, asReceived);
        session.setAttachment(KEY, all, State.Transaction);
    }

    static String asReceived(SMTPSession session, MailAddress recipient) {
        return session.getAttachment(KEY, State.Transaction)
                .map(all -> all.asReceived.get(recipient))
                .orElseGet(recipient::asString);
    }
}

package org.senderauth.james;

import java.util.HashMap;
import java.util.Map;
import org.apache.james.core.MailAddress;
import org.apache.james.protocols.api.ProtocolSession.AttachmentKey;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.smtp.SMTPSession;

/** How the client of a session wrote the recipients whose signatures are off by now. Used by one session's thread. */
final class SignedRecipients {

    private static final AttachmentKey<SignedRecipients> KEY =
            AttachmentKey.of("org.senderauth.james.RECIPIENTS", SignedRecipients.class);

    private final Map<MailAddress, String> asSaid = new HashMap<>();

    static void add(SMTPSession session, MailAddress recipient, String asSaid) {
        SignedRecipients all = session.getAttachment(KEY, State.Transaction).orElseGet(SignedRecipients::new);
        all.asSaid.put(recipient, asSaid);
        session.setAttachment(KEY, all, State.Transaction);
    }

    static String asSaid(SMTPSession session, MailAddress recipient) {
        return session.getAttachment(KEY, State.Transaction)
                .map(all -> all.asSaid.get(recipient))
                .orElseGet(recipient::asString);
    }
}

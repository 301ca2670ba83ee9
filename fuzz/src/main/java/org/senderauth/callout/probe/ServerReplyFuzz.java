package org.senderauth.callout.probe;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.senderauth.callout.outcome.PostmasterCheck;
import org.senderauth.callout.outcome.ReplyClassifier;
import org.senderauth.callout.outcome.ReplyStage;
import org.senderauth.callout.outcome.ServerReply;

/** Replies of SMTP servers to a callout, read and classified at each stage. */
public final class ServerReplyFuzz {

    private ServerReplyFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        ServerReply reply;
        try {
            reply = new ReplyReader(new ByteArrayInputStream(data)).read();
        } catch (IOException expected) {
            return; // the probe ends there
        }
        for (ReplyStage stage : ReplyStage.values()) {
            for (PostmasterCheck postmaster : PostmasterCheck.values()) {
                ReplyClassifier.classify(reply, stage, postmaster);
            }
        }
    }
}

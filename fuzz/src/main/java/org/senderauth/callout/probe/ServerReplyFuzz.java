package org.senderauth.callout.probe;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.senderauth.callout.reply.PostmasterCheck;
import org.senderauth.callout.reply.ReplyClassifier;
import org.senderauth.callout.reply.ReplyStage;
import org.senderauth.callout.reply.ServerReply;

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

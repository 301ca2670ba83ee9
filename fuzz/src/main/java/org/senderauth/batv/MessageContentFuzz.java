package org.senderauth.batv;

/** The content of a message, as a bounce filter classifies it. */
public final class MessageContentFuzz {

    private MessageContentFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        MessageContent.of(data);
    }
}

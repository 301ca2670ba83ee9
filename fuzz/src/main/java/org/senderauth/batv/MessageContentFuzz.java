package org.senderauth.batv;

/** The content of a message, as a bounce filter classifies it: whole, and in the pieces that arrive. */
public final class MessageContentFuzz {

    private static final int PIECE = 7;

    private MessageContentFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        MessageExcerpt excerpt = new MessageExcerpt();
        for (int at = 0; at < data.length; at += PIECE) {
            excerpt.append(data, at, Math.min(PIECE, data.length - at));
        }
        if (!MessageContent.of(data)
                .toString()
                .equals(MessageContent.of(excerpt).toString())) {
            throw new AssertionError("another content in pieces");
        }
    }
}

package org.senderauth.milter;

/** Packets of both directions of the milter protocol. */
public final class MilterPacketFuzz {

    private MilterPacketFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        CommandCodec.parse(data);
        AnswerCodec.parse(data);
    }
}

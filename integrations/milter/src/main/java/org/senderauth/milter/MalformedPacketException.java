package org.senderauth.milter;

/** A packet that {@link PacketReader} cannot read. The codecs catch it. */
final class MalformedPacketException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedPacketException(String message) {
        super(message, null, false, false);
    }
}

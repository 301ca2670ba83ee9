package org.senderauth.batv;

/**
 * A part of a message (RFC 2046 section 5.1), or its whole body. A multipart is a part that contains nothing itself.
 *
 * @param type its type; {@code text/plain} where no Content-Type is given (RFC 2045 section 5.2)
 * @param header its header
 * @param start the offset of its first body character
 * @param end the offset after its last body character
 */
record MimePart(ContentType type, HeaderFields header, int start, int end) {

    static ContentType typeOf(HeaderFields header) {
        ContentType type = ContentType.parse(header.first("content-type"));
        return type.type().isEmpty() ? ContentType.PLAIN : type;
    }

    boolean isMultipart() {
        return type.type().startsWith("multipart/");
    }

    boolean isEncoded() {
        return EncodedText.isEncoded(header.first("content-transfer-encoding"));
    }

    /** The body without its transfer encoding; both are Latin-1. */
    String decoded(String message) {
        return EncodedText.transfer(message.substring(start, end), header.first("content-transfer-encoding"));
    }
}

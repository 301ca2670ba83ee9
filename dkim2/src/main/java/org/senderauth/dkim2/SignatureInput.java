package org.senderauth.dkim2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The bytes that a signature covers (draft-ietf-dkim-dkim2-spec-06 sections 9.6 and 11.6). Made from the fields as they
 * were received, not from their parsed values: case, unknown tags and a missing last semicolon are signed too.
 */
final class SignatureInput {

    private SignatureInput() {}

    /** A field without spaces and folds, with a CRLF. */
    static byte[] fieldForm(String name, String value) {
        return (name + ":" + TagList.withoutBlanks(value) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A signature field without its signature values; selectors, algorithms and separators stay. */
    static byte[] emptiedForm(String value) {
        String packed = TagList.withoutBlanks(value);
        StringBuilder emptied = new StringBuilder(packed.length());
        int at = 0;
        while (at < packed.length()) {
            int semicolon = packed.indexOf(';', at);
            int end = semicolon < 0 ? packed.length() : semicolon;
            String tag = packed.substring(at, end);
            emptied.append(tag.regionMatches(true, 0, "s=", 0, 2) ? emptied(tag) : tag);
            if (semicolon >= 0) {
                emptied.append(';');
            }
            at = end + 1;
        }
        return (Dkim2Signature.NAME + ":" + emptied + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String emptied(String tag) {
        StringBuilder kept = new StringBuilder();
        int colons = 0;
        for (int i = 0; i < tag.length(); i++) {
            char c = tag.charAt(i);
            if (c == ',' || c == '|') {
                colons = 0;
            }
            if (colons < 2) {
                kept.append(c);
            }
            if (c == ':') {
                colons++;
            }
        }
        return kept.toString();
    }

    /** Everything that one signature of a message covers. */
    static byte[] of(SignedMessage message, Dkim2Signature signature) {
        ByteArrayOutputStream input = new ByteArrayOutputStream(1024);
        for (MessageInstance instance : message.instances()) {
            if (instance.number() <= signature.instance()) {
                input.writeBytes(fieldForm(MessageInstance.NAME, instance.value()));
            }
        }
        for (Dkim2Signature earlier : message.signatures()) {
            if (earlier.number() < signature.number()) {
                input.writeBytes(fieldForm(Dkim2Signature.NAME, earlier.value()));
            }
        }
        input.writeBytes(emptiedForm(signature.value()));
        return input.toByteArray();
    }
}

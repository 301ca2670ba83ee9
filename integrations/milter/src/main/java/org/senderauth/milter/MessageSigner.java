package org.senderauth.milter;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.senderauth.dkim2.Dkim2BodyHasher;
import org.senderauth.dkim2.Dkim2Signers;

/**
 * Signs outbound messages with DKIM2, after the envelope sender was signed.
 *
 * @param signers the signers by domain
 */
record MessageSigner(Dkim2Signers signers) {

    /** Tests whether mail of a sender is signed. */
    boolean signs(String sender) {
        return signers.cover(sender);
    }

    /**
     * Signs a message.
     *
     * @param beginning the beginning of the message with its header
     * @param body the hash of its body
     * @param sender the envelope sender as it leaves
     * @param recipients the recipients that it leaves for
     * @return the fields, topmost first; empty if it is not signed
     */
    List<Field> sign(byte[] beginning, Dkim2BodyHasher body, String sender, List<String> recipients) {
        String text = new String(beginning, StandardCharsets.ISO_8859_1);
        int end = text.startsWith("\r\n") ? 0 : text.indexOf("\r\n\r\n");
        if (end < 0) {
            return List.of();
        }
        String header = text.substring(0, end == 0 ? 0 : end + 2);
        return signers.trySign(header.getBytes(StandardCharsets.ISO_8859_1), body, sender, recipients)
                .header()
                .map(MessageSigner::fields)
                .orElse(List.of());
    }

    private static List<Field> fields(String header) {
        return Stream.of(header.split("\r\n(?![ \t])")).map(Field::of).toList();
    }

    /** A header field to be added. */
    record Field(String name, String value) {

        // Milters fold with LF alone.
        private static Field of(String field) {
            int colon = field.indexOf(':');
            return new Field(
                    field.substring(0, colon),
                    field.substring(colon + 1).strip().replace("\r\n", "\n"));
        }
    }
}

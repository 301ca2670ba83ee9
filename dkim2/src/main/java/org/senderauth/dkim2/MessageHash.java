package org.senderauth.dkim2;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.senderauth.dkim2.WireMessage.Field;

/** The canonical forms of header and body, and their hashes (draft-ietf-dkim-dkim2-spec-06 section 6). Stateless. */
final class MessageHash {

    private static final byte[] CRLF = {'\r', '\n'};

    private MessageHash() {}

    /** The header as it is hashed: names in lower case, unfolded, spaces reduced, sorted; equal names lowest first. */
    static byte[] headerInput(WireMessage message, HeaderList list) {
        List<Field> fields = new ArrayList<>();
        for (Field field : message.fields()) {
            if (list.isSigned(field.name())) {
                fields.add(field);
            }
        }
        Collections.reverse(fields);
        fields.sort(Comparator.comparing(Field::name));
        byte[] input = new byte[size(fields)];
        int at = 0;
        for (Field field : fields) {
            for (int i = 0; i < field.name().length(); i++) {
                input[at++] = (byte) field.name().charAt(i);
            }
            input[at++] = ':';
            at = writeRelaxed(message.raw(), field.valueStart(), field.end(), input, at);
            input[at++] = '\r';
            input[at++] = '\n';
        }
        return Arrays.copyOf(input, at);
    }

    private static int size(List<Field> fields) {
        int size = 0;
        for (Field field : fields) {
            size += field.name().length() + 1 + field.end() - field.valueStart() + CRLF.length;
        }
        return size;
    }

    // A space is written only once something follows it, which drops those at both ends.
    private static int writeRelaxed(byte[] raw, int from, int to, byte[] out, int start) {
        int at = start;
        boolean space = false;
        for (int i = from; i < to; i++) {
            if (WireMessage.isBlank(raw[i])) {
                space = true;
            } else if (raw[i] == '\r' && i + 1 < to && raw[i + 1] == '\n') {
                i++;
            } else {
                if (space && at > start) {
                    out[at++] = ' ';
                }
                out[at++] = raw[i];
                space = false;
            }
        }
        return at;
    }

    /** The end of the body without the newlines at its end; the hash covers these bytes and one CRLF. */
    static int bodyEnd(WireMessage message) {
        byte[] raw = message.raw();
        int end = message.end();
        while (end - 2 >= message.bodyStart() && raw[end - 2] == '\r' && raw[end - 1] == '\n') {
            end -= 2;
        }
        return end;
    }

    static byte[] header(WireMessage message, HeaderList list, HashAlgorithm algorithm) {
        return algorithm.digest().digest(headerInput(message, list));
    }

    static byte[] body(WireMessage message, HashAlgorithm algorithm) {
        MessageDigest digest = algorithm.digest();
        digest.update(message.raw(), message.bodyStart(), bodyEnd(message) - message.bodyStart());
        return digest.digest(CRLF);
    }

    /** The hash algorithms of h= (section 3); names are compared byte for byte. */
    enum HashAlgorithm {
        SHA256("sha256", "SHA-256"),
        SHA512("sha512", "SHA-512");

        private final String tagName;
        private final String jcaName;

        HashAlgorithm(String tagName, String jcaName) {
            this.tagName = tagName;
            this.jcaName = jcaName;
        }

        String tagName() {
            return tagName;
        }

        MessageDigest digest() {
            try {
                return MessageDigest.getInstance(jcaName);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has " + jcaName, e);
            }
        }
    }
}

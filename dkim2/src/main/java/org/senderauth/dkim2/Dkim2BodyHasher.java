package org.senderauth.dkim2;

import java.security.MessageDigest;
import java.util.Objects;
import org.senderauth.dkim2.MessageHash.HashAlgorithm;

/**
 * The hash of a body that arrives in pieces, for {@link Dkim2Signer#trySign(byte[], Dkim2BodyHasher, String,
 * java.util.List)}: no body is kept. Newlines at the end do not count (draft-ietf-dkim-dkim2-spec-06 section 6.1). Not
 * thread-safe.
 */
public final class Dkim2BodyHasher {

    private static final byte[] CRLF = {'\r', '\n'};

    private final MessageDigest digest = HashAlgorithm.SHA256.digest();
    // What may belong to the newlines at the end: whole ones, and then a CR.
    private long newlines;
    private boolean cr;

    /** A hasher that has read nothing: the hash of an empty body. */
    public Dkim2BodyHasher() {}

    /**
     * Adds the next piece of the body.
     *
     * @param bytes an array with the piece, with CRLF newlines and without dot-stuffing
     * @param offset the first byte of the piece
     * @param count the number of bytes of the piece
     * @throws IndexOutOfBoundsException if the piece is not in the array
     */
    public void update(byte[] bytes, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, bytes.length);
        int end = offset + count;
        int at = offset;
        while (at < end) {
            if (cr && bytes[at] == '\n') {
                cr = false;
                newlines++;
                at++;
            } else if (!cr && bytes[at] == '\r') {
                cr = true;
                at++;
            } else {
                flush();
                // A second CR after the first, which was data, may begin a newline.
                int run = at;
                while (run < end && bytes[run] != '\r') {
                    run++;
                }
                digest.update(bytes, at, run - at);
                at = run;
            }
        }
    }

    private void flush() {
        for (; newlines > 0; newlines--) {
            digest.update(CRLF);
        }
        if (cr) {
            digest.update((byte) '\r');
            cr = false;
        }
    }

    /** The hash; the hasher cannot be used after it. */
    byte[] hash() {
        if (cr) {
            flush();
        }
        return digest.digest(CRLF);
    }
}

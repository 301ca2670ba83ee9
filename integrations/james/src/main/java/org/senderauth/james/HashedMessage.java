package org.senderauth.james;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.List;
import org.senderauth.dkim2.Dkim2BodyHasher;
import org.senderauth.dkim2.Dkim2Signers;
import org.senderauth.dkim2.Dkim2SigningResult;

/**
 * The header of a message and the hash of its body, as they will be on the wire: each CR, LF and CRLF is a newline, as
 * James's client sends it. Not thread-safe.
 */
final class HashedMessage extends OutputStream {

    /** The maximum number of bytes of a header that are kept: some more than can be signed, so that a cut one never is. */
    static final int MAX_HEADER_BYTES = (256 << 10) + 16;

    private static final byte[] CRLF = {'\r', '\n'};

    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private final Dkim2BodyHasher body = new Dkim2BodyHasher();
    private boolean inBody;
    private boolean lineStart = true;
    private boolean afterCr;

    @Override
    public void write(int octet) {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        int end = offset + count;
        int at = offset;
        while (at < end) {
            int run = at;
            while (run < end && bytes[run] != '\r' && bytes[run] != '\n') {
                run++;
            }
            if (run > at) {
                add(bytes, at, run - at);
                lineStart = false;
                afterCr = false;
            }
            if (run < end) {
                if (bytes[run] == '\r' || !afterCr) {
                    newline();
                }
                afterCr = bytes[run] == '\r';
            }
            at = run + 1;
        }
    }

    private void newline() {
        add(CRLF, 0, CRLF.length);
        // The empty line after the header.
        inBody |= lineStart;
        lineStart = true;
    }

    private void add(byte[] bytes, int offset, int count) {
        if (inBody) {
            body.update(bytes, offset, count);
        } else {
            header.write(bytes, offset, Math.min(count, MAX_HEADER_BYTES - header.size()));
        }
    }

    /** Signs what was written. */
    Dkim2SigningResult sign(Dkim2Signers signers, String mailFrom, List<String> rcptTo) {
        return signers.trySign(header.toByteArray(), body, mailFrom, rcptTo);
    }
}

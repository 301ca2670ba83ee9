package org.senderauth.callout.probe;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * A socket whose reads fail after a deadline. A socket timeout starts anew with every byte, so a peer that sends byte by
 * byte could block a read without limit. A TLS socket over this one reads through it and has the same deadline.
 */
final class DeadlineSocket extends Socket {

    private volatile Deadline deadline;

    DeadlineSocket(Deadline deadline) {
        this.deadline = deadline;
    }

    /** Sets the deadline of reads from now on. */
    void readBy(Deadline newDeadline) {
        deadline = newDeadline;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                awaitUntilDeadline();
                return super.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                awaitUntilDeadline();
                return super.read(buffer, offset, length);
            }
        };
    }

    private void awaitUntilDeadline() throws IOException {
        int millis = deadline.millisLeft();
        if (millis <= 0) {
            throw new SocketTimeoutException("the time for a reply is over");
        }
        setSoTimeout(millis);
    }
}

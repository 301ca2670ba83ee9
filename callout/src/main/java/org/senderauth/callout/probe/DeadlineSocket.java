package org.senderauth.callout.probe;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * A socket whose reads fail once a deadline is over. A timeout of the socket itself starts anew with every octet, so
 * that a peer which drips can hold it for ever. A TLS socket laid over this one reads through it, and inherits that.
 */
final class DeadlineSocket extends Socket {

    private volatile Deadline deadline;

    DeadlineSocket(Deadline deadline) {
        this.deadline = deadline;
    }

    /** Reads from now on fail when this is over. */
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
            throw new SocketTimeoutException("the time for an answer is over");
        }
        setSoTimeout(millis);
    }
}

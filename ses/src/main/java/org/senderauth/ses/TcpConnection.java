package org.senderauth.ses;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection (RFC 7766): queries with their length before them, pipelined as the client likes. All complete
 * queries that have arrived are answered together and in order, and what was asked is answered before the connection
 * ends. It serves until the client closes it or exceeds the timeout.
 */
final class TcpConnection {

    /** The maximum number of queries that are answered together. */
    static final int MAX_BATCH = 256;

    private static final int LENGTH_BYTES = 2;
    private static final int MAX_MESSAGE = LENGTH_BYTES + DnsResponder.MAX_TCP;
    private static final int FIRST_BUFFER = 4 << 10;
    private static final int FLUSH_BYTES = 16 << 10;

    private final Socket socket;
    private final DnsResponder responder;
    private final long timeoutNanos;

    private byte[] received = new byte[FIRST_BUFFER];
    private int start;
    private int end;
    private byte[] written = new byte[FIRST_BUFFER];
    private int writtenBytes;

    private volatile long deadline;
    private volatile boolean idle;

    TcpConnection(Socket socket, DnsResponder responder, Duration timeout) {
        this.socket = socket;
        this.responder = responder;
        this.timeoutNanos = timeout.toNanos();
        extendDeadline();
    }

    private void extendDeadline() {
        deadline = System.nanoTime() + timeoutNanos;
    }

    /** Tests whether the time for the current query or response is over. */
    boolean isOverdue() {
        return System.nanoTime() - deadline > 0;
    }

    /** Tests whether the connection waits for a query, or for the rest of it. */
    boolean isIdle() {
        return idle;
    }

    /** Waits for queries and answers those that have arrived; false at the end of the connection. */
    boolean exchange() throws IOException {
        if (length() < 0 && !receive()) {
            return false;
        }
        idle = false;
        List<CompletableFuture<byte @Nullable []>> answers = new ArrayList<>();
        for (int length = length(); length >= 0 && answers.size() < MAX_BATCH; length = length()) {
            int from = start + LENGTH_BYTES;
            start = from + length;
            answers.add(responder
                    .answer(Arrays.copyOfRange(received, from, start), socket.getInetAddress(), false)
                    .toCompletableFuture());
        }
        for (CompletableFuture<byte @Nullable []> answer : answers) {
            extendDeadline();
            // The zone answers within the ledger's timeout.
            byte[] bytes = answer.join();
            if (bytes == null) {
                flush();
                return false;
            }
            write(bytes);
        }
        flush();
        return true;
    }

    /** Marks the connection as idle; the caller then checks whether the server was closed before. */
    void await() {
        extendDeadline();
        idle = length() < 0;
    }

    /** Tests whether nothing is lost if the connection is closed now, as far as can be known. */
    boolean isDrained() throws IOException {
        return start == end && socket.getInputStream().available() == 0;
    }

    /** The length of the first message in the buffer; negative if it is incomplete. */
    private int length() {
        if (end - start < LENGTH_BYTES) {
            return -1;
        }
        int length = (received[start] & 0xff) << 8 | received[start + 1] & 0xff;
        return end - start - LENGTH_BYTES < length ? -1 : length;
    }

    /** Reads until a message is complete; false at the end of the stream. */
    private boolean receive() throws IOException {
        InputStream in = socket.getInputStream();
        while (length() < 0) {
            if (start > 0) {
                System.arraycopy(received, start, received, 0, end - start);
                end -= start;
                start = 0;
            }
            if (end == received.length) {
                received = Arrays.copyOf(received, MAX_MESSAGE);
            }
            int count = in.read(received, end, received.length - end);
            if (count < 0) {
                return false;
            }
            end += count;
        }
        return true;
    }

    private void write(byte[] answer) throws IOException {
        int bytes = LENGTH_BYTES + answer.length;
        if (writtenBytes + bytes > written.length) {
            written = Arrays.copyOf(written, Math.max(2 * written.length, writtenBytes + bytes));
        }
        written[writtenBytes] = (byte) (answer.length >> 8);
        written[writtenBytes + 1] = (byte) answer.length;
        System.arraycopy(answer, 0, written, writtenBytes + LENGTH_BYTES, answer.length);
        writtenBytes += bytes;
        if (writtenBytes >= FLUSH_BYTES) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (writtenBytes > 0) {
            extendDeadline();
            OutputStream out = socket.getOutputStream();
            out.write(written, 0, writtenBytes);
            writtenBytes = 0;
        }
    }

    /** Closes the connection. */
    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            TcpListener.LOG.log(System.Logger.Level.DEBUG, "tcp", e);
        }
    }
}

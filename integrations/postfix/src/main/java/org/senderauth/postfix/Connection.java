package org.senderauth.postfix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.senderauth.postfix.ServerObserver.End;

/**
 * One connection and its dialogue. {@link #run} is the thread that serves it; {@link #expire} and {@link #stop} are
 * called from others and end the connection under its hands.
 */
final class Connection<R> implements Runnable {

    // WAITING: no octet of a request has been seen; the connection may be closed without harm.
    private enum State {
        WAITING,
        WORKING,
        ENDED
    }

    private final SocketChannel channel;
    private final Protocol<R> protocol;
    private final ServerLimits limits;
    private final ServerObserver observer;
    private final LongSupplier nanoTime;
    private final Runnable onEnd;
    private final RequestInput in;

    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final AtomicReference<End> end = new AtomicReference<>();
    private volatile boolean stopping;
    private volatile long expiry;

    Connection(
            SocketChannel channel,
            Protocol<R> protocol,
            ServerLimits limits,
            ServerObserver observer,
            LongSupplier nanoTime,
            Runnable onEnd) {
        this.channel = channel;
        this.protocol = protocol;
        this.limits = limits;
        this.observer = observer;
        this.nanoTime = nanoTime;
        this.onEnd = onEnd;
        this.in = new RequestInput(channel);
        within(limits.idleTime());
    }

    @Override
    public void run() {
        End how = End.LOST;
        try {
            how = serve();
        } catch (ClosedChannelException e) {
            // expire() or stop() closed it and said why.
            how = End.STOP;
        } catch (IOException e) {
            how = End.LOST;
        } catch (RuntimeException | Error e) {
            observer.failed(e);
            how = End.TROUBLE;
        } finally {
            close(how);
            observer.closed(end.get());
            onEnd.run();
        }
    }

    private End serve() throws IOException {
        while (true) {
            if (in.peek() < 0) {
                return End.PEER;
            }
            if (!state.compareAndSet(State.WAITING, State.WORKING)) {
                return End.STOP;
            }
            within(limits.requestTime());
            R request;
            try {
                request = protocol.read(in);
            } catch (BrokenRequestException e) {
                return End.BROKEN;
            }
            long start = nanoTime.getAsLong();
            within(limits.answerTime());
            Protocol.Reply reply = protocol.answer(request);
            within(limits.writeTime());
            for (ByteBuffer rest = ByteBuffer.wrap(reply.octets()); rest.hasRemaining(); ) {
                channel.write(rest);
            }
            within(limits.idleTime());
            observer.answered(Duration.ofNanos(nanoTime.getAsLong() - start));
            if (!reply.keepsConnection()) {
                return End.PEER;
            }
            if (!state.compareAndSet(State.WORKING, State.WAITING) || stopping && waitingEnds()) {
                return End.STOP;
            }
        }
    }

    private boolean waitingEnds() {
        return state.compareAndSet(State.WAITING, State.ENDED);
    }

    private void within(Duration time) {
        expiry = nanoTime.getAsLong() + time.toNanos();
    }

    /** Closes the connection if the time of what it is doing is over. */
    void expire(long now) {
        if (now - expiry >= 0) {
            close(End.TIMEOUT);
        }
    }

    /** Closes the connection if it waits for a request, else lets it end the one that it has. */
    void stop() {
        stopping = true;
        if (waitingEnds()) {
            close(End.STOP);
        }
    }

    /** Ends the dialogue, if it still goes on; only the first reason counts. */
    void close(End how) {
        end.compareAndSet(null, how);
        state.set(State.ENDED);
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}

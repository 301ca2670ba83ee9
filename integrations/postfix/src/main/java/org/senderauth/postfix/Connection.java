package org.senderauth.postfix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.postfix.ServerObserver.CloseReason;

/**
 * One connection and its requests. {@link #run} is the thread that serves it; {@link #expire} and {@link #stop} are
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
    private final AtomicReference<@Nullable CloseReason> end = new AtomicReference<>();
    private volatile boolean stopping;
    private volatile long expiry;
    private volatile long waitingSince;

    Connection(
            SocketChannel channel,
            Protocol<R> protocol,
            ServerLimits limits,
            ServerObserver observer,
            LongSupplier nanoTime,
            Runnable onEnd) {
        this.channel = channel;
        this.protocol = protocol.connected();
        this.limits = limits;
        this.observer = observer;
        this.nanoTime = nanoTime;
        this.onEnd = onEnd;
        this.in = new RequestInput(channel);
        waits();
    }

    @Override
    public void run() {
        CloseReason how = CloseReason.LOST;
        try {
            how = serve();
        } catch (ClosedChannelException e) {
            // expire() or stop() closed it and said why.
            how = CloseReason.STOP;
        } catch (IOException e) {
            how = CloseReason.LOST;
        } catch (RuntimeException | Error e) {
            observer.failed(e);
            how = CloseReason.TROUBLE;
        } finally {
            // Else the connection would be counted as open for as long as the server runs.
            try {
                close(how);
                observer.closed(Objects.requireNonNull(end.get()));
            } finally {
                onEnd.run();
            }
        }
    }

    private CloseReason serve() throws IOException {
        boolean continues = false;
        while (true) {
            if (in.peek() < 0) {
                return CloseReason.PEER;
            }
            if (!continues && !state.compareAndSet(State.WAITING, State.WORKING)) {
                return CloseReason.STOP;
            }
            within(limits.requestTime());
            R request;
            try {
                request = protocol.read(in);
            } catch (MalformedRequestException e) {
                return CloseReason.BROKEN;
            }
            long start = nanoTime.getAsLong();
            within(limits.answerTime());
            Protocol.Reply reply = protocol.answer(request, this::write);
            within(limits.writeTime());
            write(reply.octets());
            waits();
            CloseReason ends = endAfter(reply);
            // Some requests of a milter have no reply, and are too many to be observed one by one.
            if (reply.octets().length > 0) {
                observer.answered(Duration.ofNanos(nanoTime.getAsLong() - start));
            }
            if (ends != null) {
                return ends;
            }
            continues = reply.continues();
        }
    }

    // Null if the connection stays open. Unless the reply belongs to a longer exchange, it waits from here on.
    private @Nullable CloseReason endAfter(Protocol.Reply reply) {
        if (!reply.keepsConnection()) {
            return CloseReason.PEER;
        }
        if (reply.continues()) {
            return null;
        }
        boolean waits = state.compareAndSet(State.WORKING, State.WAITING) && !(stopping && waitingEnds());
        return waits ? null : CloseReason.STOP;
    }

    private void write(byte[] octets) throws IOException {
        for (ByteBuffer rest = ByteBuffer.wrap(octets); rest.hasRemaining(); ) {
            channel.write(rest);
        }
    }

    private boolean waitingEnds() {
        return state.compareAndSet(State.WAITING, State.ENDED);
    }

    private void waits() {
        waitingSince = nanoTime.getAsLong();
        within(limits.idleTime());
    }

    private void within(Duration time) {
        expiry = nanoTime.getAsLong() + time.toNanos();
    }

    /** Closes the connection if its current timeout has expired. */
    void expire(long now) {
        if (now - expiry >= 0) {
            close(CloseReason.TIMEOUT);
        }
    }

    /** Closes the connection if it waits for a request, else lets it end the one that it has. */
    void stop() {
        stopping = true;
        if (waitingEnds()) {
            close(CloseReason.STOP);
        }
    }

    /** {@return whether it waits for a request} */
    boolean isWaiting() {
        return state.get() == State.WAITING;
    }

    /** {@return since when it waits for a request, on the monotonic clock} */
    long waitingSince() {
        return waitingSince;
    }

    /** Closes the connection if it waits for a request. */
    boolean giveWay() {
        boolean waited = waitingEnds();
        if (waited) {
            close(CloseReason.GAVE_WAY);
        }
        return waited;
    }

    /** Closes the connection if it is open; only the first reason counts. */
    void close(CloseReason how) {
        end.compareAndSet(null, how);
        state.set(State.ENDED);
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}

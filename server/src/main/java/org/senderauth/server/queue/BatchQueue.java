package org.senderauth.server.queue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.ToLongFunction;

/**
 * A queue for one thread of its own, which takes items in batches. {@link #add} never waits for that thread: the queue is
 * bounded in bytes, and items that do not fit are dropped and counted. Thread-safe.
 *
 * @param <T> an item
 */
public final class BatchQueue<T> implements AutoCloseable {

    // Items are taken together when more than one waits, up to this many bytes.
    private static final long MAX_BATCH_BYTES = 64 << 10;

    private final long maxBytes;
    private final ToLongFunction<T> bytes;
    private final Sink<T> sink;
    private final Duration tick;
    private final Thread thread;
    private final Queue<T> items = new ArrayDeque<>();
    private long queuedBytes;
    private long dropped;
    private long reported;
    private boolean closed;

    /**
     * Receives queued entries.
     *
     * @param <T> an item
     */
    @FunctionalInterface
    public interface Sink<T> {

        /**
         * Receives a batch, on the queue's thread. An exception ends the thread.
         *
         * @param batch the items in order; empty after a tick without items
         * @param dropped how many items were dropped since the last call
         * @param total how many were dropped since the start
         * @return how many items of the batch could not be used: they count as dropped, and are not reported again
         */
        int accept(List<T> batch, long dropped, long total);
    }

    /**
     * Creates a queue; {@link #start} starts its thread.
     *
     * @param thread the name of the thread
     * @param maxBytes the maximum size of the items that wait, in bytes
     * @param bytes the size of an item in bytes of memory
     * @param tick the time after which the sink is called without items; zero for never
     * @param sink takes the batches
     */
    public BatchQueue(String thread, long maxBytes, ToLongFunction<T> bytes, Duration tick, Sink<T> sink) {
        this.maxBytes = maxBytes;
        this.bytes = bytes;
        this.tick = tick;
        this.sink = sink;
        this.thread = new Thread(this::run, thread);
        this.thread.setDaemon(true);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /**
     * Queues an item, or drops it. Never waits for the sink.
     *
     * @param item the item
     */
    public void add(T item) {
        long size = bytes.applyAsLong(item);
        synchronized (items) {
            if (closed || queuedBytes + size > maxBytes) {
                dropped++;
                return;
            }
            queuedBytes += size;
            items.add(item);
            items.notifyAll();
        }
    }

    /**
     * Returns how many items were dropped, because the sink was too slow or could not use them.
     *
     * @return their number since the start
     */
    public long dropped() {
        synchronized (items) {
            return dropped;
        }
    }

    private void run() {
        List<T> batch = new ArrayList<>();
        try {
            while (true) {
                long newlyDropped;
                long total;
                synchronized (items) {
                    boolean more = take(batch);
                    newlyDropped = dropped - reported;
                    total = dropped;
                    reported = dropped;
                    if (!more) {
                        return;
                    }
                }
                int unused = sink.accept(batch, newlyDropped, total);
                synchronized (items) {
                    dropped += unused;
                    // Not a reason to call again: a report that cannot be written would follow itself forever.
                    reported += unused;
                }
            }
        } catch (InterruptedException e) {
            // It is never interrupted; if it were, the queue would end.
            Thread.currentThread().interrupt();
        }
    }

    // Waits for items or the tick and takes as many as one batch holds. False at the end.
    private boolean take(List<T> batch) throws InterruptedException {
        batch.clear();
        boolean ticked = false;
        while (items.isEmpty() && dropped == reported && !closed && !ticked) {
            items.wait(tick.toMillis());
            ticked = !tick.isZero();
        }
        long size = 0;
        while (!items.isEmpty() && size < MAX_BATCH_BYTES) {
            T item = items.remove();
            size += bytes.applyAsLong(item);
            batch.add(item);
        }
        queuedBytes -= size;
        return !batch.isEmpty() || dropped > reported || !closed;
    }

    /** Stops: later items are dropped. What is queued is still taken; {@link #join} waits for that. */
    @Override
    public void close() {
        synchronized (items) {
            closed = true;
            items.notifyAll();
        }
    }

    /**
     * Waits until all is taken, after {@link #close}.
     *
     * @param time the maximum time
     */
    public void join(Duration time) {
        try {
            thread.join(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.senderauth.server.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * A queue for one thread of its own, which takes items in batches, one at most every few milliseconds while they fit in one.
 * {@link #add} never waits for that thread: the queue is bounded in bytes, and items that do not fit are dropped and
 * counted. Thread-safe.
 *
 * @param <T> an item
 */
public final class BatchQueue<T> implements AutoCloseable {

    // Items are taken together when more than one waits, up to this many bytes.
    private static final long MAX_BATCH_BYTES = 64 << 10;

    // To wake the thread for each line of a busy log costs more than all else about that line.
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final long maxBytes;
    private final ToLongFunction<T> bytes;
    private final Sink<T> sink;
    private final Duration tick;
    private final Thread thread;
    // Without a lock: a thread that lost its processor while it held one would keep all the others waiting.
    private final Queue<T> items = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private volatile boolean waiting;
    private volatile boolean closed;
    private volatile boolean ended;

    // Of the queue's thread.
    private long reported;

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
     * @param priority the priority of the thread, {@link Thread#MIN_PRIORITY} for work that mail need not wait for
     * @param maxBytes the maximum size of the items that wait, in bytes
     * @param bytes the size of an item in bytes of memory
     * @param tick the time after which the sink is called without items; zero for never
     * @param sink takes the batches
     */
    public BatchQueue(
            String thread, int priority, long maxBytes, ToLongFunction<T> bytes, Duration tick, Sink<T> sink) {
        this.maxBytes = maxBytes;
        this.bytes = bytes;
        this.tick = tick;
        this.sink = sink;
        this.thread = new Thread(this::run, thread);
        this.thread.setDaemon(true);
        this.thread.setPriority(priority);
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
        if (closed) {
            dropped.incrementAndGet();
        } else if (queuedBytes.addAndGet(size) > maxBytes) {
            queuedBytes.addAndGet(-size);
            dropped.incrementAndGet();
        } else {
            items.add(item);
            if (ended && items.remove(item)) {
                dropped.incrementAndGet();
            }
        }
        wake();
    }

    // The thread says that it waits before it looks for items a last time, so that none is overlooked.
    private void wake() {
        if (waiting) {
            LockSupport.unpark(thread);
        }
    }

    /**
     * Returns how many items were dropped, because the sink was too slow or could not use them.
     *
     * @return their number since the start
     */
    public long dropped() {
        return dropped.get();
    }

    private void run() {
        List<T> batch = new ArrayList<>();
        while (true) {
            await();
            boolean ends = closed;
            take(batch);
            long total = dropped.get();
            long newlyDropped = total - reported;
            if (ends && batch.isEmpty() && newlyDropped == 0) {
                // Before the last look: an item that is added after it is removed again, and counted.
                ended = true;
                if (items.isEmpty()) {
                    return;
                }
            }
            int unused = sink.accept(batch, newlyDropped, total);
            dropped.addAndGet(unused);
            // What is unused is no reason to call again: a report that cannot be written would follow itself forever.
            reported = total + unused;
            if (items.isEmpty() && !closed) {
                LockSupport.parkNanos(this, PAUSE.toNanos());
            }
        }
    }

    /** Waits for an item, a dropped one or the end, at most for one tick. */
    private void await() {
        waiting = true;
        boolean ticked = false;
        while (items.isEmpty() && dropped.get() == reported && !closed && !ticked) {
            if (tick.isZero()) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, tick.toNanos());
                ticked = true;
            }
            // Nothing interrupts it; if something did, it would no longer wait but spin.
            Thread.interrupted();
        }
        waiting = false;
    }

    /** Takes as many items as one batch holds. */
    private void take(List<T> batch) {
        batch.clear();
        long size = 0;
        while (size < MAX_BATCH_BYTES) {
            T item = items.poll();
            if (item == null) {
                break;
            }
            size += bytes.applyAsLong(item);
            batch.add(item);
        }
        queuedBytes.addAndGet(-size);
    }

    /** Stops: later items are dropped. What is queued is still taken; {@link #join} waits for that. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
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

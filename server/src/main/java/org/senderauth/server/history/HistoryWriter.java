package org.senderauth.server.history;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;
import org.senderauth.policy.Decision;
import org.senderauth.policy.PolicyObserver;
import org.senderauth.policy.Step;
import org.senderauth.policy.StepReport;
import org.senderauth.policy.StepResult;
import org.senderauth.policy.Transaction;
import org.senderauth.server.queue.BatchQueue;

/**
 * Stores each decision in a {@link HistoryStore}. A decision never waits for it: a thread of its own writes, from a queue
 * that is bounded in bytes. While the store fails, a full disk for instance, decisions are lost and counted, and the
 * writer tries again every ten seconds. Thread-safe.
 */
public final class HistoryWriter implements PolicyObserver, AutoCloseable {

    /** The maximum size of the decisions that wait to be written, in bytes of memory. */
    static final long MAX_QUEUED_BYTES = 4 << 20;

    /** The time that {@link #close} waits for the decisions that are queued. */
    static final Duration FLUSH_TIME = Duration.ofSeconds(2);

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final int HEAP_PART = 32;

    // Objects and lists of a decision, without its texts.
    private static final int ENTRY_BYTES = 512;
    private static final int STEP_BYTES = 160;

    private final HistoryStore store;
    private final boolean traces;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Consumer<String> problems;
    private final PolicyObserver next;
    private final BatchQueue<Queued> queue;
    // Used by the queue's thread only.
    private boolean failing;
    private long retryAt;
    private long maintainedAt;
    private long lost;

    // With its size, which is needed twice.
    private record Queued(Transaction transaction, Decision decision, Instant time, Duration took, long bytes) {}

    /**
     * Starts a writer.
     *
     * @param store keeps the decisions; closed with the writer
     * @param traces whether it keeps what the steps saw
     * @param clock the time of decisions
     * @param nanoTime a monotonic clock in nanoseconds, for attempts after a failure
     * @param problems takes a line when the store fails, and when it works again
     * @param next receives all events
     * @return the writer
     */
    public static HistoryWriter start(
            HistoryStore store,
            boolean traces,
            InstantSource clock,
            LongSupplier nanoTime,
            Consumer<String> problems,
            PolicyObserver next) {
        HistoryWriter writer = new HistoryWriter(store, traces, clock, nanoTime, problems, next);
        writer.queue.start();
        return writer;
    }

    private HistoryWriter(
            HistoryStore store,
            boolean traces,
            InstantSource clock,
            LongSupplier nanoTime,
            Consumer<String> problems,
            PolicyObserver next) {
        this.store = store;
        this.traces = traces;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.problems = problems;
        this.next = next;
        this.maintainedAt = nanoTime.getAsLong() - TICK.toNanos();
        long max = Math.min(MAX_QUEUED_BYTES, Runtime.getRuntime().maxMemory() / HEAP_PART);
        // Decisions go first where both want a processor.
        this.queue = new BatchQueue<>("senderauth-history", Thread.MIN_PRIORITY, max, Queued::bytes, TICK, this::write);
    }

    /** {@return a reader of what is kept} */
    public HistorySource source() {
        return store.source();
    }

    /** {@return how many decisions were not kept} */
    public long dropped() {
        return queue.dropped();
    }

    @Override
    public void stepCompleted(Step step, StepResult result, Duration time) {
        next.stepCompleted(step, result, time);
    }

    @Override
    public void failed(Step step, Throwable cause) {
        next.failed(step, cause);
    }

    @Override
    public void decided(Transaction transaction, Decision decision, Duration time) {
        queue.add(new Queued(transaction, decision, clock.instant(), time, bytes(transaction, decision)));
        next.decided(transaction, decision, time);
    }

    private static long bytes(Transaction transaction, Decision decision) {
        long bytes = ENTRY_BYTES
                + bytes(transaction.helo())
                + bytes(transaction.sender())
                + bytes(transaction.recipient().orElse(null))
                + bytes(transaction.queueId().orElse(null))
                + bytes(transaction.message().orElse(null))
                + bytes(decision.reason());
        for (String header : decision.headers()) {
            bytes += bytes(header);
        }
        for (StepReport report : decision.steps()) {
            bytes += STEP_BYTES
                    + bytes(report.result().explanation())
                    + report.result().evidenceCharacters();
        }
        return bytes;
    }

    private static long bytes(@Nullable String text) {
        return text == null ? 0 : 2L * text.length();
    }

    // On the queue's thread. Returns how many decisions were lost.
    private int write(List<Queued> batch, long dropped, long total) {
        lost += dropped;
        if (failing && nanoTime.getAsLong() - retryAt < 0) {
            lost += batch.size();
            return batch.size();
        }
        try {
            maintain();
            if (!batch.isEmpty()) {
                store.append(entries(batch));
                reportLoss();
            }
            return 0;
        } catch (IOException | RuntimeException e) {
            lost += batch.size();
            if (!failing) {
                problems.accept("stopped: " + SafeText.of(String.valueOf(e.getMessage()))
                        + "; mail continues, and decisions" + " are lost until it works again");
            }
            failing = true;
            retryAt = nanoTime.getAsLong() + RETRY.toNanos();
            return batch.size();
        }
    }

    // Looks for files that are old or were deleted: not for each of several hundred batches a second.
    private void maintain() throws IOException {
        long now = nanoTime.getAsLong();
        if (now - maintainedAt >= TICK.toNanos()) {
            store.maintain();
            maintainedAt = now;
        }
    }

    private void reportLoss() {
        if (failing || lost > 0) {
            problems.accept((failing ? "works again: " : "too slow: ") + lost + " decisions were not kept");
            failing = false;
            lost = 0;
        }
    }

    private List<HistoryStore.Entry> entries(List<Queued> batch) {
        List<HistoryStore.Entry> entries = new ArrayList<>(batch.size());
        for (Queued each : batch) {
            Decision decision = each.decision();
            entries.add(new HistoryStore.Entry(
                    HistoryRecord.of(each.transaction(), decision, each.time(), each.took()),
                    traces ? HistoryTrace.of(decision) : null));
        }
        return entries;
    }

    /** Writes what is queued, for a bounded time, and closes the store. Later decisions are dropped. */
    @Override
    public void close() throws IOException {
        queue.close();
        queue.join(FLUSH_TIME);
        store.close();
    }
}

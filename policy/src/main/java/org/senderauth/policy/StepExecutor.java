package org.senderauth.policy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.RecentEntries;
import org.senderauth.core.SmtpReply;

/** Runs policy steps and caches their results per message, because an MTA asks once per recipient. */
final class StepExecutor {

    /** The maximum size of the cache in bytes: several messages for each connection of an MTA. */
    private static final long MAX_BYTES = 16L << 20;

    /** The size in a small heap, if it is no more than {@link #HEAP_PART}: a thousand messages. */
    private static final long SMALL_BYTES = 4L << 20;

    private static final int HEAP_PART = 16;

    // Each collection of garbage copies what is cached, as most of it is new: a larger part makes longer pauses.
    private static final int LARGE_HEAP_PART = 64;

    // The size of the results of a message, without the names that they repeat.
    private static final int RESULTS_BYTES = 4 << 10;
    private static final int REPEATS = 6;

    /** The time that a message is cached: its recipients follow each other within seconds. */
    static final Duration CACHE_TIME = Duration.ofMinutes(10);

    private static final SmtpReply TOO_SLOW =
            new SmtpReply(451, "4.4.3", "Sender check temporarily unavailable, try again later");
    private static final StepResult LATE = StepResult.temperror("timeout", "timed out", TOO_SLOW);
    private static final SmtpReply FAILED =
            new SmtpReply(451, "4.3.0", "Sender check temporarily unavailable, try again later");

    // Some MTAs take the message name from the client, so two messages share results only if all that is checked is
    // equal.
    private record Key(String message, InetAddress client, String helo, String sender) {}

    private final RecentEntries<Key, MessageResults> results;
    private final Duration deadline;
    private final PolicyObserver observer;
    private final LongSupplier nanoTime;

    StepExecutor(Duration deadline, PolicyObserver observer, LongSupplier nanoTime) {
        this.deadline = deadline;
        this.observer = observer;
        this.nanoTime = nanoTime;
        this.results = new RecentEntries<>(
                maxBytes(Runtime.getRuntime().maxMemory()),
                (key, cached) -> bytes(key) + cached.grownBytes(),
                cached -> CACHE_TIME,
                nanoTime);
    }

    /** The size of the cache for a maximum heap, in bytes. */
    static long maxBytes(long heap) {
        return Math.min(MAX_BYTES, Math.max(heap / LARGE_HEAP_PART, Math.min(SMALL_BYTES, heap / HEAP_PART)));
    }

    /** Starts a run with the cached results of the transaction's message. */
    PolicyRun start(Transaction transaction) {
        Optional<Key> key = key(transaction);
        return new PolicyRun(key.map(this::cached).orElseGet(MessageResults::new), key, end());
    }

    /** The progress of the transaction's message. */
    MessageProgress progress(Transaction transaction) {
        Optional<Key> key = key(transaction);
        MessageResults cached = key.map(this::cached).orElseGet(MessageResults::new);
        // Again, so that the cache weighs the header fields.
        return new MessageProgress(cached, () -> key.ifPresent(name -> results.put(name, cached)));
    }

    /** Drops what is cached of the transaction's message. */
    void end(Transaction transaction) {
        key(transaction).ifPresent(results::remove);
    }

    private static Optional<Key> key(Transaction transaction) {
        return transaction
                .message()
                .map(message -> new Key(message, transaction.client(), transaction.helo(), transaction.sender()));
    }

    private MessageResults cached(Key key) {
        return results.compute(key, known -> known == null ? new MessageResults() : known);
    }

    private long end() {
        return nanoTime.getAsLong() + deadline.toNanos();
    }

    private static int bytes(Key key) {
        return RESULTS_BYTES
                + key.message().length()
                + REPEATS * (key.helo().length() + key.sender().length());
    }

    /** The results of one message that do not depend on the recipient, some of them in flight, and its header fields. */
    static final class MessageResults {
        private final Map<Step, PendingResult> bySteps = new EnumMap<>(Step.class);
        private final Map<Step, PendingResult> byContent = new EnumMap<>(Step.class);

        // Weighed while the cache is locked, so without the lock of these results, under which a step may weigh them.
        volatile @Nullable List<String> headers;

        private volatile int evidenceBytes;

        int headersTaken;
        boolean accepted;

        private int grownBytes() {
            int bytes = evidenceBytes;
            List<String> known = headers;
            if (known != null) {
                for (String header : known) {
                    bytes += header.length();
                }
            }
            return bytes;
        }
    }

    /**
     * A result that may be in flight.
     *
     * @param result never completes exceptionally
     * @param end when it is late, as a reading of the clock; not later for further recipients of the same message
     */
    record PendingResult(CompletableFuture<StepResult> result, long end) {}

    /** The result, or a temporary failure once it is late; without a thread that waits. */
    CompletableFuture<StepResult> await(PendingResult pending) {
        return pending.result()
                .copy()
                .completeOnTimeout(LATE, Math.max(0, pending.end() - nanoTime.getAsLong()), TimeUnit.NANOSECONDS);
    }

    /** The run of the steps for one decision. Used by one thread. */
    final class PolicyRun {

        private final MessageResults cached;
        private final Optional<Key> key;
        private final long end;

        private PolicyRun(MessageResults cached, Optional<Key> key, long end) {
            this.cached = cached;
            this.key = key;
            this.end = end;
        }

        /** The result of a step, cached or new; a temporary failure if it is late. */
        StepResult result(Step step, StepCheck check, Transaction transaction, List<StepReport> before) {
            return await(start(step, check, transaction, before));
        }

        /** Starts a step, or returns its cached result. */
        PendingResult start(Step step, StepCheck check, Transaction transaction, List<StepReport> before) {
            if (check.dependsOnRecipient(transaction)) {
                return new PendingResult(StepExecutor.this.start(step, check, transaction, before), end);
            }
            PendingResult started;
            synchronized (cached) {
                started = cached.bySteps.computeIfAbsent(
                        step,
                        absent -> new PendingResult(
                                weighed(StepExecutor.this.start(step, check, transaction, before)), end()));
            }
            return end - started.end() < 0 ? new PendingResult(started.result(), end) : started;
        }

        // What a step saw is known late, and may be large.
        private CompletableFuture<StepResult> weighed(CompletableFuture<StepResult> result) {
            return result.thenApply(found -> {
                if (found.evidenceCharacters() > 0) {
                    synchronized (cached) {
                        cached.evidenceBytes += found.evidenceCharacters();
                    }
                    key.ifPresent(name -> results.put(name, cached));
                }
                return found;
            });
        }

        /** The result of a step at the end of the message; empty if the step says nothing about it. */
        Optional<StepResult> result(Step step, StepCheck check, Transaction transaction, ReceivedMessage message) {
            if (check.dependsOnRecipient(transaction)) {
                return check.run(transaction, message)
                        .map(found -> await(new PendingResult(guarded(step, () -> found), end)));
            }
            PendingResult started;
            synchronized (cached) {
                started = cached.byContent.get(step);
                if (started == null) {
                    Optional<CompletionStage<StepResult>> found = check.run(transaction, message);
                    if (found.isEmpty()) {
                        return Optional.empty();
                    }
                    started = new PendingResult(weighed(guarded(step, found::get)), end);
                    cached.byContent.put(step, started);
                }
            }
            return Optional.of(await(started));
        }

        /** Waits for a result; a temporary failure if it is late. */
        StepResult await(PendingResult pending) {
            try {
                return pending.result().get(Math.max(0, pending.end() - nanoTime.getAsLong()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return LATE;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return StepResult.temperror("interrupted", "shutting down", FAILED);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a guarded result never fails", e);
            }
        }
    }

    // Starts a step; any error in it becomes a temporary failure.
    private CompletableFuture<StepResult> start(
            Step step, StepCheck check, Transaction transaction, List<StepReport> before) {
        return guarded(step, () -> check.run(transaction, List.copyOf(before)));
    }

    private CompletableFuture<StepResult> guarded(Step step, Supplier<CompletionStage<StepResult>> check) {
        long start = nanoTime.getAsLong();
        CompletableFuture<StepResult> result;
        try {
            result = check.get().toCompletableFuture();
        } catch (RuntimeException | Error e) {
            // An error such as a failure to create a thread is handled like an asynchronous one.
            result = CompletableFuture.failedFuture(e);
        }
        return result.exceptionally(failure -> {
                    observer.failed(step, failure);
                    return StepResult.temperror("failed", "the check failed: " + failure, FAILED);
                })
                .thenApply(found -> {
                    observer.stepCompleted(step, found, Duration.ofNanos(nanoTime.getAsLong() - start));
                    return found;
                });
    }
}

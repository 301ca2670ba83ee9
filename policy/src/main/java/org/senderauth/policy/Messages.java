package org.senderauth.policy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.senderauth.core.SmtpReply;
import org.senderauth.policy.Finding.Trace;

/** Takes steps, and remembers for each message which were taken, since an MTA asks for each of its recipients. */
final class Messages {

    /** Most messages that are remembered: several for each of the connections that an MTA keeps to us. */
    static final long SIZE = 4_000;

    /** How long a message is remembered: its recipients follow each other within seconds. */
    static final Duration MEMORY = Duration.ofMinutes(10);

    private static final SmtpReply TOO_SLOW =
            new SmtpReply(451, "4.4.3", "The sender cannot be checked now, try again later");
    private static final SmtpReply FAILED =
            new SmtpReply(451, "4.3.0", "The sender cannot be checked now, try again later");

    // The name alone is the client's word; two messages share their findings only if all that was asked about is alike.
    private record Key(String message, InetAddress client, String helo, String sender) {}

    private final Cache<Key, Memory> memories = Caffeine.newBuilder()
            .maximumSize(SIZE)
            .expireAfterWrite(MEMORY)
            .executor(Runnable::run)
            .build();
    private final Duration deadline;
    private final PolicyObserver observer;
    private final LongSupplier nanoTime;

    Messages(Duration deadline, PolicyObserver observer, LongSupplier nanoTime) {
        this.deadline = deadline;
        this.observer = observer;
        this.nanoTime = nanoTime;
    }

    /** What is remembered of the message that a transaction belongs to, for the walk that begins now. */
    Walk walk(Transaction transaction) {
        String message = transaction.message();
        Memory memory = message == null
                ? new Memory()
                : memories.get(
                        new Key(message, transaction.client(), transaction.helo(), transaction.sender()),
                        key -> new Memory());
        return new Walk(memory, end());
    }

    private long end() {
        return nanoTime.getAsLong() + deadline.toNanos();
    }

    /** The findings of one message that do not depend on the recipient, some of them still under way. */
    private static final class Memory {
        private final Map<Step, Started> findings = new EnumMap<>(Step.class);
    }

    // A finding that is late is not waited for again with each further recipient.
    private record Started(CompletableFuture<Finding> finding, long end) {}

    /** One decision's way through the steps. Used by one thread. */
    final class Walk {

        private final Memory memory;
        private final long end;

        private Walk(Memory memory, long end) {
            this.memory = memory;
            this.end = end;
        }

        /** What a step finds, or has found for this message before; trouble if that is not known in time. */
        Finding find(Step step, Check check, Transaction transaction, List<StepReport> before) {
            if (dependsOnRecipient(step, transaction)) {
                return await(take(step, check, transaction, before), end);
            }
            Started started;
            synchronized (memory) {
                started = memory.findings.computeIfAbsent(
                        step, absent -> new Started(take(step, check, transaction, before), end()));
            }
            return await(started.finding(), end - started.end() < 0 ? end : started.end());
        }

        private Finding await(CompletableFuture<Finding> finding, long until) {
            try {
                return finding.get(Math.max(0, until - nanoTime.getAsLong()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return new Finding(
                        Finding.Standing.TROUBLE, "timeout", "there was no answer in time", TOO_SLOW, Trace.NONE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Finding.trouble("interrupted", "this host is stopping", FAILED);
            } catch (ExecutionException e) {
                throw new IllegalStateException("a finding never fails", e);
            }
        }
    }

    // A bounce is judged by the address to which it comes.
    private static boolean dependsOnRecipient(Step step, Transaction transaction) {
        return step == Step.BATV || step == Step.SES && transaction.isBounce();
    }

    // Starts a step; whatever goes wrong in it is a finding of trouble.
    private CompletableFuture<Finding> take(Step step, Check check, Transaction transaction, List<StepReport> before) {
        long start = nanoTime.getAsLong();
        CompletableFuture<Finding> finding;
        try {
            finding = check.find(transaction, List.copyOf(before)).toCompletableFuture();
        } catch (RuntimeException e) {
            finding = CompletableFuture.failedFuture(e);
        }
        return finding.exceptionally(failure -> {
                    observer.failed(step, failure);
                    return Finding.trouble("failed", "the check failed: " + failure, FAILED);
                })
                .thenApply(found -> {
                    observer.found(step, found, Duration.ofNanos(nanoTime.getAsLong() - start));
                    return found;
                });
    }
}

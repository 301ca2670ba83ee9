package org.senderauth.spf;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.senderauth.core.SafeText;
import org.senderauth.dns.DnsAnswer;
import org.senderauth.dns.DnsAnswer.Unavailable;
import org.senderauth.dns.DnsClient;
import org.xbill.DNS.Name;

/**
 * The answers of one check, complete or pending: no query is sent twice. Most checks send a few queries, and the limits
 * allow a few hundred, so a linked list is enough.
 *
 * <p>Queries of the evaluation count against its limits. Prefetched answers are held only up to {@link #MAX_AHEAD_BYTES},
 * and prefetched only while fewer than {@link #MAX_AHEAD} are pending; a dropped answer is queried again if it is needed,
 * so prefetching changes no result. Thread-safe.
 */
final class CheckDnsCache {

    /** The maximum number of pending prefetches of one check. */
    static final int MAX_AHEAD = 16;

    /** The maximum number of bytes of prefetched answers that were not needed yet. */
    static final int MAX_AHEAD_BYTES = 32 << 10;

    /** A query of the check. */
    static final class Asked {
        final Name name;
        final int type;
        final @Nullable Asked before;

        /** Null if it was dropped. */
        @Nullable
        CompletableFuture<DnsAnswer> answer;

        /** True if only prefetching needed it so far. */
        boolean ahead;

        /** Its part of the prefetched bytes. */
        int bytes;

        /** The last evaluation that counted it. */
        private @Nullable LookupCounter countedBy;

        Asked(Name name, int type, @Nullable Asked before) {
            this.name = name;
            this.type = type;
            this.before = before;
        }

        CompletableFuture<DnsAnswer> answer() {
            return Objects.requireNonNull(answer, "answer");
        }

        /** Tests whether an evaluation has not counted this query yet; it has from then on. */
        boolean isFirstFor(LookupCounter counter) {
            boolean first = countedBy != counter;
            countedBy = counter;
            return first;
        }
    }

    private final DnsClient dns;
    private final Duration queryTime;
    private @Nullable Asked last;
    // Set by the evaluating thread, before it starts the first prefetch.
    private boolean prefetches;
    private int aheadUnderWay;
    private int aheadBytes;

    CheckDnsCache(DnsClient dns, Duration queryTime) {
        this.dns = dns;
        this.queryTime = queryTime;
    }

    /** Sets the answer to a query, which is then never sent. */
    synchronized void put(Name name, int type, DnsAnswer answer) {
        find(name, type).answer = CompletableFuture.completedFuture(answer);
    }

    /** Returns a query of the evaluation, and sends it unless it was sent before. */
    Asked to(Name name, int type) {
        // Before the first prefetch no other thread is here, and the lock would be a tenth of the simplest check.
        if (!prefetches) {
            Asked asked = find(name, type);
            answer(asked);
            return asked;
        }
        return shared(name, type);
    }

    private synchronized Asked shared(Name name, int type) {
        Asked asked = find(name, type);
        if (asked.ahead) {
            asked.ahead = false;
            aheadBytes -= asked.bytes;
            asked.bytes = 0;
        }
        answer(asked);
        return asked;
    }

    /** Prefetches an answer; it never completes if too many prefetches are pending. */
    CompletableFuture<DnsAnswer> ahead(Name name, int type) {
        Asked asked;
        CompletableFuture<DnsAnswer> answer;
        prefetches = true;
        synchronized (this) {
            asked = find(name, type);
            if (asked.answer != null) {
                return asked.answer;
            }
            if (aheadUnderWay == MAX_AHEAD || aheadBytes >= MAX_AHEAD_BYTES) {
                return new CompletableFuture<>();
            }
            aheadUnderWay++;
            asked.ahead = true;
            answer = answer(asked);
        }
        // Outside of the lock, since it may run at once.
        return answer.whenComplete((known, failure) -> arrived(asked, known));
    }

    private synchronized void arrived(Asked asked, @Nullable DnsAnswer answer) {
        aheadUnderWay--;
        if (!asked.ahead || answer == null) {
            return;
        }
        long bytes = answer.sizeInBytes();
        if (aheadBytes + bytes > MAX_AHEAD_BYTES) {
            asked.answer = null;
            asked.ahead = false;
        } else {
            asked.bytes = (int) bytes;
            aheadBytes += asked.bytes;
        }
    }

    private Asked find(Name name, int type) {
        for (Asked asked = last; asked != null; asked = asked.before) {
            if (asked.type == type && asked.name.equals(name)) {
                return asked;
            }
        }
        last = new Asked(name, type, last);
        return last;
    }

    private CompletableFuture<DnsAnswer> answer(Asked asked) {
        CompletableFuture<DnsAnswer> answer = asked.answer;
        if (answer == null) {
            answer = query(asked);
            asked.answer = answer;
        }
        return answer;
    }

    private CompletableFuture<DnsAnswer> query(Asked asked) {
        CompletableFuture<DnsAnswer> answer;
        try {
            answer = dns.query(asked.name, asked.type).toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(failed(e));
        }
        if (answer.isDone()) {
            return answer;
        }
        // A copy, since others may wait longer for the client's own.
        return answer.copy()
                .completeOnTimeout(
                        new Unavailable(Unavailable.Cause.TIMEOUT, "no response within " + SpfLimits.text(queryTime)),
                        queryTime.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** Returns a completed answer; a client that breaks its contract, with a failure or no answer, is an unavailable answer. */
    static DnsAnswer of(CompletableFuture<DnsAnswer> done) {
        try {
            return Objects.requireNonNull(done.join(), "no answer");
        } catch (CompletionException e) {
            return failed(e.getCause() == null ? e : e.getCause());
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    private static Unavailable failed(Throwable e) {
        String reason = Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
        return new Unavailable(Unavailable.Cause.NETWORK, "the DNS client failed: " + SafeText.ascii(reason));
    }
}

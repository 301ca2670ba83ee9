package org.senderauth.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs scripts within the deadline, or says at once that Redis is not available. Thread-safe.
 *
 * <p>One failure of any kind is enough: from it on nothing is sent but a check every {@link #CHECK_EVERY}, which must be
 * answered in time and be able to write. So an outage costs at most the deadline, and that only what was under way when
 * it began. Checks are caused by questions, or by who wants to know ({@link #look}).
 */
final class RedisLink implements AutoCloseable {

    /** How often it is checked whether Redis is back. */
    static final Duration CHECK_EVERY = Duration.ofMillis(200);

    /** Most commands that wait for a reply; more are not sent. */
    static final int MAX_UNDER_WAY = 4096;

    /** After so many checks in vain a connection is given up: it may be dead, though nobody has closed it. */
    private static final int CHECKS_OF_A_CONNECTION = 10;

    /** How long a host waits for Redis when it starts, unless its deadline is longer. */
    private static final Duration OPENING_LIMIT = Duration.ofSeconds(1);

    private static final int MAX_CAUSE = 400;
    private static final int MAX_CAUSES = 8;

    private static final Consumer<List<Object>> FORGET = reply -> {};
    private static final CompletableFuture<Void> FINE = CompletableFuture.completedFuture(null);

    private final Supplier<Duration> deadline;
    private final KeyNames names;
    private final RedisObserver observer;
    private final RedisConnector connector;
    private final Semaphore permits = new Semaphore(MAX_UNDER_WAY);
    private final AtomicLong nextCheck = new AtomicLong(System.nanoTime());
    private final AtomicInteger failedChecks = new AtomicInteger();
    private final AtomicInteger outages = new AtomicInteger();

    private volatile RedisConnector.@Nullable Connection connection;
    private @Nullable CompletableFuture<RedisConnector.Connection> connecting;
    private volatile String checkKey;
    private volatile boolean available;
    private volatile boolean closed;
    private volatile long lostAt = System.nanoTime();

    /**
     * Makes a link without a connection.
     *
     * @param deadline how long a reply is waited for at the moment
     */
    RedisLink(RedisSettings settings, KeyNames names, RedisObserver observer, Supplier<Duration> deadline) {
        this.deadline = deadline;
        this.names = names;
        this.observer = observer;
        this.checkKey = names.checkBeside("");
        this.connector = new RedisConnector(settings, MAX_UNDER_WAY);
    }

    /** Connects and waits for it; if it fails, the observer hears why, and questions will try again. */
    void open() {
        long longest = Math.max(deadline.get().toMillis(), OPENING_LIMIT.toMillis());
        Optional<String> trouble = check().completeOnTimeout(
                        Optional.of("no connection within " + longest + " ms"), longest, TimeUnit.MILLISECONDS)
                .join();
        trouble.ifPresent(observer::lost);
    }

    boolean isAvailable() {
        return available;
    }

    /** Changes whenever Redis is lost. */
    int outages() {
        return outages.get();
    }

    /** How many commands wait for a reply. */
    int underWay() {
        return MAX_UNDER_WAY - permits.availablePermits();
    }

    /** Where to go on with what may block: not the thread that reads Redis' replies. */
    Executor executor() {
        return connector.executor();
    }

    CompletableFuture<List<Object>> run(Script script, String key, String... arguments) {
        return run(script, List.of(key), List.of(arguments), FORGET);
    }

    /**
     * Runs a script.
     *
     * @param late takes a reply that comes after the deadline, when the caller has had its answer
     * @return the reply; exceptionally an {@link UnavailableException}, no later than the deadline
     */
    CompletableFuture<List<Object>> run(
            Script script, List<String> keys, List<String> arguments, Consumer<List<Object>> late) {
        RedisConnector.Connection current = connection;
        if (!available || current == null) {
            checkInTime();
            return CompletableFuture.failedFuture(new UnavailableException("Redis is not available"));
        }
        return send(current, script, keys, arguments, late).handle((reply, failure) -> {
            if (failure == null) {
                return reply;
            }
            String cause = cause(failure);
            lost(cause, keys.get(0));
            throw new CompletionException(new UnavailableException(cause));
        });
    }

    /** Something was answered without Redis. */
    void bypassed(RedisObserver.Work work) {
        observer.bypassed(work);
    }

    /** Finds out whether Redis is there though nobody asks it anything, unless that was done a moment ago. */
    void look() {
        checkInTime().thenAccept(trouble -> trouble.ifPresent(cause -> lost(cause, checkKey)));
    }

    /** Runs a script whose outcome nobody waits for, though Redis may not count as available yet. */
    void tell(Script script, List<String> keys, List<String> arguments) {
        RedisConnector.Connection current = connection;
        if (current != null) {
            send(current, script, keys, arguments, FORGET);
        }
    }

    /** What is done when Redis has failed, or has said what it should not. */
    void lost(String cause, String key) {
        synchronized (this) {
            if (!available) {
                return;
            }
            available = false;
            // In a cluster it may be one node that has failed: that one is checked.
            checkKey = names.checkBeside(key);
            lostAt = System.nanoTime();
            nextCheck.set(lostAt);
            outages.incrementAndGet();
        }
        observer.lost(cause);
    }

    private CompletableFuture<List<Object>> send(
            RedisConnector.Connection to,
            Script script,
            List<String> keys,
            List<String> arguments,
            Consumer<List<Object>> late) {
        if (!permits.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new UnavailableException(MAX_UNDER_WAY + " commands wait for Redis already"));
        }
        CompletableFuture<List<Object>> answer =
                new CompletableFuture<List<Object>>().orTimeout(deadline.get().toMillis(), TimeUnit.MILLISECONDS);
        evaluate(to, script, keys.toArray(String[]::new), arguments.toArray(String[]::new))
                .whenComplete((reply, failure) -> {
                    permits.release();
                    if (failure != null) {
                        answer.completeExceptionally(failure);
                    } else if (!answer.complete(reply)) {
                        late.accept(reply);
                    }
                });
        return answer;
    }

    /** By its name; Redis forgets scripts when it restarts, and then gets the script itself. */
    private static CompletableFuture<List<Object>> evaluate(
            RedisConnector.Connection to, Script script, String[] keys, String[] arguments) {
        try {
            return to.commands()
                    .<List<Object>>evalsha(script.digest(), ScriptOutputType.MULTI, keys, arguments)
                    .toCompletableFuture()
                    .exceptionallyCompose(failure -> unwrapped(failure) instanceof RedisNoScriptException
                            ? to.commands().<List<Object>>eval(script.source(), ScriptOutputType.MULTI, keys, arguments)
                            : CompletableFuture.failedFuture(failure));
        } catch (RuntimeException e) {
            // Lettuce throws where it would not even queue.
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Optional<String>> checkInTime() {
        long due = nextCheck.get();
        long now = System.nanoTime();
        return !closed && now - due >= 0 && !isConnecting() && nextCheck.compareAndSet(due, now + CHECK_EVERY.toNanos())
                ? check()
                : CompletableFuture.completedFuture(Optional.empty());
    }

    /** A connection that is being made will be checked by who asked for it. */
    private synchronized boolean isConnecting() {
        return connecting != null && !connecting.isDone();
    }

    /** Checks whether Redis is there; tells what is wrong if it is not. */
    private CompletableFuture<Optional<String>> check() {
        return connected()
                .thenCompose(current -> send(current, Script.CHECK, List.of(checkKey), List.of("0"), FORGET)
                        .thenCompose(reply -> available ? FINE : noteStart(current)))
                .handle((done, failure) -> {
                    if (failure == null) {
                        restored();
                        return Optional.empty();
                    }
                    // A primary that has become a replica: another one has its place, or will have.
                    boolean replica = unwrapped(failure) instanceof RedisReadOnlyException;
                    if (failedChecks.incrementAndGet() >= CHECKS_OF_A_CONNECTION || replica) {
                        abandon();
                    }
                    return Optional.of(cause(failure));
                });
    }

    /** From now on Redis knows everything: what is not there was not spent. Where that fails, a question will note it. */
    private CompletableFuture<Void> noteStart(RedisConnector.Connection to) {
        return CompletableFuture.allOf(names.starts()
                        .map(start -> send(to, Script.START, List.of(start), List.of("0"), FORGET))
                        .toArray(CompletableFuture[]::new))
                .exceptionally(failure -> null);
    }

    /** The connection; where there is none it is made, once for all who ask meanwhile. */
    private synchronized CompletableFuture<RedisConnector.Connection> connected() {
        RedisConnector.Connection current = connection;
        if (current != null) {
            return CompletableFuture.completedFuture(current);
        }
        if (connecting == null || connecting.isDone()) {
            connecting = connector.connect().thenApply(this::keep);
        }
        return connecting;
    }

    private synchronized RedisConnector.Connection keep(RedisConnector.Connection made) {
        if (closed) {
            made.connection().closeAsync();
        } else {
            connection = made;
        }
        return made;
    }

    private void abandon() {
        RedisConnector.Connection dead = connection;
        connection = null;
        failedChecks.set(0);
        if (dead != null) {
            dead.connection().closeAsync();
        }
    }

    private void restored() {
        failedChecks.set(0);
        synchronized (this) {
            if (available || closed) {
                return;
            }
            available = true;
        }
        observer.restored(Duration.ofNanos(System.nanoTime() - lostAt));
    }

    private String cause(Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof TimeoutException) {
            return "no reply within " + deadline.get().toMillis() + " ms";
        }
        StringBuilder causes = new StringBuilder();
        for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
            Throwable inner = cause.getCause();
            if (inner == null || saysMoreThan(cause, inner)) {
                String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
                causes.append(causes.isEmpty() ? "" : ": ").append(message);
            }
            cause = inner;
        }
        String text = causes.toString().replaceAll("[^ -~]", " ");
        return text.length() <= MAX_CAUSE ? text : text.substring(0, MAX_CAUSE);
    }

    // Those that only wrap another have its message behind its class, or none.
    private static boolean saysMoreThan(Throwable outer, Throwable inner) {
        String message = outer.getMessage();
        return message != null && (inner.getMessage() == null || !message.endsWith(inner.getMessage()));
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    @Override
    public void close() {
        closed = true;
        available = false;
        connector.close();
    }
}

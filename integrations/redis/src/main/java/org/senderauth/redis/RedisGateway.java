package org.senderauth.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisReadOnlyException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection that runs scripts within the deadline, or fails immediately while Redis is unavailable. Thread-safe.
 *
 * <p>Any failure starts an outage: then only a check is sent every {@link #CHECK_EVERY}, which must succeed in time and be
 * able to write. So an outage costs at most the deadline, and only for commands in flight when it started. Operations and
 * {@link #look} cause the checks.
 */
final class RedisGateway implements AutoCloseable {

    /** The interval of checks during an outage. */
    static final Duration CHECK_EVERY = Duration.ofMillis(200);

    /** The maximum number of commands in flight; more are not sent. */
    static final int MAX_UNDER_WAY = 4096;

    /** The failed checks after which a connection is closed: it may be dead without being closed. */
    private static final int CHECKS_OF_A_CONNECTION = 10;

    /** The time that a host waits for Redis at its start, unless its deadline is longer. */
    private static final Duration OPENING_LIMIT = Duration.ofSeconds(1);

    /** The different causes of one outage that are reported. */
    private static final int MAX_REPORTED = 5;

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
    private final Set<String> reported = new HashSet<>();

    /**
     * Creates a gateway without a connection.
     *
     * @param deadline the current deadline of a reply
     */
    RedisGateway(RedisSettings settings, KeyNames names, RedisObserver observer, Supplier<Duration> deadline) {
        this.deadline = deadline;
        this.names = names;
        this.observer = new GuardedRedisObserver(observer);
        this.checkKey = names.checkBeside("");
        this.connector = new RedisConnector(settings, MAX_UNDER_WAY);
    }

    /**
     * Connects and waits a moment. A failure is reported to the observer once its cause is known, since the first connection
     * of a JVM is slow; later operations try again.
     */
    void open() {
        long longest = Math.max(deadline.get().toMillis(), OPENING_LIMIT.toMillis());
        check().completeOnTimeout(Optional.empty(), longest, TimeUnit.MILLISECONDS)
                .join();
    }

    /**
     * Waits until Redis is available.
     *
     * @return the cause if it is not within this time
     */
    Optional<String> await(Duration time) {
        return check().completeOnTimeout(
                        Optional.of("no connection within " + time.toMillis() + " ms"),
                        time.toMillis(),
                        TimeUnit.MILLISECONDS)
                .join();
    }

    boolean isAvailable() {
        return available;
    }

    /** Changes whenever Redis is lost. */
    int outages() {
        return outages.get();
    }

    /** Returns the number of commands in flight. */
    int underWay() {
        return MAX_UNDER_WAY - permits.availablePermits();
    }

    /** Returns the executor for work that may block, other than the thread that reads replies. */
    Executor executor() {
        return connector.executor();
    }

    CompletableFuture<List<Object>> run(Script script, String key, String... arguments) {
        return run(script, List.of(key), List.of(arguments), FORGET);
    }

    /**
     * Runs a script.
     *
     * @param late accepts a reply after the deadline, when the caller already has a result
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

    /**
     * Runs a command for an administrator, who can wait longer than mail. Its failure starts no outage, since it may be one of
     * this command only, such as a missing right.
     *
     * @return the reply; exceptionally an {@link UnavailableException}, no later than after this time
     */
    <T> CompletableFuture<T> query(
            Duration time, Function<RedisClusterAsyncCommands<String, String>, CompletionStage<T>> command) {
        RedisConnector.Connection current = connection;
        if (!available || current == null) {
            checkInTime();
            return CompletableFuture.failedFuture(new UnavailableException("Redis is not available"));
        }
        if (!permits.tryAcquire()) {
            return CompletableFuture.failedFuture(
                    new UnavailableException(MAX_UNDER_WAY + " commands wait for Redis already"));
        }
        CompletableFuture<T> reply;
        try {
            reply = command.apply(current.commands()).toCompletableFuture();
        } catch (RuntimeException e) {
            reply = CompletableFuture.failedFuture(e);
        }
        return reply.whenComplete((value, failure) -> permits.release())
                .copy()
                .orTimeout(time.toMillis(), TimeUnit.MILLISECONDS)
                .handle((value, failure) -> {
                    if (failure == null) {
                        return value;
                    }
                    throw new CompletionException(new UnavailableException(
                            unwrapped(failure) instanceof TimeoutException
                                    ? "no reply within " + time.toMillis() + " ms"
                                    : cause(failure)));
                });
    }

    /** Runs a script for an administrator, see {@link #query}. */
    CompletableFuture<List<Object>> query(Duration time, Script script, List<String> keys, List<String> arguments) {
        return query(
                time,
                commands -> evaluate(commands, script, keys.toArray(String[]::new), arguments.toArray(String[]::new)));
    }

    /** Reports an operation that was done without Redis. */
    void fellBack(RedisObserver.Operation work) {
        observer.fellBack(work);
    }

    /** Checks Redis without another operation, unless it was checked a moment ago. */
    void look() {
        checkInTime().thenAccept(trouble -> trouble.ifPresent(cause -> lost(cause, checkKey)));
    }

    /** Runs a script without waiting for its result, even if Redis is not considered available yet. */
    void tell(Script script, List<String> keys, List<String> arguments) {
        RedisConnector.Connection current = connection;
        if (current != null) {
            send(current, script, keys, arguments, FORGET);
        }
    }

    /** Starts an outage after a failure or an invalid reply. */
    void lost(String cause, String key) {
        synchronized (this) {
            if (!available) {
                return;
            }
            available = false;
            // In a cluster a single node may have failed: that one is checked.
            checkKey = names.checkBeside(key);
            lostAt = System.nanoTime();
            reported.clear();
            reported.add(cause);
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
        evaluate(to.commands(), script, keys.toArray(String[]::new), arguments.toArray(String[]::new))
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

    /** Runs a script by its hash; Redis loses scripts when it restarts, and is then sent the script itself. */
    private static CompletableFuture<List<Object>> evaluate(
            RedisClusterAsyncCommands<String, String> to, Script script, String[] keys, String[] arguments) {
        try {
            return to.<List<Object>>evalsha(script.digest(), ScriptOutputType.MULTI, keys, arguments)
                    .toCompletableFuture()
                    .exceptionallyCompose(failure -> unwrapped(failure) instanceof RedisNoScriptException
                            ? to.<List<Object>>eval(script.source(), ScriptOutputType.MULTI, keys, arguments)
                            : CompletableFuture.failedFuture(failure));
        } catch (RuntimeException e) {
            // Lettuce throws when it does not even queue the command.
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

    /** A connection in progress is checked by the operation that caused it. */
    private synchronized boolean isConnecting() {
        return connecting != null && !connecting.isDone();
    }

    /** Checks Redis and reports the cause of a failure. */
    private CompletableFuture<Optional<String>> check() {
        return connected()
                .thenCompose(current -> send(current, Script.CHECK, List.of(checkKey), List.of("0"), FORGET)
                        .thenCompose(reply -> available ? FINE : noteStart(current)))
                .handle((done, failure) -> {
                    if (failure == null) {
                        restored();
                        return Optional.empty();
                    }
                    // A primary that became a replica: another one has replaced it, or will.
                    boolean replica = unwrapped(failure) instanceof RedisReadOnlyException;
                    if (failedChecks.incrementAndGet() >= CHECKS_OF_A_CONNECTION || replica) {
                        abandon();
                    }
                    String cause = cause(failure);
                    report(cause);
                    return Optional.of(cause);
                });
    }

    /** Reports the cause of a failed check, each once in an outage. */
    private void report(String cause) {
        boolean first;
        synchronized (this) {
            if (available || closed || reported.size() >= MAX_REPORTED || !reported.add(cause)) {
                return;
            }
            first = reported.size() == 1;
        }
        if (first) {
            observer.lost(cause);
        } else {
            observer.stillLost(cause);
        }
    }

    /** Records that Redis is complete again: missing entries mean unused limits. If that fails, the next operation does. */
    private CompletableFuture<Void> noteStart(RedisConnector.Connection to) {
        return CompletableFuture.allOf(names.starts()
                        .map(start -> send(to, Script.START, List.of(start), List.of("0"), FORGET))
                        .toArray(CompletableFuture[]::new))
                .exceptionally(failure -> null);
    }

    /** Returns the connection; a missing one is created once for all concurrent callers. */
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
            reported.clear();
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

    // Exceptions that only wrap another have its message after its class name, or none.
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

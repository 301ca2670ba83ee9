package org.senderauth.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;

/**
 * A resolver that queries one server over UDP, and again over TCP if the answer is truncated (RFC 7766 section 5). The
 * exchanges over TCP are limited: each has a buffer of up to 64 KiB, and its message may be parsed into twenty times as
 * much before it is found too large. An exchange waits at most the timeout for its turn. Thread-safe.
 */
final class UdpThenTcp implements Resolver {

    /** The maximum number of concurrent exchanges over TCP: 1 MiB of buffers, and one message each. */
    static final int MAX_EXCHANGES = 16;

    /** The maximum number of waiting exchanges; a few hundred bytes each. */
    static final int MAX_WAITING = 2_048;

    /** The queue of waiting exchanges is full. */
    static final class FullException extends IOException {
        private static final long serialVersionUID = 1L;

        FullException() {
            super("too many answers are being fetched over TCP");
        }
    }

    private record Waiting(CompletableFuture<Message> answer, Runnable begin, Executor executor) {}

    private final Resolver udp;
    private final Resolver tcp;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int running;

    UdpThenTcp(Resolver udp, Resolver tcp) {
        this.udp = udp;
        this.tcp = tcp;
        udp.setIgnoreTruncation(true);
        tcp.setTCP(true);
    }

    static UdpThenTcp of(InetSocketAddress server) {
        return new UdpThenTcp(new UdpResolver(server), new SimpleResolver(server));
    }

    /** Not supported: the caller decides which threads read the answer. */
    @Override
    public CompletionStage<Message> sendAsync(Message query) {
        throw new UnsupportedOperationException("sendAsync must have an executor: call sendAsync(Message, Executor)");
    }

    @Override
    public CompletionStage<Message> sendAsync(Message query, Executor executor) {
        return udp.sendAsync(query, executor)
                .thenCompose(answer -> answer.getHeader().getFlag(Flags.TC)
                        ? overTcp(query, executor)
                        : CompletableFuture.completedFuture(answer));
    }

    private CompletionStage<Message> overTcp(Message query, Executor executor) {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        Runnable exchange = () -> begin(answer, query, executor);
        synchronized (this) {
            if (running == MAX_EXCHANGES) {
                if (waiting.size() == MAX_WAITING) {
                    return CompletableFuture.failedFuture(new FullException());
                }
                waiting.add(new Waiting(answer, exchange, executor));
                return answer.orTimeout(tcp.getTimeout().toMillis(), TimeUnit.MILLISECONDS);
            }
            running++;
        }
        exchange.run();
        return answer;
    }

    private void begin(CompletableFuture<Message> answer, Message query, Executor executor) {
        CompletionStage<Message> exchange;
        try {
            exchange = tcp.sendAsync(query, executor);
        } catch (RuntimeException e) {
            exchange = CompletableFuture.failedFuture(e);
        }
        exchange.whenComplete((message, failure) -> {
            if (failure == null) {
                answer.complete(message);
            } else {
                answer.completeExceptionally(failure);
            }
            // Only now: the message has been read and can be collected.
            next();
        });
    }

    // Each completed exchange starts the next one; those that timed out have been completed.
    private void next() {
        Waiting turn;
        synchronized (this) {
            do {
                turn = waiting.poll();
            } while (turn != null && turn.answer.isDone());
            if (turn == null) {
                running--;
            }
        }
        if (turn != null) {
            // In another thread: exchanges that fail immediately would recurse.
            turn.executor.execute(turn.begin);
        }
    }

    @Override
    public Duration getTimeout() {
        return udp.getTimeout();
    }

    @Override
    public void setTimeout(Duration timeout) {
        udp.setTimeout(timeout);
        tcp.setTimeout(timeout);
    }

    @Override
    public void setPort(int port) {
        udp.setPort(port);
        tcp.setPort(port);
    }

    @Override
    public void setTCP(boolean flag) {
        udp.setTCP(flag);
    }

    @Override
    public void setIgnoreTruncation(boolean flag) {
        throw new UnsupportedOperationException("truncated answers are queried again over TCP");
    }

    @Override
    public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {
        udp.setEDNS(version, payloadSize, flags, options);
        tcp.setEDNS(version, payloadSize, flags, options);
    }

    @Override
    public void setTSIGKey(TSIG key) {
        udp.setTSIGKey(key);
        tcp.setTSIGKey(key);
    }

    @Override
    public String toString() {
        return udp.toString();
    }
}

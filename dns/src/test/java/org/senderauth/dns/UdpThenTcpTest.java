package org.senderauth.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.TSIG;

class UdpThenTcpTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Executor threads = new DnsThreads();
    private final BlockingQueue<CompletableFuture<Message>> begun = new LinkedBlockingQueue<>();
    private final Message truncated = message(Flags.TC);
    private final Scripted tcp = new Scripted(() -> {
        CompletableFuture<Message> exchange = new CompletableFuture<>();
        begun.add(exchange);
        return exchange;
    });
    private final UdpThenTcp resolver =
            new UdpThenTcp(new Scripted(() -> CompletableFuture.completedFuture(truncated)), tcp);

    @Test
    void queriesOverTcpOnlyIfTruncated() throws InterruptedException {
        Message whole = message(Flags.QR);
        UdpThenTcp direct = new UdpThenTcp(new Scripted(() -> CompletableFuture.completedFuture(whole)), tcp);
        assertThat(direct.sendAsync(new Message(), threads)).isCompletedWithValue(whole);
        assertThat(begun).isEmpty();

        CompletableFuture<Message> answer = ask();
        nextBegun().complete(whole);
        assertThat(answer.join()).isSameAs(whole);
    }

    @Test
    void exchangeAboveLimitWaits() throws InterruptedException {
        List<CompletableFuture<Message>> exchanges = fill();
        CompletableFuture<Message> last = ask();
        assertThat(begun).isEmpty();
        exchanges.get(0).complete(message(Flags.QR));
        Message whole = message(Flags.QR);
        nextBegun().complete(whole);
        assertThat(last.join()).isSameAs(whole);
    }

    @Test
    void expiredExchangeTakesNoTurn() throws InterruptedException {
        List<CompletableFuture<Message>> exchanges = fill();
        tcp.setTimeout(Duration.ofMillis(1));
        assertThat(failure(ask())).isInstanceOf(TimeoutException.class);
        tcp.setTimeout(LONG);
        CompletableFuture<Message> last = ask();
        exchanges.get(0).complete(message(Flags.QR));
        Message whole = message(Flags.QR);
        nextBegun().complete(whole);
        assertThat(last.join()).isSameAs(whole);
    }

    @Test
    void rejectsExchangeIfQueueIsFull() throws InterruptedException {
        fill();
        for (int i = 0; i < UdpThenTcp.MAX_WAITING; i++) {
            assertThat(ask()).isNotDone();
        }
        assertThat(failure(ask())).isInstanceOf(UdpThenTcp.FullException.class);
    }

    @Test
    void continuesAfterImmediateFailures() {
        CompletableFuture<Message> first = new CompletableFuture<>();
        AtomicInteger number = new AtomicInteger();
        UdpThenTcp failing =
                new UdpThenTcp(new Scripted(() -> CompletableFuture.completedFuture(truncated)), new Scripted(() -> {
                    if (number.getAndIncrement() < UdpThenTcp.MAX_EXCHANGES) {
                        return first;
                    }
                    throw new IllegalStateException("scripted");
                }));
        List<CompletableFuture<Message>> asked = new ArrayList<>();
        for (int i = 0; i < UdpThenTcp.MAX_EXCHANGES + UdpThenTcp.MAX_WAITING; i++) {
            asked.add(failing.sendAsync(new Message(), threads).toCompletableFuture());
        }
        first.complete(message(Flags.QR));
        asked.subList(UdpThenTcp.MAX_EXCHANGES, asked.size())
                .forEach(answer -> assertThat(failure(answer)).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void requiresExecutor() {
        assertThatThrownBy(() -> resolver.sendAsync(new Message())).isInstanceOf(UnsupportedOperationException.class);
        assertThat(begun).isEmpty();
    }

    private List<CompletableFuture<Message>> fill() throws InterruptedException {
        List<CompletableFuture<Message>> exchanges = new ArrayList<>();
        for (int i = 0; i < UdpThenTcp.MAX_EXCHANGES; i++) {
            ask();
            exchanges.add(nextBegun());
        }
        return exchanges;
    }

    private CompletableFuture<Message> ask() {
        return resolver.sendAsync(new Message(), threads).toCompletableFuture();
    }

    private CompletableFuture<Message> nextBegun() throws InterruptedException {
        CompletableFuture<Message> exchange = begun.poll(1, TimeUnit.MINUTES);
        assertThat(exchange).as("an exchange that has begun").isNotNull();
        return exchange;
    }

    private static Message message(int flag) {
        Message message = new Message();
        message.getHeader().setFlag(flag);
        return message;
    }

    private static Throwable failure(CompletableFuture<Message> answer) {
        return answer.handle((message, failure) -> failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure)
                .join();
    }

    private static final class Scripted implements Resolver {

        private final Supplier<CompletionStage<Message>> exchange;
        private volatile Duration timeout = LONG;

        Scripted(Supplier<CompletionStage<Message>> exchange) {
            this.exchange = exchange;
        }

        @Override
        public CompletionStage<Message> sendAsync(Message query, Executor executor) {
            return exchange.get();
        }

        @Override
        public Duration getTimeout() {
            return timeout;
        }

        @Override
        public void setTimeout(Duration time) {
            timeout = time;
        }

        @Override
        public void setPort(int port) {}

        @Override
        public void setTCP(boolean flag) {}

        @Override
        public void setIgnoreTruncation(boolean flag) {}

        @Override
        public void setEDNS(int version, int payloadSize, int flags, List<EDNSOption> options) {}

        @Override
        public void setTSIGKey(TSIG key) {}
    }
}

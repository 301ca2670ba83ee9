package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.senderauth.postfix.ServerObserver.CloseReason;

/** A client that asks and does not read the answer holds a thread until the time for writing is over. */
@Timeout(60)
class WriteTimeoutTest {

    private static final Duration WRITE_TIME = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofDays(1000);

    /** More than the buffers of both sides hold. */
    private static final int VAST = 64 << 20;

    /** Answers each byte with more than any peer reads. */
    private static final Protocol<Integer> TALKATIVE = new Protocol<>() {
        @Override
        public Integer read(RequestInput in) throws IOException, MalformedRequestException {
            return in.read();
        }

        @Override
        public Reply answer(Integer octet) {
            return new Reply(new byte[VAST], true);
        }
    };

    @Test
    void closesAtWriteTimeout() throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        AtomicLong clock = new AtomicLong();
        BlockingQueue<CloseReason> ends = new LinkedBlockingQueue<>();
        ServerObserver recorder = new ServerObserver() {
            @Override
            public void closed(CloseReason end) {
                ends.add(end);
            }
        };
        try (MtaServer server = MtaServer.builder(TALKATIVE, pool)
                        .limits(ServerLimits.builder()
                                .connections(10)
                                .requestTime(LONG)
                                .answerTime(LONG)
                                .writeTime(WRITE_TIME)
                                .idleTime(LONG)
                                .stopTime(Duration.ZERO)
                                .build())
                        .observer(recorder)
                        .nanoTime(clock::get)
                        .start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Socket socket = new Socket()) {
            socket.connect(server.address());
            socket.getOutputStream().write('?');
            CloseReason end = null;
            while (end == null) {
                clock.addAndGet(WRITE_TIME.toNanos());
                end = ends.poll(20, TimeUnit.MILLISECONDS);
            }
            assertThat(end).isEqualTo(CloseReason.TIMEOUT);
        } finally {
            pool.shutdownNow();
        }
    }
}

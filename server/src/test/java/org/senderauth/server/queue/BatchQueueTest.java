package org.senderauth.server.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BatchQueueTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int THREADS = 8;
    private static final int EACH = 20_000;

    private final List<String> taken = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> drops = Collections.synchronizedList(new ArrayList<>());

    private BatchQueue<String> queue(long maxBytes, BatchQueue.Sink<String> sink) {
        return new BatchQueue<>("queue-test", Thread.NORM_PRIORITY, maxBytes, item -> 100L, Duration.ZERO, sink);
    }

    private int take(List<String> batch, long dropped, long total) {
        taken.addAll(batch);
        drops.add(dropped);
        return 0;
    }

    @Test
    void takesEveryItemOfManyThreadsOnceAndInTheOrderOfEach() throws Exception {
        BatchQueue<String> queue = queue(Long.MAX_VALUE / 2, this::take);
        queue.start();
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            String name = i + ":";
            Thread thread = new Thread(() -> {
                try {
                    together.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                for (int item = 0; item < EACH; item++) {
                    queue.add(name + item);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        queue.close();
        queue.join(LONG);

        assertThat(queue.dropped()).isZero();
        assertThat(taken).hasSize(THREADS * EACH);
        for (int i = 0; i < THREADS; i++) {
            String name = i + ":";
            List<String> expected = new ArrayList<>();
            for (int item = 0; item < EACH; item++) {
                expected.add(name + item);
            }
            assertThat(taken.stream().filter(item -> item.startsWith(name)).toList())
                    .isEqualTo(expected);
        }
    }

    @Test
    void countsEachItemThatIsAddedWhileItCloses() throws Exception {
        for (int round = 0; round < 500; round++) {
            taken.clear();
            BatchQueue<String> queue = queue(Long.MAX_VALUE / 2, this::take);
            queue.start();
            CyclicBarrier together = new CyclicBarrier(2);
            Thread adder = new Thread(() -> {
                try {
                    together.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                for (int item = 0; item < 100; item++) {
                    queue.add("item" + item);
                }
            });
            adder.start();
            together.await();
            queue.close();
            queue.join(LONG);
            adder.join();
            assertThat(taken.size() + queue.dropped()).isEqualTo(100);
        }
    }

    @Test
    void addedItemWakesWaitingThread() throws Exception {
        Semaphore seen = new Semaphore(0);
        BatchQueue<String> queue = queue(1000, (batch, dropped, total) -> {
            take(batch, dropped, total);
            seen.release(batch.size());
            return 0;
        });
        queue.start();
        for (int i = 0; i < 100; i++) {
            queue.add("item");
            assertThat(seen.tryAcquire(1, TimeUnit.MINUTES)).isTrue();
        }
        queue.close();
        queue.join(LONG);

        assertThat(taken).hasSize(100);
    }

    @Test
    void itemsBeyondBoundAreDroppedAndReportedOnce() {
        BatchQueue<String> queue = queue(250, this::take);
        for (int item = 0; item < 5; item++) {
            queue.add("item " + item);
        }
        assertThat(queue.dropped()).isEqualTo(3);
        queue.start();
        queue.close();
        queue.join(LONG);

        assertThat(taken).containsExactly("item 0", "item 1");
        assertThat(drops.stream().mapToLong(Long::longValue).sum()).isEqualTo(3);
    }

    @Test
    void spaceThatIsTakenIsFreeAgain() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        BatchQueue<String> queue = queue(100, (batch, dropped, total) -> {
            take(batch, dropped, total);
            first.countDown();
            return 0;
        });
        queue.start();
        queue.add("first");
        assertThat(first.await(1, TimeUnit.MINUTES)).isTrue();
        queue.add("second");
        queue.close();
        queue.join(LONG);

        assertThat(taken).containsExactly("first", "second");
        assertThat(queue.dropped()).isZero();
    }

    @Test
    void unusedItemsCountAsDroppedWithoutReport() {
        BatchQueue<String> queue = queue(1000, (batch, dropped, total) -> {
            take(batch, dropped, total);
            return batch.size();
        });
        queue.add("one");
        queue.add("two");
        queue.start();
        queue.close();
        queue.join(LONG);

        assertThat(queue.dropped()).isEqualTo(2);
        assertThat(drops).containsOnly(0L);
    }

    @Test
    void afterTheEndItemsAreDropped() {
        BatchQueue<String> queue = queue(1000, this::take);
        queue.start();
        queue.close();
        queue.join(LONG);
        queue.add("late");

        assertThat(taken).isEmpty();
        assertThat(queue.dropped()).isEqualTo(1);
    }
}

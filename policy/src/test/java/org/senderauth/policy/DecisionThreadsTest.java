package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DecisionThreadsTest {

    @Test
    void runsTasksAgainAfterSystemHadNoThreads() {
        AtomicInteger failures = new AtomicInteger(3);
        DecisionThreads threads = new DecisionThreads(pool -> {
            if (failures.getAndDecrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
        });
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> threads.execute(() -> {})).isInstanceOf(OutOfMemoryError.class);
        }
        assertThat(CompletableFuture.supplyAsync(() -> "done", threads).join()).isEqualTo("done");
    }
}

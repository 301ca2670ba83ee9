package org.senderauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class AwaitTest {

    @Test
    void polledUntilTheEventAndNotAgain() {
        AtomicInteger looks = new AtomicInteger();
        Await.until("the third look", () -> looks.incrementAndGet() == 3);
        assertThat(looks).hasValue(3);
    }

    @Test
    void interruptEndsWaitAndIsKept() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Await.until("what never comes", () -> false))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("what never comes");
        assertThat(Thread.interrupted()).isTrue();
    }
}

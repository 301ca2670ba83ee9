package org.senderauth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;

class PatienceTest {

    @Test
    void itLooksUntilTheEventIsThereAndNotOnceMore() {
        AtomicInteger looks = new AtomicInteger();
        Patience.until("the third look", () -> looks.incrementAndGet() == 3);
        assertThat(looks).hasValue(3);
    }

    @Test
    void anInterruptEndsItAndIsKept() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Patience.until("what never comes", () -> false))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("what never comes");
        assertThat(Thread.interrupted()).isTrue();
    }
}

package org.senderauth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ThreadSupplyTest {

    private final AtomicBoolean scarce = new AtomicBoolean();
    private final ThreadSupply supply = new ThreadSupply(() -> {
        if (scarce.get()) {
            throw new OutOfMemoryError("unable to create native thread");
        }
    });

    @Test
    void givesUpOnlyAfterRefusalsInARow() {
        for (int round = 0; round < 3; round++) {
            scarce.set(true);
            for (int i = 1; i < ThreadSupply.MAX_REFUSED; i++) {
                assertThat(supply.check()).isTrue();
            }
            scarce.set(false);
            assertThat(supply.check()).isTrue();
        }
        scarce.set(true);
        for (int i = 1; i < ThreadSupply.MAX_REFUSED; i++) {
            assertThat(supply.check()).isTrue();
        }
        assertThat(supply.check()).isFalse();
    }

    @Test
    void startsRealThreads() {
        assertThat(new ThreadSupply(ThreadSupply::startThread).check()).isTrue();
    }
}

package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.senderauth.testkit.ManualClock;

class MemoryReplayLedgerTest extends ReplayLedgerContract {

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private final ReplayLedger ledger = MemoryReplayLedger.create(clock, clock::nanoTime, 1000);

    @Override
    protected ReplayLedger ledger() {
        return ledger;
    }

    @Override
    protected Instant now() {
        return clock.instant();
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }

    @Test
    void sizeStaysWithinItsBound() {
        MemoryReplayLedger small = MemoryReplayLedger.create(clock, clock::nanoTime, 100);
        for (int i = 0; i < 10_000; i++) {
            small.increment("b:" + i, now().plusSeconds(60));
        }
        assertThat(small.size()).isEqualTo(100);
    }

    @Test
    void evictedEntriesUseNoMemory() {
        MemoryReplayLedger dated = MemoryReplayLedger.create(clock, clock::nanoTime, 1000);
        for (int i = 0; i < 500; i++) {
            dated.increment("b:" + i, now().plusSeconds(60));
        }
        assertThat(dated.size()).isEqualTo(500);
        clock.advance(Duration.ofSeconds(62));
        assertThat(dated.size()).isZero();
    }

    @Test
    void clockThatIsSetEvictsNothingEarly() {
        MemoryReplayLedger set = MemoryReplayLedger.create(clock, clock::nanoTime, 1000);
        Instant end = now().plusSeconds(3600);
        set.increment("b:1", end);
        clock.set(now().plus(Duration.ofHours(5)));
        assertThat(set.size()).isEqualTo(1);
        clock.set(now().minus(Duration.ofHours(9)));
        clock.advance(Duration.ofMinutes(59));
        assertThat(set.increment("b:1", end).toCompletableFuture().join())
                .isEqualTo(new ReplayLedger.UseCount.Counted(2));
        // The signature is good for as long as the wall clock says so, and so is its count.
        clock.advance(Duration.ofHours(3));
        assertThat(set.size()).isEqualTo(1);
    }

    @Test
    void defaultSizeUsesAtMostAnEighthOfTheHeap() {
        assertThat(MemoryReplayLedger.defaultSize())
                .isBetween(1, MemoryReplayLedger.DEFAULT_SIZE)
                .isLessThanOrEqualTo((int) (Runtime.getRuntime().maxMemory() / 8 / 256));
    }

    @Test
    void defaultLedgerCountsByTheSystemClock() {
        assertThat(MemoryReplayLedger.create().size()).isZero();
        MemoryReplayLedger system = MemoryReplayLedger.create();
        system.increment("b:1", Instant.parse("2100-01-01T00:00:00Z"));
        assertThat(system.size()).isEqualTo(1);
    }

    @Test
    void ledgerWithoutRoomIsRefused() {
        assertThatThrownBy(() -> MemoryReplayLedger.create(clock, clock::nanoTime, 0))
                .hasMessageContaining("at least one");
    }
}

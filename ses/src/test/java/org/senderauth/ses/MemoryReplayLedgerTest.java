package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.senderauth.testkit.SteppingClock;

class MemoryReplayLedgerTest extends ReplayLedgerContract {

    private final SteppingClock clock = SteppingClock.at(Instant.parse("2026-11-23T12:00:00Z"));
    private final ReplayLedger ledger = MemoryReplayLedger.create(clock, 1000);

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
        MemoryReplayLedger small = MemoryReplayLedger.create(clock, 100);
        for (int i = 0; i < 10_000; i++) {
            small.increment("b:" + i, now().plusSeconds(60));
        }
        assertThat(small.size()).isEqualTo(100);
    }

    @Test
    void forgottenEntriesTakeNoRoom() {
        MemoryReplayLedger dated = MemoryReplayLedger.create(clock, 1000);
        for (int i = 0; i < 500; i++) {
            dated.increment("b:" + i, now().plusSeconds(60));
        }
        assertThat(dated.size()).isEqualTo(500);
        clock.advance(Duration.ofSeconds(62));
        assertThat(dated.size()).isZero();
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
        assertThatThrownBy(() -> MemoryReplayLedger.create(clock, 0)).hasMessageContaining("at least one");
    }
}

package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerLimitsTest {

    private static final Duration SHORTEST = Duration.ofNanos(1);

    private static ServerLimits limits(int connections, Duration... times) {
        return new ServerLimits(connections, times[0], times[1], times[2], times[3], times[4]);
    }

    private static Duration[] shortestBut(int index, Duration other) {
        Duration[] times = {SHORTEST, SHORTEST, SHORTEST, SHORTEST, Duration.ZERO};
        times[index] = other;
        return times;
    }

    @Test
    void everyTimeIsPositiveAndThatForTheStopMayBeNone() {
        assertThat(limits(1, shortestBut(4, Duration.ZERO)).connections()).isOne();
        for (int index = 0; index < 4; index++) {
            for (Duration none : List.of(Duration.ZERO, SHORTEST.negated())) {
                Duration[] times = shortestBut(index, none);
                assertThatIllegalArgumentException().isThrownBy(() -> limits(1, times));
            }
        }
        assertThatIllegalArgumentException().isThrownBy(() -> limits(1, shortestBut(4, SHORTEST.negated())));
    }

    @Test
    void oneConnectionIsTheLeast() {
        assertThatIllegalArgumentException().isThrownBy(() -> limits(0, shortestBut(4, Duration.ZERO)));
    }

    @Test
    void oneLimitIsChangedAndTheOthersStay() {
        ServerLimits usual = ServerLimits.DEFAULT;
        ServerLimits changed = usual.withConnections(7).withAnswerTime(SHORTEST);
        assertThat(changed)
                .isEqualTo(new ServerLimits(
                        7, usual.requestTime(), SHORTEST, usual.writeTime(), usual.idleTime(), usual.stopTime()));
    }
}

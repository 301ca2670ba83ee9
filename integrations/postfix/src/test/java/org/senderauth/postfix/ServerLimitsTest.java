package org.senderauth.postfix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.senderauth.postfix.ServerLimits.Builder;

class ServerLimitsTest {

    private static final Duration SHORTEST = Duration.ofNanos(1);

    @Test
    void rejectsTimesThatAreNotPositive() {
        List<BiFunction<Builder, Duration, Builder>> setters =
                List.of(Builder::requestTime, Builder::answerTime, Builder::writeTime, Builder::idleTime);
        for (BiFunction<Builder, Duration, Builder> setter : setters) {
            setter.apply(ServerLimits.builder(), SHORTEST).build();
            for (Duration none : List.of(Duration.ZERO, SHORTEST.negated())) {
                assertThatIllegalArgumentException().isThrownBy(() -> setter.apply(ServerLimits.builder(), none));
            }
        }
    }

    @Test
    void acceptsStopTimeZero() {
        assertThat(ServerLimits.builder().stopTime(Duration.ZERO).build().stopTime())
                .isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerLimits.builder().stopTime(SHORTEST.negated()));
    }

    @Test
    void requiresAtLeastOneConnection() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerLimits.builder().connections(0));
    }

    @Test
    void changesOneLimitOnly() {
        ServerLimits usual = ServerLimits.DEFAULT;
        ServerLimits changed = usual.withConnections(7).withAnswerTime(SHORTEST);
        assertThat(changed)
                .isEqualTo(ServerLimits.builder()
                        .connections(7)
                        .requestTime(usual.requestTime())
                        .answerTime(SHORTEST)
                        .writeTime(usual.writeTime())
                        .idleTime(usual.idleTime())
                        .stopTime(usual.stopTime())
                        .build());
        assertThat(changed.toBuilder().build()).isEqualTo(changed).hasSameHashCodeAs(changed);
    }
}

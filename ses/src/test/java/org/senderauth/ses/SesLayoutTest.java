package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SesLayoutTest {

    @ParameterizedTest
    @CsvSource({
        // fraction bits, days, unit, field bits, window, most skew
        "0, 1, PT24H, 2, 1, 2",
        "0, 2, PT24H, 2, 2, 1",
        "0, 3, PT24H, 3, 3, 4",
        "2, 10, PT6H, 6, 40, 23",
        "2, 14, PT6H, 6, 56, 7",
        "2, 15, PT6H, 7, 60, 67",
        "7, 365, PT11M15S, 16, 46720, 18815",
    })
    void timeFieldHoldsTheWindowAndLeavesRoomForSkew(
            int fractionBits, int days, String unit, int fieldBits, int window, int maxSkew) {
        SesLayout layout = new SesLayout(80, fractionBits, days);
        assertThat(layout.unit()).hasToString(unit);
        assertThat(layout.fieldBits()).isEqualTo(fieldBits);
        assertThat(layout.fixedField()).isEqualTo((1 << fieldBits) - 1);
        assertThat(layout.window()).isEqualTo(window);
        assertThat(layout.maxSkew()).isEqualTo(maxSkew);
    }

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00Z, 0, 1970-01-01T00:00:00Z",
        "1970-01-01T05:59:59.999Z, 0, 1970-01-01T00:00:00Z",
        "1970-01-01T06:00:00Z, 1, 1970-01-01T06:00:00Z",
        "1969-12-31T23:59:59Z, -1, 1969-12-31T18:00:00Z",
        "2026-11-23T12:00:00Z, 83122, 2026-11-23T12:00:00Z",
    })
    void timecodeCountsUnitsSince1970(Instant instant, long timecode, Instant begin) {
        assertThat(SesLayout.DEFAULT.timecode(instant)).isEqualTo(timecode);
        assertThat(SesLayout.DEFAULT.instant(timecode)).isEqualTo(begin);
    }

    @ParameterizedTest
    @CsvSource({"40, 0, 1", "160, 7, 365"})
    void leastAndMostAreAllowed(int hashBits, int fractionBits, int days) {
        assertThat(new SesLayout(hashBits, fractionBits, days).hashBits()).isEqualTo(hashBits);
    }

    @ParameterizedTest
    @CsvSource({
        "39, 2, 10, 'hashBits must be 40 to 160, not 39'",
        "161, 2, 10, 'hashBits must be 40 to 160, not 161'",
        "80, -1, 10, 'fractionBits must be 0 to 7, not -1'",
        "80, 8, 10, 'fractionBits must be 0 to 7, not 8'",
        "80, 2, 0, 'expirationDays must be 1 to 365, not 0'",
        "80, 2, 366, 'expirationDays must be 1 to 365, not 366'",
    })
    void namesValueOutOfRange(int hashBits, int fractionBits, int days, String message) {
        assertThatThrownBy(() -> new SesLayout(hashBits, fractionBits, days))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}

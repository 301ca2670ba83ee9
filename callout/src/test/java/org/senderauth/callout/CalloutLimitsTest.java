package org.senderauth.callout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.outcome.CalloutLimits;
import org.senderauth.callout.outcome.CalloutLimits.Rate;

/** Limits are changed one by one; contradictions are rejected. */
class CalloutLimitsTest {

    @Test
    void keepsWhatIsNotChanged() {
        CalloutLimits changed = CalloutLimits.builder()
                .domainRate(new Rate(Duration.ofSeconds(1), 2))
                .cacheSize(7)
                .build();
        assertThat(changed).isNotEqualTo(CalloutLimits.DEFAULT);
        assertThat(changed.toBuilder().build()).isEqualTo(changed).hasSameHashCodeAs(changed);
        assertThat(changed.cacheSize()).isEqualTo(7);
        assertThat(changed.hostRate()).isEqualTo(CalloutLimits.DEFAULT.hostRate());
        assertThat(changed.toBuilder()
                        .domainRate(CalloutLimits.DEFAULT.domainRate())
                        .cacheSize(CalloutLimits.DEFAULT.cacheSize())
                        .build())
                .isEqualTo(CalloutLimits.DEFAULT);
    }

    @Test
    void rejectsAddressesThatExpireBeforeTheyAreRefreshed() {
        CalloutLimits.Builder limits = CalloutLimits.builder()
                .positiveRefreshTime(Duration.ofHours(2))
                .positiveExpireTime(Duration.ofHours(1));
        assertThatThrownBy(limits::build)
                .hasMessage("positiveExpireTime must not be less than positiveRefreshTime (PT2H), was PT1H");
    }

    @Test
    void rejectsNumbersThatAreNotPositive() {
        assertThatThrownBy(() -> CalloutLimits.builder().probesPerHost(0))
                .hasMessage("probesPerHost must be at least 1, was 0");
        assertThatThrownBy(() -> CalloutLimits.builder().responseTimeout(Duration.ofSeconds(-1)))
                .hasMessage("responseTimeout must not be negative, was PT-1S");
        assertThatThrownBy(() -> CalloutLimits.builder().responseTimeout(Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessageStartingWith("responseTimeout must be at most 24 hours, was ");
        assertThatThrownBy(() -> CalloutLimits.builder().positiveExpireTime(Duration.ofDays(3651)))
                .hasMessageStartingWith("positiveExpireTime must be at most 87600 hours, was ");
        assertThatThrownBy(() -> new Rate(Duration.ofSeconds(Long.MAX_VALUE), 2))
                .hasMessageContaining("3650 days");
        assertThatThrownBy(() -> new Rate(Duration.ofDays(1), 3651)).hasMessageContaining("3650 days");
        assertThatThrownBy(() -> new Rate(Duration.ZERO, 2)).hasMessage("interval must be positive, was PT0S");
        assertThatThrownBy(() -> new Rate(Duration.ofSeconds(1), 1)).hasMessage("burst must be at least 2, was 1");
    }
}

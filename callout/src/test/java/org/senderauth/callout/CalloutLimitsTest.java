package org.senderauth.callout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.senderauth.callout.CalloutLimits.Rate;

class CalloutLimitsTest {

    private static final CalloutLimits USUAL = CalloutLimits.DEFAULT;

    @Test
    void changedLimitsDifferInWhatWasChangedAlone() {
        Rate domain = new Rate(Duration.ofSeconds(1), 2);
        Rate host = new Rate(Duration.ofSeconds(2), 3);
        Rate all = new Rate(Duration.ofSeconds(3), 4);
        CalloutLimits changed = USUAL.withCallerWait(Duration.ofSeconds(7))
                .withRates(domain, host, all)
                .withProbes(11, 12, 13)
                .withForgeries(14, 15);
        assertThat(changed)
                .isEqualTo(new CalloutLimits(
                        Duration.ofSeconds(7),
                        domain,
                        host,
                        all,
                        11,
                        12,
                        13,
                        14,
                        15,
                        USUAL.positiveFresh(),
                        USUAL.positiveStale(),
                        USUAL.addresses()));
        assertThat(changed.withCallerWait(USUAL.callerWait())
                        .withRates(USUAL.perDomain(), USUAL.perHost(), USUAL.overall())
                        .withProbes(USUAL.probesPerDomain(), USUAL.probesPerHost(), USUAL.probesAtOnce())
                        .withForgeries(USUAL.forgeriesPerDomain(), USUAL.badSendersPerClient()))
                .isEqualTo(USUAL);
    }
}

package org.senderauth.callout.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProbeTimeoutsTest {

    @Test
    void changesOnlyTimeOfQuit() {
        ProbeTimeouts usual = ProbeTimeouts.DEFAULT;
        Duration goodbye = usual.quit().plusSeconds(1);
        assertThat(usual.withQuit(goodbye))
                .isEqualTo(new ProbeTimeouts(
                        usual.connect(),
                        usual.greeting(),
                        usual.hello(),
                        usual.tls(),
                        usual.mail(),
                        usual.rcpt(),
                        goodbye,
                        usual.whole()));
    }
}

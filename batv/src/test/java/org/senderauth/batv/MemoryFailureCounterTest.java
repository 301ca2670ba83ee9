package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MemoryFailureCounterTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

    private final MemoryFailureCounter counter = new MemoryFailureCounter(Duration.ofMinutes(10));

    @Test
    void windowBeginsWithTheFirstFailure() throws UnknownHostException {
        InetAddress client = InetAddress.getByName("192.0.2.1");

        assertThat(counter.failures(client, NOW)).isZero();
        assertThat(counter.failed(client, NOW)).isEqualTo(1);
        assertThat(counter.failed(client, NOW.plusSeconds(599))).isEqualTo(2);
        assertThat(counter.failures(client, NOW.plusSeconds(599))).isEqualTo(2);
        assertThat(counter.failures(client, NOW.plusSeconds(600))).isZero();
        assertThat(counter.failed(client, NOW.plusSeconds(600))).isEqualTo(1);
    }

    @Test
    void ipv6ClientIsItsNetwork() throws UnknownHostException {
        counter.failed(InetAddress.getByName("2001:db8::1"), NOW);

        assertThat(counter.failures(InetAddress.getByName("2001:db8::ffff"), NOW))
                .isEqualTo(1);
        assertThat(counter.failures(InetAddress.getByName("2001:db8:0:1::1"), NOW))
                .isZero();
        counter.failed(InetAddress.getByName("192.0.2.1"), NOW);
        assertThat(counter.failures(InetAddress.getByName("192.0.2.2"), NOW)).isZero();
    }

    @Test
    void clientWithTheOldestFailureIsForgottenFirst() throws UnknownHostException {
        InetAddress first = InetAddress.getByName("203.0.113.1");
        counter.failed(first, NOW);
        for (int i = 1; i < MemoryFailureCounter.MAX_CLIENTS; i++) {
            counter.failed(InetAddress.getByAddress(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i}), NOW);
        }
        assertThat(counter.failed(first, NOW)).isEqualTo(2);
        counter.failed(InetAddress.getByName("203.0.113.2"), NOW);
        assertThat(counter.failures(first, NOW)).isEqualTo(2);
        assertThat(counter.failures(InetAddress.getByName("10.0.0.1"), NOW)).isZero();
        assertThat(counter.failures(InetAddress.getByName("10.0.0.2"), NOW)).isEqualTo(1);
    }

    @Test
    void noCounterCountsNothing() throws UnknownHostException {
        InetAddress client = InetAddress.getByName("192.0.2.1");

        assertThat(FailureCounter.none().failed(client, NOW)).isZero();
        assertThat(FailureCounter.none().failures(client, NOW)).isZero();
    }
}

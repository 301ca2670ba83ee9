package org.senderauth.batv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemoryFailureCounterTest {

    private long nanos = Long.MAX_VALUE - 5;

    private final MemoryFailureCounter counter = new MemoryFailureCounter(Duration.ofMinutes(10), () -> nanos);

    @Test
    void windowBeginsWithTheFirstFailure() throws UnknownHostException {
        InetAddress client = InetAddress.getByName("192.0.2.1");

        assertThat(counter.failures(client)).isZero();
        assertThat(counter.failed(client)).isEqualTo(1);
        nanos += Duration.ofSeconds(599).toNanos();
        assertThat(counter.failed(client)).isEqualTo(2);
        assertThat(counter.failures(client)).isEqualTo(2);
        nanos += Duration.ofSeconds(1).toNanos();
        assertThat(counter.failures(client)).isZero();
        assertThat(counter.failed(client)).isEqualTo(1);
    }

    @Test
    void ipv6ClientIsItsNetwork() throws UnknownHostException {
        counter.failed(InetAddress.getByName("2001:db8::1"));

        assertThat(counter.failures(InetAddress.getByName("2001:db8::ffff"))).isEqualTo(1);
        assertThat(counter.failures(InetAddress.getByName("2001:db8:0:1::1"))).isZero();
        counter.failed(InetAddress.getByName("192.0.2.1"));
        assertThat(counter.failures(InetAddress.getByName("192.0.2.2"))).isZero();
    }

    @Test
    void evictsClientWithOldestFailureFirst() throws UnknownHostException {
        InetAddress first = InetAddress.getByName("203.0.113.1");
        counter.failed(first);
        for (int i = 1; i < MemoryFailureCounter.MAX_CLIENTS; i++) {
            counter.failed(InetAddress.getByAddress(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i}));
        }
        assertThat(counter.failed(first)).isEqualTo(2);
        counter.failed(InetAddress.getByName("203.0.113.2"));
        assertThat(counter.failures(first)).isEqualTo(2);
        assertThat(counter.failures(InetAddress.getByName("10.0.0.1"))).isZero();
        assertThat(counter.failures(InetAddress.getByName("10.0.0.2"))).isEqualTo(1);
    }

    @Test
    void countsNothingWithoutCounter() throws UnknownHostException {
        InetAddress client = InetAddress.getByName("192.0.2.1");

        assertThat(FailureCounter.none().failed(client)).isZero();
        assertThat(FailureCounter.none().failures(client)).isZero();
    }

    @Test
    void rejectsWindowThatCountsNothing() {
        for (Duration window :
                new Duration[] {Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(Long.MAX_VALUE)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new MemoryFailureCounter(window))
                    .withMessageStartingWith("window must be positive and at most 366 days, was PT");
        }
    }
}

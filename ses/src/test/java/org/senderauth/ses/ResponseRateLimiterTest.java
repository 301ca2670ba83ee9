package org.senderauth.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.senderauth.ses.ResponseRateLimiter.Verdict.DROP;
import static org.senderauth.ses.ResponseRateLimiter.Verdict.SEND;
import static org.senderauth.ses.ResponseRateLimiter.Verdict.SLIP;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.senderauth.testkit.ManualClock;

class ResponseRateLimiterTest {

    private final ManualClock clock = ManualClock.at(SesFixture.NOON);

    private ResponseRateLimiter rate(int perSecond) {
        return new ResponseRateLimiter(perSecond, clock::nanoTime, 42);
    }

    private static ResponseRateLimiter.Verdict count(ResponseRateLimiter rate, String client)
            throws UnknownHostException {
        return rate.count(InetAddress.getByName(client));
    }

    @Test
    void truncatesEverySecondAnswerAboveBurst() throws UnknownHostException {
        ResponseRateLimiter rate = rate(10);
        for (int i = 0; i < 10; i++) {
            assertThat(count(rate, "192.0.2.1")).isEqualTo(SEND);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(count(rate, "192.0.2.1")).isEqualTo(DROP);
            assertThat(count(rate, "192.0.2.1")).isEqualTo(SLIP);
        }
    }

    @Test
    void clockThatIsSetBackLimitsNoClient() throws UnknownHostException {
        ResponseRateLimiter rate = rate(10);
        for (int hours : new int[] {5, -9, 1, -3}) {
            clock.set(clock.instant().plus(Duration.ofHours(hours)));
            clock.advance(Duration.ofSeconds(2));
            for (int i = 0; i < 10; i++) {
                assertThat(count(rate, "192.0.2.1")).isEqualTo(SEND);
            }
            assertThat(count(rate, "192.0.2.1")).isNotEqualTo(SEND);
        }
    }

    @Test
    void allowanceComesBackBitByBit() throws UnknownHostException {
        ResponseRateLimiter rate = rate(10);
        for (int i = 0; i < 15; i++) {
            count(rate, "192.0.2.1");
        }
        clock.advance(Duration.ofMillis(100));
        assertThat(count(rate, "192.0.2.1")).isEqualTo(SEND);
        assertThat(count(rate, "192.0.2.1")).isNotEqualTo(SEND);
        clock.advance(Duration.ofHours(1));
        for (int i = 0; i < 10; i++) {
            assertThat(count(rate, "192.0.2.1")).isEqualTo(SEND);
        }
        assertThat(count(rate, "192.0.2.1")).isNotEqualTo(SEND);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.254, true",
        "192.0.2.1, 192.0.3.1, false",
        "192.0.2.1, 193.0.2.1, false",
        "2001:db8:0:100::1, 2001:db8:0:1ff:ffff::1, true",
        "2001:db8:0:100::1, 2001:db8:0:200::1, false",
        "2001:db8:0:100::1, 2001:db8:1:100::1, false",
    })
    void networkSharesOneAllowance(String first, String second, boolean shared) throws UnknownHostException {
        ResponseRateLimiter rate = rate(1);
        assertThat(count(rate, first)).isEqualTo(SEND);
        assertThat(count(rate, second) == SEND).isNotEqualTo(shared);
    }

    @Test
    void networksAreSpreadOverTheTable() throws UnknownHostException {
        ResponseRateLimiter rate = rate(1);
        int sent = 0;
        for (int i = 0; i < 5000; i++) {
            sent += count(rate, "10." + i / 256 + "." + i % 256 + ".1") == SEND ? 1 : 0;
        }
        // By chance, some 190 of 5,000 share one of 65,536 places.
        assertThat(sent).isBetween(4650, 4950);
    }

    @Test
    void seedDeterminesSharedBuckets() {
        assertThat(IntStream.range(0, 20).mapToObj(seed -> sharing(seed)).distinct())
                .hasSizeGreaterThan(15);
    }

    private String sharing(long seed) {
        ResponseRateLimiter rate = new ResponseRateLimiter(1, clock::nanoTime, seed);
        StringBuilder sharing = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            try {
                if (count(rate, "10." + i / 256 + "." + i % 256 + ".1") != SEND) {
                    sharing.append(i).append(' ');
                }
            } catch (UnknownHostException e) {
                throw new IllegalStateException(e);
            }
        }
        return sharing.toString();
    }
}

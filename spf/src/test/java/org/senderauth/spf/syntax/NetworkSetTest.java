package org.senderauth.spf.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sets of addresses as the fewest networks. */
class NetworkSetTest {

    private static IpNetwork network(String text) {
        int slash = text.indexOf('/');
        return new IpNetwork(
                IpAddress.parse(text.substring(0, slash)).orElseThrow(), Integer.parseInt(text.substring(slash + 1)));
    }

    private static NetworkSet set(String text) {
        return text == null
                ? NetworkSet.EMPTY
                : NetworkSet.of(Arrays.stream(text.split(" "))
                        .map(NetworkSetTest::network)
                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/25 192.0.2.128/25, 192.0.2.0/24",
        "192.0.2.1/32 192.0.2.0/24, 192.0.2.0/24",
        "192.0.2.77/24, 192.0.2.0/24",
        "192.0.2.1/32 192.0.2.2/32, 192.0.2.1/32 192.0.2.2/32",
        "0.0.0.0/1 128.0.0.0/1, 0.0.0.0/0",
        "8000::/1 ::/1, ::/0",
        "2001:db8:1::/48 2001:db8::/48 192.0.2.0/24, 192.0.2.0/24 2001:db8::/47",
        "255.255.255.255/32 255.255.255.254/32, 255.255.255.254/31",
    })
    void returnsFewestNetworks(String networks, String fewest) {
        assertThat(set(networks).networks()).isEqualTo(set(fewest).networks()).hasSize(fewest.split(" ").length);
        assertThat(set(networks))
                .isEqualTo(set(fewest))
                .hasSameHashCodeAs(set(fewest))
                .hasToString(set(fewest).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.9, 192.0.2.1/32 192.0.2.2/31 192.0.2.4/30 192.0.2.8/31",
        "192.0.2.0, 192.0.2.255, 192.0.2.0/24",
        "2001:db8::, 2001:db8::1, 2001:db8::/127",
        "192.0.2.9, 192.0.2.1,",
        "192.0.2.1, 2001:db8::1,",
    })
    void rangeIsExact(String first, String last, String networks) {
        NetworkSet range = NetworkSet.range(
                IpAddress.parse(first).orElseThrow(), IpAddress.parse(last).orElseThrow());
        assertThat(range).isEqualTo(set(networks));
        assertThat(range.isEmpty()).isEqualTo(networks == null);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.128/25, 192.0.2.0/25",
        "192.0.2.0/24, 192.0.2.64/26, 192.0.2.0/26 192.0.2.128/25",
        "192.0.2.0/24, 192.0.0.0/16,",
        "192.0.2.0/24, 2001:db8::/32, 192.0.2.0/24",
        "2001:db8::/32, 2001:db8::/33, 2001:db8:8000::/33",
        "192.0.2.0/30, 192.0.2.0/32 192.0.2.2/32, 192.0.2.1/32 192.0.2.3/32",
    })
    void subtractsNetworks(String from, String removed, String left) {
        assertThat(set(from).minus(set(removed))).isEqualTo(set(left));
        assertThat(set(left).plus(set(removed)).minus(set(removed)).minus(set(left)))
                .isEqualTo(NetworkSet.EMPTY);
    }

    @Test
    void containsExactlyTheAddressesOfItsNetworks() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 200; round++) {
            List<IpNetwork> networks = new ArrayList<>();
            List<IpNetwork> removed = new ArrayList<>();
            for (int count = 0; count < 6; count++) {
                (count % 2 == 0 ? networks : removed)
                        .add(new IpNetwork(new IpAddress(true, 0, random.nextInt(64)), 26 + random.nextInt(7)));
            }
            NetworkSet all = NetworkSet.of(networks);
            NetworkSet left = all.minus(NetworkSet.of(removed));
            int counted = 0;
            for (int number = 0; number < 64; number++) {
                IpAddress address = new IpAddress(true, 0, number);
                boolean in = networks.stream().anyMatch(network -> network.contains(address));
                boolean out = removed.stream().anyMatch(network -> network.contains(address));
                assertThat(all.contains(address)).isEqualTo(in);
                assertThat(left.contains(address)).isEqualTo(in && !out);
                assertThat(left.networks().stream().anyMatch(network -> network.contains(address)))
                        .isEqualTo(in && !out);
                counted += in && !out ? 1 : 0;
            }
            assertThat(left.size(true)).isEqualTo(BigInteger.valueOf(counted));
        }
    }

    @Test
    void recognizesWholeFamilies() {
        assertThat(set("0.0.0.0/1 128.0.0.0/1").isEverything(true)).isTrue();
        assertThat(set("0.0.0.0/1 128.0.0.0/2").isEverything(true)).isFalse();
        assertThat(set("0.0.0.0/0").isEverything(false)).isFalse();
        assertThat(NetworkSet.ALL.networks()).isEqualTo(set("0.0.0.0/0 ::/0").networks());
        assertThat(NetworkSet.ALL.size(false)).isEqualTo(BigInteger.TWO.pow(128));
    }

    @Test
    void boundariesStayWithinFamily() {
        assertThat(set("192.0.2.0/24 0.0.0.0/32 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")
                        .boundaries())
                .extracting(IpAddress::toString)
                .containsExactly(
                        "0.0.0.0",
                        "0.0.0.0",
                        "0.0.0.1",
                        "192.0.1.255",
                        "192.0.2.0",
                        "192.0.2.255",
                        "192.0.3.0",
                        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe",
                        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
                        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    }
}

package org.senderauth.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.IpAddresses;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.0, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "192.0.2.128/25, 192.0.2.127, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::, false",
        "::1, ::1, true",
        "127.0.0.0/8, ::ffff:127.0.0.1, true"
    })
    void comparesBitsOfPrefix(String network, String address, boolean inside) {
        InetAddress ip = IpAddresses.parse(address).orElseThrow();
        assertThat(Network.parse(network).orElseThrow().contains(ip)).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "example.org", "192.0.2.0/33", "192.0.2.1/24", "192.0.2.0/", "192.0.2.0/-1", "::/129", "/24"
            })
    void parseRefusesInvalidNetwork(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }
}

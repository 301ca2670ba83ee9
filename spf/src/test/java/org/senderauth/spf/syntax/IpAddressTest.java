package org.senderauth.spf.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "0:0:1::, 0:0:1::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::FFFF:c000:0201, 192.0.2.1"
    })
    void writesShortForm(String text, String written) {
        assertThat(IpAddress.parse(text)).get().hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "192.0.2",
                "192.0.2.1.",
                "192.0.2.256",
                "192.0.2.01",
                "1921.0.2.1",
                "0x7f.1.1.1",
                ":",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "1:2:3:4:5:6:7::8",
                "12345::",
                "fe80::1%1",
                "g::",
                "::192.0.2",
                "1:2:3:4:5:6:7:192.0.2.1",
                "192.0.2.1::",
                "1:",
                ":1",
                "\uff11::"
            })
    void rejectsInvalidAddresses(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0, 24, 192.0.2.255, true",
        "192.0.2.0, 24, 192.0.3.0, false",
        "192.0.2.1, 32, 192.0.2.1, true",
        "192.0.2.1, 32, 192.0.2.0, false",
        "192.0.2.1, 0, 203.0.113.1, true",
        "192.0.2.1, 0, 2001:db8::1, false",
        "2001:db8::, 0, 192.0.2.1, false",
        "2001:db8::, 0, ffff::, true",
        "2001:db8::, 32, 2001:db8:ffff::, true",
        "2001:db8::, 32, 2001:db9::, false",
        "2001:db8::, 64, 2001:db8::ffff:0:0:1, true",
        "2001:db8::, 65, 2001:db8::8000:0:0:1, false",
        "2001:db8::1, 128, 2001:db8::1, true",
        "2001:db8::1, 127, 2001:db8::2, false",
        "2001:db8::1, 128, 2001:db8::2, false"
    })
    void containsAddressesWithPrefix(String network, int prefix, String address, boolean in) {
        IpNetwork tested = new IpNetwork(IpAddress.parse(network).orElseThrow(), prefix);
        assertThat(tested.contains(IpAddress.parse(address).orElseThrow())).isEqualTo(in);
    }

    @Property
    void matchesJdk(@ForAll long high, @ForAll long low, @ForAll byte zeroGroups) throws UnknownHostException {
        long keptHigh = (zeroGroups & 1) == 0 ? high : high & 0xffff_0000_0000_ffffL;
        long keptLow = (zeroGroups & 2) == 0 ? low : low & 0x0000_0000_ffff_0000L;
        IpAddress address = new IpAddress(false, keptHigh, keptLow);
        assertThat(IpAddress.of(InetAddress.getByName(address.toString())).toString())
                .isEqualTo(address.toString());
        assertThat(IpAddress.parse(address.toString()))
                .contains(IpAddress.of(InetAddress.getByName(address.toString())));
        IpAddress ip4 = new IpAddress(true, 0, low & 0xffff_ffffL);
        assertThat(IpAddress.of(InetAddress.getByName(ip4.toString()))).isEqualTo(ip4);
        assertThat(IpAddress.parse(ip4.toString())).contains(ip4);
    }
}

package org.senderauth.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressesTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1",
        "::, 0:0:0:0:0:0:0:0",
        "::1, 0:0:0:0:0:0:0:1",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "2001:DB8:0:0:0:0:0:A, 2001:db8:0:0:0:0:0:a",
        "64:ff9b::192.0.2.1, 64:ff9b:0:0:0:0:c000:201",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::ffff:c000:201, 192.0.2.1",
    })
    void parsesAddress(String text, String address) {
        assertThat(IpAddresses.parse(text)).map(InetAddress::getHostAddress).hasValue(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                ":",
                "::1::",
                ":::",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.4.",
                "0x7f.0.0.1",
                "2130706433",
                "localhost",
                "2001:db8::00001",
                "2001:db8::+1",
                "fe80::1%lo",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "[::1]",
                " ::1"
            })
    void rejectsInvalidAddress(String text) {
        assertThat(IpAddresses.parse(text)).isEmpty();
    }

    @Property
    void parsesAnyTextWithoutException(@ForAll @Chars({'0', '1', 'f', ':', '.', '%', '+', '['}) String text) {
        assertThat(IpAddresses.parse(text)).isNotNull();
    }

    @Property
    void parsesWhatJdkFormats(@ForAll @Size(16) byte[] octets) throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(octets);
        assertThat(IpAddresses.parse(address.getHostAddress())).hasValue(address);
    }

    @Test
    void unmapsAddressWithScope() throws UnknownHostException {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, (byte) 192, 0, 2, 1};
        InetAddress scoped = Inet6Address.getByAddress(null, mapped, 1);
        assertThat(IpAddresses.unmapped(scoped).getHostAddress()).isEqualTo("192.0.2.1");
    }
}

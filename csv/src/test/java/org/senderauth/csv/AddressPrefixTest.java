package org.senderauth.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.senderauth.dns.DomainNames;
import org.senderauth.dns.IpAddresses;
import org.xbill.DNS.APLRecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

class AddressPrefixTest {

    @ParameterizedTest
    @CsvSource({
        // the draft's example
        "192.168.39.1, true",
        "192.168.38.5, false",
        "192.168.38.15, false",
        "192.168.38.16, true",
        "192.168.32.0, true",
        "192.168.39.255, true",
        "192.168.40.0, false",
        "192.168.31.255, false",
        "2001:db8::1, false",
    })
    void listsAddressInPrefixOutsideNegatedOnes(String address, boolean listed) {
        List<AddressPrefix> list = Stream.of("192.168.32.0/21", "!192.168.38.0/28")
                .map(text -> AddressPrefix.parse(text).orElseThrow())
                .toList();
        List<AddressPrefix> reversed = new java.util.ArrayList<>(list);
        Collections.reverse(reversed);
        InetAddress client = IpAddresses.parse(address).orElseThrow();
        assertThat(AddressPrefix.listed(list, client)).isEqualTo(listed);
        assertThat(AddressPrefix.listed(reversed, client)).isEqualTo(listed);
    }

    @Test
    void prefixContainsNoAddressOfOtherFamily() {
        InetAddress ipv4 = IpAddresses.parse("192.0.2.1").orElseThrow();
        InetAddress ipv6 = IpAddresses.parse("2001:db8::1").orElseThrow();
        assertThat(AddressPrefix.parse("0.0.0.0/0").orElseThrow().contains(ipv6))
                .isFalse();
        assertThat(AddressPrefix.parse("::/0").orElseThrow().contains(ipv4)).isFalse();
        assertThat(AddressPrefix.parse("::/0").orElseThrow().contains(ipv6)).isTrue();
    }

    @Test
    void itemsOfOtherFamiliesArePassedOver() {
        // family 3, prefix 8, one octet; then family 1, prefix 8, one octet
        byte[] rdata = {0, 3, 8, 1, 10, 0, 1, 8, 1, 10};
        Record record = Record.newRecord(DomainNames.of("a.example"), Type.APL, DClass.IN, 60, rdata.length, rdata);
        assertThat(AddressPrefix.in((APLRecord) record))
                .map(AddressPrefix::toString)
                .containsExactly("1:10.0.0.0/8");
    }

    @Test
    void negatedPrefixesAloneListNothing() {
        assertThat(AddressPrefix.listed(
                        List.of(AddressPrefix.parse("!192.0.2.0/24").orElseThrow()),
                        IpAddresses.parse("198.51.100.1").orElseThrow()))
                .isFalse();
    }

    @Property
    void prefixContainsAddressesWithItsLeadingBits(
            @ForAll @Size(16) byte[] network, @ForAll @Size(16) byte[] client, @ForAll @IntRange(max = 128) int length)
            throws UnknownHostException {
        network[0] |= 0x20; // not an IPv4-mapped address
        client[0] |= 0x20;
        // half of the clients share the network's first octets, so that long prefixes are met
        for (int i = 0; i < (client[15] & 0x0F); i++) {
            client[i] = network[i];
        }
        AddressPrefix prefix = new AddressPrefix(false, InetAddress.getByAddress(network), length);
        boolean same = new BigInteger(1, network)
                .shiftRight(128 - length)
                .equals(new BigInteger(1, client).shiftRight(128 - length));
        assertThat(prefix.contains(InetAddress.getByAddress(client))).isEqualTo(same);
        assertThat(prefix.contains(InetAddress.getByAddress(network))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 1:192.0.2.0/24",
        "!192.0.2.0/0, !1:192.0.2.0/0",
        "192.0.2.1, 1:192.0.2.1/32",
        "192.0.2.1/32, 1:192.0.2.1/32",
        "2001:db8::/128, 2:2001:db8:0:0:0:0:0:0/128",
        "2001:db8::1, 2:2001:db8:0:0:0:0:0:1/128",
    })
    void prefixesAreReadAndWritten(String text, String written) {
        assertThat(AddressPrefix.parse(text)).map(AddressPrefix::toString).hasValue(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "!", "/8", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/1/2", "a/8", "::/129"})
    void rejectsTextThatIsNotAPrefix(String text) {
        assertThat(AddressPrefix.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 33})
    void rejectsLengthBeyondAddress(int length) {
        InetAddress address = IpAddresses.parse("192.0.2.0").orElseThrow();
        assertThatThrownBy(() -> new AddressPrefix(false, address, length))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

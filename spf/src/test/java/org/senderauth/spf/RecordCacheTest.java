package org.senderauth.spf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.senderauth.dns.DomainNames;
import org.xbill.DNS.DClass;
import org.xbill.DNS.TXTRecord;

class RecordCacheTest {

    private static TXTRecord txt(String... strings) {
        return new TXTRecord(DomainNames.of("example.org"), DClass.IN, 60, List.of(strings));
    }

    private static RecordOctets key(String... strings) {
        return new RecordOctets(txt(strings));
    }

    @Test
    void recordIsReadOnceHoweverOftenItComes() {
        RecordCache cache = new RecordCache();
        PreparedRecord first = cache.read(txt("v=spf1 mx -all"));
        assertThat(cache.read(txt("v=spf1 mx -all"))).isSameAs(first);
        assertThat(cache.read(txt("v=spf1 mx ~all")).parse().text()).isEqualTo("v=spf1 mx ~all");
    }

    @Test
    void sameOctetsAreTheSameKey() {
        assertThat(key("v=spf1 ip4:192.0.2.1", " -all")).isEqualTo(key("v=spf1 ip4:192.0.2.1", " -all"));
        assertThat(key("v=spf1 ip4:192.0.2.1", " -all")).hasSameHashCodeAs(key("v=spf1 ip4:192.0.2.1", " -all"));
        assertThat(key("v=spf1 -all")).isEqualByComparingTo(key("v=spf1 -all"));
    }

    @Test
    void everyOctetCounts() {
        String text = "v=spf1 ip4:192.0.2.77 -all";
        RecordOctets key = key(text);
        for (int i = 0; i < text.length(); i++) {
            RecordOctets other = key(text.substring(0, i) + "~" + text.substring(i + 1));
            assertThat(other).as("octet %d", i).isNotEqualTo(key).doesNotHaveSameHashCodeAs(key);
            assertThat(key.compareTo(other)).isNegative();
            assertThat(other.compareTo(key)).isPositive();
        }
    }

    @Test
    void recordsThatAreSplitDifferentlyAreDifferentKeysInOrder() {
        RecordOctets one = key("v=spf1 -all");
        RecordOctets two = key("v=spf1 ", "-all");
        assertThat(one).isNotEqualTo(two).isNotEqualTo("v=spf1 -all");
        assertThat(one.compareTo(two)).isNegative();
        assertThat(two.compareTo(one)).isPositive();
        assertThat(two.compareTo(key("v=spf1 ", "?all"))).isNegative();
    }
}
